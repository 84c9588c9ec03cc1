// Hatches, made once per colour, opacity and pixel ratio.
import type { Frame } from './frame';

const step = 7;
const kept = new Map<string, CanvasPattern>();

/** hatch is a 45° texture; cross lays a second one over it. It keeps its place on the ground when the map moves. */
export function hatch(
  f: Frame,
  kind: 'hatch' | 'cross',
  colour: string,
  opacity = 1,
): CanvasPattern | string {
  const ratio = Math.max(1, Math.round(devicePixelRatio));
  const key = `${kind}|${colour}|${opacity.toFixed(2)}|${ratio}`;
  const pattern = kept.get(key) ?? make(f.ctx, kind, colour, opacity, ratio);
  if (!pattern) return colour;
  kept.set(key, pattern);
  pattern.setTransform(new DOMMatrix([1 / ratio, 0, 0, 1 / ratio, -(f.ox % step), -(f.oy % step)]));
  return pattern;
}

function make(ctx: CanvasRenderingContext2D, kind: string, colour: string, opacity: number, ratio: number) {
  const size = step * ratio;
  const tile = document.createElement('canvas');
  tile.width = tile.height = size;
  const c = tile.getContext('2d');
  if (!c) return null;
  c.strokeStyle = colour;
  c.globalAlpha = opacity;
  c.lineWidth = 1.1 * ratio;
  c.beginPath();
  for (const o of [-size, 0, size]) {
    c.moveTo(o, size);
    c.lineTo(o + size, 0);
    if (kind === 'cross') {
      c.moveTo(o, 0);
      c.lineTo(o + size, size);
    }
  }
  c.stroke();
  return ctx.createPattern(tile, 'repeat');
}
