// Replay of a shift: what the map shows instead of the present.
import { computed, signal } from '@preact/signals';
import type { Period, Track } from '../api/tracks';
import { latOf, lonOf } from '../map/geo';
import type { Shown } from '../map/paint_tracks';
import type { UnitMark, UnitState } from '../map/scene';
import { liveShift, told } from './live';
import { now } from './session';

/** viewing is the instant shown, in ms; 0: the present. */
export const viewing = signal(0);
/** rate is how fast replay runs; 0: it stands. */
export const rate = signal(0);
export const replayed = signal<Track[]>([]);
/** isViewing changes only when replay begins or ends. */
export const isViewing = computed(() => viewing.value > 0);
export const rates = [1, 8, 30] as const;

/** shiftPeriod is the whole shift shown now; without one, the last eight hours. */
export const shiftPeriod = computed<Period>(() => {
  const s = liveShift.value;
  return s ? { from: s.start, to: s.end } : { from: now() - 8 * 3600_000, to: now() };
});

/** behind finds the last point of a track at or before an instant; -1: none. */
export function behind(t: Track, at: number): number {
  let lo = 0;
  let hi = t.at.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (t.at[mid] <= at) lo = mid + 1;
    else hi = mid;
  }
  return lo - 1;
}

const silentAfter = 5 * 60_000;

/** where a unit was at an instant; null: nobody knows. */
export function placeAt(
  t: Track,
  at: number,
): { x: number; y: number; heading: number | null; kmh: number | null; age: number } | null {
  const i = behind(t, at);
  if (i < 0) return null;
  const next = i + 1;
  if (next >= t.at.length || t.gap[next])
    return { x: t.x[i], y: t.y[i], heading: null, kmh: null, age: at - t.at[i] };
  const part = (at - t.at[i]) / (t.at[next] - t.at[i]);
  const dx = t.x[next] - t.x[i];
  const dy = t.y[next] - t.y[i];
  const y = t.y[i] + dy * part;
  // A world unit is the equator's length, shortened towards the poles.
  const metres = Math.hypot(dx, dy) * 40_075_017 * Math.cos((latOf(y) * Math.PI) / 180);
  const kmh = (metres / (t.at[next] - t.at[i])) * 3600;
  return {
    x: t.x[i] + dx * part,
    y,
    heading: metres > 5 ? (Math.atan2(dx, -dy) * 180) / Math.PI : null,
    kmh,
    age: 0,
  };
}

function stateAt(kmh: number | null, age: number): UnitState {
  if (age > silentAfter) return 'silent';
  if (kmh === null || kmh < 5) return 'stopped';
  return kmh > 30 ? 'transit' : 'patrol';
}

/** marksAt are the units as they were at an instant. */
export function marksAt(at: number): UnitMark[] {
  const out: UnitMark[] = [];
  for (const t of replayed.value) {
    const p = placeAt(t, at);
    if (!p) continue;
    out.push({
      id: t.unit,
      label: told.peek().units.get(t.unit)?.callSign || t.unit,
      lon: lonOf(p.x),
      lat: latOf(p.y),
      heading: p.heading,
      state: stateAt(p.kmh, p.age),
      at: at - p.age,
    });
  }
  return out;
}

/** silences are the times of a period in which no unit is known, for the bar. */
export function silences(tracks: readonly Track[], p: Period): Period[] {
  const heard: Period[] = [];
  for (const t of tracks) {
    let start = -1;
    for (let i = 0; i < t.at.length; i++) {
      if (start < 0 || t.gap[i]) {
        if (start >= 0) heard.push({ from: t.at[start], to: t.at[i - 1] });
        start = i;
      }
    }
    if (start >= 0) heard.push({ from: t.at[start], to: t.at[t.at.length - 1] });
  }
  heard.sort((a, b) => a.from - b.from);
  const out: Period[] = [];
  let until = p.from;
  for (const h of heard) {
    if (h.from > until + silentAfter) out.push({ from: until, to: Math.min(h.from, p.to) });
    until = Math.max(until, h.to);
  }
  if (p.to > until + silentAfter) out.push({ from: until, to: p.to });
  return out;
}

/** pastOf gives what is drawn of the tracks at an instant: all of the chosen one's, ten minutes of the others'. */
export function pastOf(tracks: readonly Track[], at: number, chosen: string): Shown[] {
  const out: Shown[] = [];
  for (const track of tracks) {
    const to = behind(track, at);
    const strong = track.unit === chosen;
    const from = strong ? 0 : Math.max(0, behind(track, at - 10 * 60_000));
    if (to > from) out.push({ track, from, to, strong });
  }
  return out;
}
