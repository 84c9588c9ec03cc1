// Trails of a period, coloured by speed. What nobody knows is dashed and grey.
import type { Track } from '../api/tracks';
import type { Frame } from './frame';
import type { Palette } from './palette';

/** TrackMark is a stop or an event on a trail. */
export interface TrackMark {
  kind: 'stop' | 'event' | 'doubtful';
  x: number;
  y: number;
}

/** Shown is what is drawn of one track. */
export interface Shown {
  track: Track;
  from: number; // index of the first point
  to: number; // and of the last
  strong: boolean;
}

/** bands of speed in km/h, below each bound; the design's states, and too fast. */
const bounds = [5, 30, 60];

export function band(kmh: number): number {
  let i = 0;
  while (i < bounds.length && kmh >= bounds[i]) i++;
  return i;
}

export function bandColours(p: Palette): string[] {
  return [p.stopped, p.acc, p.transit, p.unc];
}

/** paintTracks strokes each band of each track once. */
export function paintTracks(f: Frame, shown: readonly Shown[], p: Palette): void {
  const { ctx } = f;
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  const colours = bandColours(p);
  for (const s of shown) {
    ctx.globalAlpha = s.strong ? 1 : 0.5;
    ctx.strokeStyle = p.casingLine;
    ctx.lineWidth = s.strong ? 5.5 : 3.5;
    strokeBand(f, s, -2);
    ctx.lineWidth = s.strong ? 3 : 2;
    for (let b = 0; b < colours.length; b++) {
      ctx.strokeStyle = colours[b];
      strokeBand(f, s, b);
    }
    ctx.strokeStyle = p.unknown;
    ctx.setLineDash([2, 5]);
    strokeBand(f, s, -1);
    ctx.setLineDash([]);
  }
  ctx.globalAlpha = 1;
}

/** strokeBand strokes the pieces of a band; -1 is the gaps, -2 all but the gaps. */
function strokeBand(f: Frame, s: Shown, which: number): void {
  const { ctx, scale, ox, oy } = f;
  const { x, y, speed, gap } = s.track;
  ctx.beginPath();
  let open = false;
  let px = x[s.from] * scale - ox;
  let py = y[s.from] * scale - oy;
  for (let i = s.from + 1; i <= s.to; i++) {
    const qx = x[i] * scale - ox;
    const qy = y[i] * scale - oy;
    const mine = gap[i] ? which === -1 : which === -2 || which === band(speed[i]);
    // Less than a pixel further on the line is the same.
    if (mine && (qx - px) ** 2 + (qy - py) ** 2 < 1 && i < s.to) continue;
    if (mine) {
      if (!open) ctx.moveTo(px, py);
      ctx.lineTo(qx, qy);
    }
    open = mine;
    px = qx;
    py = qy;
  }
  ctx.stroke();
}

/** paintMarks draws stops as squares, events as triangles, doubtful fixes as crosses. */
export function paintMarks(f: Frame, marks: readonly TrackMark[], p: Palette): void {
  const { ctx } = f;
  for (const m of marks) {
    const x = m.x * f.scale - f.ox;
    const y = m.y * f.scale - f.oy;
    if (x < -20 || y < -20 || x > f.width + 20 || y > f.height + 20) continue;
    ctx.beginPath();
    if (m.kind === 'stop') {
      ctx.rect(x - 5, y - 5, 10, 10);
    } else if (m.kind === 'event') {
      ctx.moveTo(x, y - 7);
      ctx.lineTo(x + 7, y + 5);
      ctx.lineTo(x - 7, y + 5);
      ctx.closePath();
    } else {
      ctx.moveTo(x - 4, y - 4);
      ctx.lineTo(x + 4, y + 4);
      ctx.moveTo(x + 4, y - 4);
      ctx.lineTo(x - 4, y + 4);
      ctx.strokeStyle = p.unknown;
      ctx.lineWidth = 2;
      ctx.stroke();
      continue;
    }
    ctx.fillStyle = m.kind === 'stop' ? p.stopped : p.unc;
    ctx.fill();
    ctx.strokeStyle = p.casingLine;
    ctx.lineWidth = 1.5;
    ctx.stroke();
  }
}
