// Which parts of a picture have to be drawn again after some streets changed.
import type { Frame } from './frame';
import type { Path } from './geo';
import type { Scene } from './scene';

/** Box is a part of a canvas in CSS pixels. */
export interface Box {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

const reach = 8; // CSS pixels that a street's line goes beyond its axis
const most = 40; // boxes; more are drawn sooner as a whole

/** changedStreets lists the streets whose presence alone tells scene b from a; null: something else differs. */
export function changedStreets(a: Scene, b: Scene): number[] | null {
  for (const key of Object.keys(b) as (keyof Scene)[]) {
    if (key !== 'states' && a[key] !== b[key]) return null;
  }
  if (!a.states || !b.states || a.states.length !== b.states.length) return null;
  const out: number[] = [];
  for (let i = 0; i < b.states.length; i++) if (a.states[i] !== b.states[i]) out.push(i);
  return out;
}

/**
 * boxesOf gives the parts of a canvas that the paths cover, joined where they
 * overlap, at whole pixels of the screen; null if to draw all of it is cheaper.
 */
export function boxesOf(f: Frame, paths: readonly Path[], ratio: number): Box[] | null {
  const out: Box[] = [];
  for (const p of paths) {
    let box = boxOf(f, p, ratio);
    if (box.x1 <= 0 || box.y1 <= 0 || box.x0 >= f.width || box.y0 >= f.height) continue;
    for (let i = 0; i < out.length; i++) {
      if (!overlap(out[i], box)) continue;
      box = join(out[i], box);
      out.splice(i, 1);
      i = -1; // the larger box may meet others
    }
    out.push(box);
  }
  const area = out.reduce((sum, b) => sum + (b.x1 - b.x0) * (b.y1 - b.y0), 0);
  return out.length > most || area > (f.width * f.height) / 4 ? null : out;
}

function boxOf(f: Frame, p: Path, ratio: number): Box {
  const down = (v: number) => Math.floor(v * ratio) / ratio;
  const up = (v: number) => Math.ceil(v * ratio) / ratio;
  return {
    x0: down(p.minX * f.scale - f.ox - reach),
    y0: down(p.minY * f.scale - f.oy - reach),
    x1: up(p.maxX * f.scale - f.ox + reach),
    y1: up(p.maxY * f.scale - f.oy + reach),
  };
}

export function overlap(a: Box, b: Box): boolean {
  return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

function join(a: Box, b: Box): Box {
  return {
    x0: Math.min(a.x0, b.x0),
    y0: Math.min(a.y0, b.y0),
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
  };
}
