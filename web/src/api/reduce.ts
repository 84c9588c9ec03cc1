// The live state is a function of the events received: a snapshot replaces
// everything, deltas change what they name, an older fix never moves a unit.
import type { CoverageBar, LiveUnit, Meters, Shift } from './types';

export interface LiveState {
  ready: boolean; // a snapshot has arrived
  units: ReadonlyMap<string, LiveUnit>;
  coverage: CoverageBar | null;
  meters: Meters | null;
  presence: Uint8Array | null; // by segment, kept up to date; null: not known
  streets: string; // version of the graph that presence belongs to
  shift: Shift | null;
  planVersion: number; // counts plan events, so that views load again
  shiftVersion: number; // counts shift changes
  serverTime: number;
}

export const noLive: LiveState = {
  ready: false,
  units: new Map(),
  coverage: null,
  meters: null,
  presence: null,
  streets: '',
  shift: null,
  planVersion: 0,
  shiftVersion: 0,
  serverTime: 0,
};

export type LiveChange =
  | {
      type: 'snapshot';
      units: LiveUnit[];
      coverage: CoverageBar | null;
      meters: Meters | null;
      presence: Uint8Array | null;
      streets: string;
      shift: Shift | null;
      serverTime: number;
    }
  | { type: 'units'; units: LiveUnit[]; serverTime: number }
  | {
      type: 'coverage';
      coverage: CoverageBar;
      meters: Meters | null;
      changes: readonly (readonly [number, number])[];
    }
  | { type: 'plan' }
  | { type: 'shift' };

/** older tells whether b's position is older than a's: fixes only go forward. */
function older(a: LiveUnit | undefined, b: LiveUnit): a is LiveUnit {
  return a !== undefined && a.at !== null && (b.at === null || b.at < a.at);
}

function place(u: LiveUnit) {
  return { lon: u.lon, lat: u.lat, at: u.at, speed: u.speed, course: u.course, street: u.street };
}

function changed(old: Uint8Array | null, changes: readonly (readonly [number, number])[]): Uint8Array | null {
  if (!old || changes.length === 0) return old;
  const next = old.slice();
  for (const [i, state] of changes) if (i >= 0 && i < next.length) next[i] = state;
  return next;
}

export function reduce(s: LiveState, e: LiveChange): LiveState {
  switch (e.type) {
    case 'snapshot':
      return {
        ...s,
        ready: true,
        units: new Map(e.units.map((u) => [u.id, u])),
        coverage: e.coverage,
        meters: e.meters,
        presence: e.presence,
        streets: e.streets,
        shift: e.shift,
        serverTime: e.serverTime,
      };
    case 'units': {
      const units = new Map(s.units);
      for (const u of e.units) {
        const old = units.get(u.id);
        units.set(u.id, older(old, u) ? { ...u, ...place(old) } : u);
      }
      return { ...s, units, serverTime: Math.max(s.serverTime, e.serverTime) };
    }
    case 'coverage':
      return {
        ...s,
        coverage: e.coverage,
        meters: e.meters ?? s.meters,
        presence: changed(s.presence, e.changes),
      };
    case 'plan':
      return { ...s, planVersion: s.planVersion + 1 };
    case 'shift':
      return { ...s, shiftVersion: s.shiftVersion + 1 };
  }
}
