// The live channel of the shown district as signals. Messages are folded into
// one change a frame, so that 200 units cost one redraw.
import { batch, computed, signal } from '@preact/signals';
import { eventOf } from '../api/devices';
import { follow, type LiveEvent } from '../api/live';
import { type LiveChange, type LiveState, noLive, reduce } from '../api/reduce';
import type { LiveUnit, Trouble } from '../api/types';
import { liveChange, liveTypes, troubleOf } from '../api/wire';
import { t, tk } from '../i18n';
import type { UnitMark, UnitState } from '../map/scene';
import { notify } from '../ui/notice';
import { Pace } from './pace';
import { now, reloadDistrict, setNow } from './session';

export const live = signal<LiveState>(noLive);
/** told is live for what is read rather than watched: lists and figures. It changes at most twice a second. */
export const told = signal<LiveState>(noLive);
// What changes rarely, so that who needs no more is not called for every position.
export const liveReady = computed(() => live.value.ready);
export const liveShift = computed(() => live.value.shift);
export const planVersion = computed(() => live.value.planVersion);
export const connected = signal(false);
/** lostAt is when the connection broke, in ms; 0 while it stands. */
export const lostAt = signal(0);
export const lastEvent = signal(0);
/** trouble is what keeps the service from storing positions; null: nothing that is known. */
export const trouble = signal<Trouble | null>(null);
/** jobEvents carries job messages to whoever shows a job. */
export const jobEvent = signal<unknown>(null);

let stop: (() => void) | null = null;
let watched = '';
let waiting: LiveChange[] = [];
let frame = 0;

const telling = new Pace(500, () => {
  told.value = live.value;
});

function flush(): void {
  frame = 0;
  const changes = waiting;
  waiting = [];
  batch(() => {
    live.value = changes.reduce(reduce, live.value);
    lastEvent.value = Date.now();
    telling.ask();
  });
}

function onEvent(e: LiveEvent): void {
  if (e.type === 'job') {
    jobEvent.value = e.data;
    return;
  }
  if (e.type === 'service') {
    trouble.value = troubleOf(e.data);
    return;
  }
  if (e.type === 'events') {
    tellEvents(e.data);
    return;
  }
  const change = liveChange(e);
  if (!change) return;
  if (change.type === 'snapshot' && change.serverTime) setNow(change.serverTime);
  if (change.type === 'shift') void reloadDistrict().catch(() => {});
  waiting.push(change);
  // A hidden tab has no frames: fold by a timer there.
  if (!frame) {
    frame = document.hidden ? (setTimeout(flush, 500) as unknown as number) : requestAnimationFrame(flush);
  }
}

/** tellEvents says aloud what should be seen at once; everything is listed under Ajustes. */
function tellEvents(data: unknown): void {
  const d = data as { events?: unknown[]; alert?: boolean };
  if (!d.alert) return;
  for (const e of (d.events ?? []).map(eventOf)) {
    const unit = live.value.units.get(e.unit)?.callSign || e.unit;
    notify(t('ev.now', { unit, what: tk('ev.kind', e.kind) }));
  }
}

/** watch follows a district; watching the same again does nothing. */
export function watch(ubigeo: string): void {
  if (watched === ubigeo) return;
  unwatch();
  watched = ubigeo;
  stop = follow({
    url: `/api/v1/d/${ubigeo}/live`,
    types: liveTypes,
    onEvent,
    onState: (open) => {
      connected.value = open;
      trouble.value = null; // it is told again while it lasts
      if (open) lostAt.value = 0;
      else if (!lostAt.value) lostAt.value = now();
    },
  });
}

export function unwatch(): void {
  stop?.();
  stop = null;
  watched = '';
  waiting = [];
  live.value = noLive;
  telling.force();
  connected.value = false;
  trouble.value = null;
  lostAt.value = 0;
}

/** stateOf is the state of a unit as shape, colour and word. */
export function stateOf(u: LiveUnit): UnitState {
  if (u.link === 'offline') return 'offline';
  if (u.link === 'stale') return 'silent';
  if (u.motion === 'stopped') return u.stop?.planned ? 'planned_stop' : 'stopped';
  if (u.motion === 'transit') return 'transit';
  return 'patrol';
}

const callSigns = new Intl.Collator('es', { numeric: true }); // one: to make it takes longer than to compare

const order: Record<UnitState, number> = {
  alert: 0,
  silent: 1,
  stopped: 2,
  planned_stop: 3,
  transit: 4,
  patrol: 5,
  offline: 6,
};

/** inOrder sorts a list: alert, silent, stopped, transit, patrol, off line; then by call sign. */
export function inOrder(units: Iterable<LiveUnit>): LiveUnit[] {
  return [...units].sort(
    (a, b) => order[stateOf(a)] - order[stateOf(b)] || callSigns.compare(a.callSign, b.callSign),
  );
}

export const marks = computed<UnitMark[]>(() => {
  const out: UnitMark[] = [];
  for (const u of live.value.units.values()) {
    if (u.lon === null || u.lat === null) continue;
    out.push({
      id: u.id,
      label: u.callSign,
      lon: u.lon,
      lat: u.lat,
      heading: u.course,
      state: stateOf(u),
      at: u.at ?? 0,
    });
  }
  return out;
});
