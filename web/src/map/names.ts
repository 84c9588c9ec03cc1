// Street names, placed by us: tiles hold one block at a time, too short for a
// name. Blocks of one name are joined into long lines; a name sits on a
// straight part and keeps its distance from others.
import type { Frame } from './frame';
import { type Path, path as project } from './geo';
import type { Palette } from './palette';
import { overlap } from './patch';
import type { Streets } from './scene';

interface NamedLine {
  text: string;
  rank: number; // smaller is more important
  path: Path;
}

const joined = new WeakMap<Streets, NamedLine[]>();

const shorter: [RegExp, string][] = [
  [/^Avenida\b/i, 'Av.'],
  [/^Avinguda\b/i, 'Av.'],
  [/^Jir[óo]n\b/i, 'Jr.'],
  [/^Calle\b/i, 'Ca.'],
  [/^Carrer\b/i, 'C.'],
  [/^Pasaje\b/i, 'Psje.'],
  [/^Prolongaci[óo]n\b/i, 'Prol.'],
  [/^Carretera\b/i, 'Carr.'],
  [/\bAvenida\b/i, 'Av.'],
  [/\bCalle\b/i, 'Ca.'],
];

/** shortName abbreviates the kind of street as Peruvian maps do. */
export function shortName(name: string): string {
  return shorter.reduce((s, [long, short]) => s.replace(long, short), name);
}

const ranks: Record<string, number> = {
  motorway: 0,
  trunk: 0,
  primary: 1,
  secondary: 2,
  tertiary: 3,
  unclassified: 5,
  residential: 6,
};

const rankOf = (cls: string): number => ranks[cls.replace(/_link$/, '')] ?? 7;

/** joinByName chains paths of one name that touch end to end. */
export function joinByName(streets: Streets): NamedLine[] {
  const byName = new Map<string, { rank: number; lines: Path[] }>();
  streets.paths.forEach((p, i) => {
    const name = streets.names[i];
    if (!name || /^calle (entre|sin)/.test(name) || name.length > 40) return;
    const rank = rankOf(streets.classes[i] ?? '');
    const group = byName.get(name) ?? { rank, lines: [] };
    group.rank = Math.min(group.rank, rank);
    group.lines.push(p);
    byName.set(name, group);
  });
  const out: NamedLine[] = [];
  for (const [name, g] of byName) {
    const text = shortName(name);
    for (const chain of chains(g.lines)) out.push({ text, rank: g.rank, path: chain });
  }
  return out.sort((a, b) => a.rank - b.rank || length(b.path) - length(a.path));
}

function length(p: Path): number {
  let l = 0;
  for (let i = 0; i + 3 < p.xy.length; i += 2)
    l += Math.hypot(p.xy[i + 2] - p.xy[i], p.xy[i + 3] - p.xy[i + 1]);
  return l;
}

function chains(lines: Path[]): Path[] {
  const key = (x: number, y: number) => `${Math.round(x * 1e9)},${Math.round(y * 1e9)}`;
  const ends = new Map<string, Path[]>();
  const add = (k: string, p: Path) => {
    const at = ends.get(k);
    if (at) at.push(p);
    else ends.set(k, [p]);
  };
  for (const p of lines) {
    add(key(p.xy[0], p.xy[1]), p);
    add(key(p.xy[p.xy.length - 2], p.xy[p.xy.length - 1]), p);
  }
  const used = new Set<Path>();
  const out: Path[] = [];
  for (const start of lines) {
    if (used.has(start)) continue;
    used.add(start);
    let pts = Array.from(start.xy);
    for (const side of [0, 1]) {
      for (;;) {
        const x = pts[pts.length - 2];
        const y = pts[pts.length - 1];
        const next = ends.get(key(x, y))?.find((p) => !used.has(p));
        if (!next) break;
        used.add(next);
        const forward = key(next.xy[0], next.xy[1]) === key(x, y);
        for (let i = 2; i < next.xy.length; i += 2) {
          const j = forward ? i : next.xy.length - 2 - i;
          pts.push(next.xy[j], next.xy[j + 1]);
        }
      }
      if (side === 0) pts = turned(pts);
    }
    out.push(fromWorld(pts));
  }
  return out;
}

function turned(pts: number[]): number[] {
  const out: number[] = [];
  for (let i = pts.length - 2; i >= 0; i -= 2) out.push(pts[i], pts[i + 1]);
  return out;
}

function fromWorld(pts: number[]): Path {
  const p = project([]);
  p.xy = Float64Array.from(pts);
  for (let i = 0; i < pts.length; i += 2) {
    p.minX = Math.min(p.minX, pts[i]);
    p.maxX = Math.max(p.maxX, pts[i]);
    p.minY = Math.min(p.minY, pts[i + 1]);
    p.maxY = Math.max(p.maxY, pts[i + 1]);
  }
  return p;
}

/** Name is a name where it stands on the canvas, in CSS pixels and radians. */
export interface Name {
  text: string;
  x: number;
  y: number;
  angle: number;
  width: number;
}

const font = '500 11px system-ui, "Segoe UI", Roboto, Arial, sans-serif';

/** placeNames finds the places of the names that fit. */
export function placeNames(f: Frame, streets: Streets): Name[] {
  if (f.zoom < 13.5) return [];
  let lines = joined.get(streets);
  if (!lines) {
    lines = joinByName(streets);
    joined.set(streets, lines);
  }
  const limit = f.zoom < 14.5 ? 3 : f.zoom < 15.5 ? 4 : 9;
  f.ctx.font = font;
  const taken = new Set<string>();
  const out: Name[] = [];
  for (const l of lines) {
    if (l.rank > limit) break;
    placeAlong(f, l, taken, out);
  }
  return out;
}

/** paintNames writes names where they were placed. */
export function paintNames(f: Frame, names: readonly Name[], p: Palette): void {
  const { ctx } = f;
  ctx.font = font;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.lineWidth = 3;
  ctx.strokeStyle = p.halo;
  ctx.fillStyle = p.label;
  for (const n of names) {
    const r = n.width / 2 + 10;
    if (overlap(f.part, { x0: n.x - r, y0: n.y - r, x1: n.x + r, y1: n.y + r })) write(f, n);
  }
}

/** placeAlong finds straight parts for a name, at most one every 480 px. */
function placeAlong(f: Frame, l: NamedLine, taken: Set<string>, out: Name[]): void {
  const { xy, minX, maxX, minY, maxY } = l.path;
  if (maxX * f.scale < f.ox || minX * f.scale > f.ox + f.width) return;
  if (maxY * f.scale < f.oy || minY * f.scale > f.oy + f.height) return;
  const width = f.ctx.measureText(l.text).width;
  if (Math.hypot(maxX - minX, maxY - minY) * f.scale < width + 12) return;
  let i = 0;
  let lastX = -1e9;
  let lastY = -1e9;
  while (i + 3 < xy.length) {
    const run = straightRun(f, xy, i);
    if (run.length > width + 8) {
      const x = (run.x0 + run.x1) / 2;
      const y = (run.y0 + run.y1) / 2;
      const inside = x > 0 && y > 0 && x < f.width && y < f.height;
      if (inside && Math.hypot(x - lastX, y - lastY) > 480 && claim(taken, run, x, y, width)) {
        out.push({ text: l.text, x, y, angle: Math.atan2(run.y1 - run.y0, run.x1 - run.x0), width });
        lastX = x;
        lastY = y;
      }
    }
    i = run.next;
  }
}

function straightRun(f: Frame, xy: Float64Array, from: number) {
  const x0 = xy[from] * f.scale - f.ox;
  const y0 = xy[from + 1] * f.scale - f.oy;
  let x1 = xy[from + 2] * f.scale - f.ox;
  let y1 = xy[from + 3] * f.scale - f.oy;
  let first = Math.atan2(y1 - y0, x1 - x0);
  let i = from + 2;
  while (i + 3 < xy.length) {
    const nx = xy[i + 2] * f.scale - f.ox;
    const ny = xy[i + 3] * f.scale - f.oy;
    if (Math.hypot(x1 - x0, y1 - y0) > 320) break;
    const turn = Math.abs(angleDiff(Math.atan2(ny - y1, nx - x1), first));
    if (turn > 0.22 && Math.hypot(nx - x1, ny - y1) > 3) break;
    x1 = nx;
    y1 = ny;
    first = Math.atan2(y1 - y0, x1 - x0);
    i += 2;
  }
  return { x0, y0, x1, y1, length: Math.hypot(x1 - x0, y1 - y0), next: i };
}

function angleDiff(a: number, b: number): number {
  return Math.atan2(Math.sin(a - b), Math.cos(a - b));
}

/** claim takes the squares of 24 px under the name; false if one is taken. */
function claim(
  taken: Set<string>,
  run: { x0: number; y0: number; x1: number; y1: number; length: number },
  x: number,
  y: number,
  width: number,
): boolean {
  const ux = (run.x1 - run.x0) / run.length;
  const uy = (run.y1 - run.y0) / run.length;
  const squares: string[] = [];
  for (let d = -width / 2 - 10; d <= width / 2 + 10; d += 12) {
    const k = `${Math.round((x + ux * d) / 24)},${Math.round((y + uy * d) / 24)}`;
    if (taken.has(k)) return false;
    squares.push(k);
  }
  for (const k of squares) taken.add(k);
  return true;
}

function write(f: Frame, n: Name): void {
  const { ctx } = f;
  let a = n.angle;
  if (a > Math.PI / 2) a -= Math.PI;
  if (a < -Math.PI / 2) a += Math.PI;
  ctx.save();
  ctx.translate(n.x, n.y);
  ctx.rotate(a);
  ctx.strokeText(n.text, 0, 0);
  ctx.fillText(n.text, 0, 0);
  ctx.restore();
}
