// From the service's things to shapes on the map.
import type { GeoFeature } from '../api/endpoints';
import type { Sketch } from '../api/planning';
import type { HotCell, Plan } from '../api/types';
import {
  type Bounds,
  latOf,
  lonOf,
  middle,
  type Path,
  path,
  pathsOf,
  pointsOf,
  worldX,
  worldY,
} from '../map/geo';
import { hues } from '../map/palette';
import type { Cell, Police, Round, RoundStop, Streets } from '../map/scene';

/** Limits of the five classes: rounded values, so that the legend can print them. */
export function heatLimits(cells: readonly HotCell[]): number[] {
  const top = cells.reduce((m, c) => Math.max(m, c.expected), 0);
  if (top <= 0) return [0, 0, 0, 0, 0];
  return [0, 0.06, 0.15, 0.32, 0.6].map((share) => nice(share * top));
}

const steps = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** nice rounds down to a number that people say. */
function nice(x: number): number {
  if (x <= 0) return 0;
  const unit = 10 ** Math.floor(Math.log10(x));
  const m = x / unit;
  return steps.filter((s) => s <= m + 1e-9).reduce((a, b) => Math.max(a, b), 1) * unit;
}

export function levelOf(expected: number, limits: readonly number[]): number {
  let level = 0;
  for (let i = 1; i < limits.length; i++) if (expected >= limits[i]) level = i;
  return level;
}

export function cellShapes(cells: readonly HotCell[]): Cell[] {
  const limits = heatLimits(cells);
  return cells.map((c) => ({
    id: c.id,
    ring: path(c.ring),
    rank: c.rank,
    level: levelOf(c.expected, limits),
  }));
}

export function cellBounds(c: HotCell): Bounds {
  const p = path(c.ring);
  return [lonOf(p.minX), latOf(p.maxY), lonOf(p.maxX), latOf(p.minY)];
}

export function policeShapes(features: readonly GeoFeature[]): Police[] {
  return features.map((f) => {
    const kind = (f.properties.kind ?? 'round') as Police['kind'];
    const at = pointsOf(f.geometry)[0];
    return {
      kind,
      name: String(f.properties.name ?? ''),
      trust: Math.max(0.2, Math.min(1, Number(f.properties.trust ?? 0.5))),
      paths: pathsOf(f.geometry),
      at: at ? { x: worldX(at[0]), y: worldY(at[1]) } : null,
    };
  });
}

const drawn = new WeakMap<Plan, Round[]>();

/** roundShapes gives each round its hue and its label's place; the same plan gives the same shapes. */
export function roundShapes(plan: Plan): Round[] {
  const old = drawn.get(plan);
  if (old) return old;
  const rounds = plan.rounds.map((r) => {
    const work: Path[] = [];
    const again: Path[] = [];
    const transfer: Path[] = [];
    const stops: RoundStop[] = [];
    for (const l of r.legs) {
      if (l.line) {
        const to = l.kind === 'deadhead' ? transfer : l.kind === 'service' ? work : again;
        to.push(...l.line.map(path));
      }
      if (l.kind === 'stop' && l.point) {
        stops.push({ x: worldX(l.point[0]), y: worldY(l.point[1]), label: String(stops.length + 1) });
      }
    }
    return { number: r.number, hue: 1, work, again, transfer, stops, centre: centreOf(work, r.base) };
  });
  const hue = hues(rounds.map((r) => r.centre));
  const out = rounds.map((r, i) => ({ ...r, hue: hue[i] }));
  drawn.set(plan, out);
  return out;
}

/**
 * sketchShapes are the rounds that a calculation has so far; a round keeps its
 * hue while they change.
 */
export function sketchShapes(rounds: readonly Sketch[], streets: Streets): Round[] {
  const at = new Map(streets.ids.map((id, i) => [id, i]));
  return rounds.map((r) => {
    const work: Path[] = [];
    for (const id of r.segments) {
      const i = at.get(id);
      if (i !== undefined) work.push(streets.paths[i]);
    }
    return {
      number: r.number,
      hue: ((r.number - 1) % 16) + 1,
      work,
      again: [],
      transfer: [],
      stops: [],
      centre: centreOf(work, null),
    };
  });
}

/** centreOf is a point on the round's longest-served neighbourhood: the median of its middles. */
function centreOf(work: Round['work'], base: readonly number[] | null): { x: number; y: number } {
  if (work.length === 0) return base ? { x: worldX(base[0]), y: worldY(base[1]) } : { x: 0.5, y: 0.5 };
  const mids = work.map(middle);
  const xs = mids.map((m) => m.x).sort((a, b) => a - b);
  const ys = mids.map((m) => m.y).sort((a, b) => a - b);
  const mx = xs[xs.length >> 1];
  const my = ys[ys.length >> 1];
  let best = mids[0];
  for (const m of mids) if (Math.hypot(m.x - mx, m.y - my) < Math.hypot(best.x - mx, best.y - my)) best = m;
  return { x: best.x, y: best.y };
}
