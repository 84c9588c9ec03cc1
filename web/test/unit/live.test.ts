import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow, type LiveEvent, pause, type Source } from '../../src/api/live';
import { type LiveState, noLive, reduce } from '../../src/api/reduce';
import type { CoverageBar, LiveUnit } from '../../src/api/types';
import { liveChange, liveTypes, troubleOf, unitOf } from '../../src/api/wire';

const unit = (id: string, at: string | null, lon = -79): LiveUnit =>
  unitOf({
    id,
    call_sign: id,
    mode: 'car',
    lon,
    lat: -8,
    at,
    link: 'online',
    motion: 'patrol',
    street: `calle ${lon}`,
  });

const bar = { totalKm: 1 } as CoverageBar;

const snapshot = (units: LiveUnit[], presence: number[] = []) =>
  reduce(noLive, {
    type: 'snapshot',
    units,
    coverage: bar,
    meters: null,
    presence: Uint8Array.from(presence),
    streets: '1',
    shift: null,
    serverTime: 5,
  });

test('a snapshot replaces everything', () => {
  let s = snapshot([unit('A', '2026-11-21T22:00:00Z'), unit('B', null)]);
  s = reduce(
    { ...s },
    {
      type: 'snapshot',
      units: [unit('C', null)],
      coverage: null,
      meters: null,
      presence: null,
      streets: '2',
      shift: null,
      serverTime: 9,
    },
  );
  assert.deepEqual([...s.units.keys()], ['C']);
  assert.equal(s.coverage, null);
  assert.equal(s.presence, null);
  assert.equal(s.streets, '2');
});

test('a delta changes only the units it names', () => {
  let s = snapshot([unit('A', '2026-11-21T22:00:00Z'), unit('B', '2026-11-21T22:00:00Z')]);
  const b = s.units.get('B');
  s = reduce(s, { type: 'units', units: [unit('A', '2026-11-21T22:00:10Z', -79.5)], serverTime: 6 });
  assert.equal(s.units.get('A')?.lon, -79.5);
  assert.equal(s.units.get('B'), b);
});

test('an older fix never moves a unit, but its words count', () => {
  let s = snapshot([unit('A', '2026-11-21T22:00:10Z', -79)]);
  s = reduce(s, {
    type: 'units',
    units: [{ ...unit('A', '2026-11-21T22:00:00Z', -70), link: 'stale' }],
    serverTime: 6,
  });
  assert.equal(s.units.get('A')?.lon, -79);
  assert.equal(s.units.get('A')?.street, 'calle -79');
  assert.equal(s.units.get('A')?.link, 'stale');
});

test('coverage changes touch the named streets and leave old arrays alone', () => {
  const s = snapshot([], [0, 0, 2, 5]);
  const before = s.presence;
  const next = reduce(s, {
    type: 'coverage',
    coverage: bar,
    meters: null,
    changes: [
      [0, 1],
      [2, 3],
      [99, 1],
    ],
  });
  assert.deepEqual([...(next.presence ?? [])], [1, 0, 3, 5]);
  assert.deepEqual([...(before ?? [])], [0, 0, 2, 5]);
});

test('plan and shift events count, so that views load again', () => {
  let s: LiveState = reduce(noLive, { type: 'plan' });
  s = reduce(s, { type: 'shift' });
  assert.equal(s.planVersion, 1);
  assert.equal(s.shiftVersion, 1);
});

test('what is null in an event stays unknown', () => {
  const e: LiveEvent = {
    type: 'units',
    id: '1',
    data: {
      units: [{ id: 'A', call_sign: 'A', lon: null, lat: null, speed_kmh: null, km_missing: null, at: null }],
    },
  };
  const change = liveChange(e);
  assert.ok(change?.type === 'units');
  const u = change.units[0];
  assert.equal(u.lon, null);
  assert.equal(u.speed, null);
  assert.equal(u.kmMissing, null);
  assert.equal(u.link, 'offline');
});

test('an event of an unknown kind is passed over', () => {
  assert.equal(liveChange({ type: 'novelty', id: '', data: {} }), null);
});

class FakeSource implements Source {
  onopen: ((e: Event) => void) | null = null;
  onerror: ((e: Event) => void) | null = null;
  readyState = 0;
  listeners = new Map<string, (e: MessageEvent) => void>();
  closed = false;
  addEventListener(type: string, f: (e: MessageEvent) => void) {
    this.listeners.set(type, f);
  }
  close() {
    this.closed = true;
  }
}

function channel() {
  const sources: FakeSource[] = [];
  const waits: number[] = [];
  const queue: (() => void)[] = [];
  const events: LiveEvent[] = [];
  const states: boolean[] = [];
  const stop = follow({
    url: '/live',
    types: ['units'],
    onEvent: (e) => events.push(e),
    onState: (open) => states.push(open),
    open: () => {
      const s = new FakeSource();
      sources.push(s);
      return s;
    },
    later: (f, ms) => {
      waits.push(ms);
      queue.push(f);
    },
    random: () => 0,
  });
  return { sources, waits, queue, events, states, stop };
}

test('the browser reconnects by itself; we wait', () => {
  const c = channel();
  c.sources[0].onopen?.(new Event('open'));
  c.sources[0].readyState = 0; // connecting again
  c.sources[0].onerror?.(new Event('error'));
  assert.equal(c.sources.length, 1);
  assert.deepEqual(c.states, [true, false]);
});

test('when the browser gives up we try again, slower each time, and quickly after a success', () => {
  const c = channel();
  for (let i = 0; i < 3; i++) {
    const s = c.sources[c.sources.length - 1];
    s.readyState = 2;
    s.onerror?.(new Event('error'));
    assert.ok(s.closed);
    c.queue.shift()?.();
  }
  assert.deepEqual(c.waits, [500, 1000, 2000]);
  c.sources[3].onopen?.(new Event('open'));
  c.sources[3].readyState = 2;
  c.sources[3].onerror?.(new Event('error'));
  assert.equal(c.waits[3], 500);
});

test('half a message is passed over, and nothing arrives after the end', () => {
  const c = channel();
  const send = c.sources[0].listeners.get('units');
  send?.({ data: '{"units":', lastEventId: '1' } as MessageEvent);
  send?.({ data: '{"units":[]}', lastEventId: '2' } as MessageEvent);
  assert.deepEqual(
    c.events.map((e) => e.id),
    ['2'],
  );
  c.stop();
  assert.ok(c.sources[0].closed);
  send?.({ data: '{}', lastEventId: '3' } as MessageEvent);
  assert.equal(c.events.length, 1);
});

test('a stopped channel does not come back', () => {
  const c = channel();
  c.sources[0].readyState = 2;
  c.sources[0].onerror?.(new Event('error'));
  c.stop();
  c.queue.shift()?.();
  assert.equal(c.sources.length, 1);
});

test('pauses grow to 15 s and never beyond a fifth more', () => {
  assert.equal(pause(0), 500);
  assert.equal(pause(20), 15_000);
  assert.ok(pause(20, 0.999) <= 18_000);
});

test('what is wrong with the service is read from its events', () => {
  assert.ok((liveTypes as readonly string[]).includes('service'));
  const since = '2026-11-21T22:00:00Z';
  assert.deepEqual(troubleOf({ state: 'disk_full', since }), { what: 'disk_full', since: Date.parse(since) });
  assert.deepEqual(troubleOf({ state: 'no_store', since }), { what: 'no_store', since: Date.parse(since) });
  // A word of a later service is trouble too.
  assert.deepEqual(troubleOf({ state: 'melting', since: 'x' }), { what: 'no_store', since: 0 });
  for (const fine of [{ state: 'ok', since: '0001-01-01T00:00:00Z' }, {}, null]) {
    assert.equal(troubleOf(fine), null);
  }
});

test('the ignition is on, off or not told', () => {
  assert.equal(unitOf({ id: 'C01', ignition: true }).ignition, true);
  assert.equal(unitOf({ id: 'C01', ignition: false }).ignition, false);
  assert.equal(unitOf({ id: 'C01', ignition: null }).ignition, null);
  assert.equal(unitOf({ id: 'C01' }).ignition, null);
});
