// A frame turns world units into canvas pixels for one redraw.
import type { Path } from './geo';
import type { Box } from './patch';

export interface Frame {
  ctx: CanvasRenderingContext2D;
  scale: number; // CSS pixels per world unit
  ox: number; // world pixels of the canvas's left edge
  oy: number;
  width: number; // CSS pixels
  height: number;
  zoom: number;
  part: Box; // what is being drawn, most often all of it
}

export function visible(f: Frame, p: Path, margin = 20): boolean {
  return (
    p.maxX * f.scale - f.ox > f.part.x0 - margin &&
    p.minX * f.scale - f.ox < f.part.x1 + margin &&
    p.maxY * f.scale - f.oy > f.part.y0 - margin &&
    p.minY * f.scale - f.oy < f.part.y1 + margin
  );
}

/** trace adds a path to the current canvas path, leaving out vertices closer than a pixel. */
export function trace(f: Frame, p: Path, close = false): void {
  const { ctx, scale, ox, oy } = f;
  const { xy } = p;
  const last = xy.length - 2;
  if (last < 0) return;
  let px = xy[0] * scale - ox;
  let py = xy[1] * scale - oy;
  ctx.moveTo(px, py);
  for (let i = 2; i <= last; i += 2) {
    const x = xy[i] * scale - ox;
    const y = xy[i + 1] * scale - oy;
    const dx = x - px;
    const dy = y - py;
    if (i === last || dx * dx + dy * dy >= 1) {
      ctx.lineTo(x, y);
      px = x;
      py = y;
    }
  }
  if (close) ctx.closePath();
}

/** strokeAll strokes the visible ones of some paths in one go. */
export function strokeAll(f: Frame, paths: readonly Path[]): void {
  f.ctx.beginPath();
  for (const p of paths) if (visible(f, p)) trace(f, p);
  f.ctx.stroke();
}
