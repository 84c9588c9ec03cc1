// Rounds of a plan: all thin, the selected one strong with a casing, its
// direction and its numbered stops.
import { type Frame, strokeAll, visible } from './frame';
import type { Palette } from './palette';
import type { Round, Scene } from './scene';

export function paintRounds(f: Frame, s: Scene, p: Palette): void {
  if (s.rounds.length === 0) return;
  const chosen = s.rounds.find((r) => r.number === s.selectedRound);
  for (const r of s.rounds) if (r !== chosen) paintThin(f, r, s, p, chosen !== undefined);
  if (chosen) paintStrong(f, chosen, colourOf(chosen, s, p), p);
}

/** paintChips writes the rounds' numbers, and the stops of the selected one, above the street names. */
export function paintChips(f: Frame, s: Scene, p: Palette): void {
  if (s.roundStyle === 'neutral') return;
  for (const r of s.rounds) {
    const colour = colourOf(r, s, p);
    if (r.number !== s.selectedRound) chip(f, r.centre.x, r.centre.y, String(r.number), colour, p, false);
  }
  const chosen = s.rounds.find((r) => r.number === s.selectedRound);
  for (const stop of chosen?.stops ?? []) {
    chip(f, stop.x, stop.y, stop.label, colourOf(chosen as Round, s, p), p, true);
  }
}

function colourOf(r: Round, s: Scene, p: Palette): string {
  return s.roundStyle === 'neutral' ? p.label : p.rounds[(r.hue - 1) % 16];
}

function paintThin(f: Frame, r: Round, s: Scene, p: Palette, faint: boolean): void {
  const { ctx } = f;
  ctx.globalAlpha = s.roundStyle === 'neutral' ? 0.35 : faint ? 0.42 : 0.85;
  ctx.strokeStyle = colourOf(r, s, p);
  ctx.lineWidth = f.zoom >= 15 ? 2.5 : 1.75;
  if (r.number > 16) ctx.setLineDash([9, 4]);
  strokeAll(f, r.work);
  ctx.setLineDash([]);
  if (r.hue > 8 && s.roundStyle === 'colour' && f.zoom >= 15) {
    ctx.strokeStyle = p.casingLine;
    ctx.lineWidth = 0.75;
    strokeAll(f, r.work);
  }
  ctx.globalAlpha = 1;
}

function paintStrong(f: Frame, r: Round, colour: string, p: Palette): void {
  const { ctx } = f;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2;
  ctx.globalAlpha = 0.55;
  strokeAll(f, r.again);
  ctx.globalAlpha = 1;
  ctx.strokeStyle = p.casingLine;
  ctx.lineWidth = 6.5;
  strokeAll(f, r.work);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 3.5;
  strokeAll(f, r.work);
  if (r.hue > 8) {
    ctx.strokeStyle = p.casingLine;
    ctx.lineWidth = 1;
    strokeAll(f, r.work);
  }
  ctx.strokeStyle = p.label;
  ctx.lineWidth = 2.25;
  ctx.setLineDash([1, 5]);
  strokeAll(f, r.transfer);
  ctx.setLineDash([]);
  if (f.zoom >= 14) chevrons(f, r, p);
}

/** chevrons show the direction, one every 90 px along the round. */
function chevrons(f: Frame, r: Round, p: Palette): void {
  const { ctx } = f;
  ctx.strokeStyle = p.text;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  for (const w of r.work) {
    if (!visible(f, w)) continue;
    let since = 45;
    for (let i = 0; i + 3 < w.xy.length; i += 2) {
      const x0 = w.xy[i] * f.scale - f.ox;
      const y0 = w.xy[i + 1] * f.scale - f.oy;
      const x1 = w.xy[i + 2] * f.scale - f.ox;
      const y1 = w.xy[i + 3] * f.scale - f.oy;
      const l = Math.hypot(x1 - x0, y1 - y0);
      if (l < 14) {
        since += l;
        continue;
      }
      const ux = (x1 - x0) / l;
      const uy = (y1 - y0) / l;
      for (let d = Math.max(7, 90 - since); d < l - 5; d += 90) {
        const x = x0 + ux * d;
        const y = y0 + uy * d;
        if (x > 0 && y > 0 && x < f.width && y < f.height) {
          ctx.moveTo(x - 4 * ux - 4 * uy, y - 4 * uy + 4 * ux);
          ctx.lineTo(x, y);
          ctx.lineTo(x - 4 * ux + 4 * uy, y - 4 * uy - 4 * ux);
        }
        since = -d;
      }
      since += l;
    }
  }
  ctx.stroke();
}

/** chip is a number on the colour of its round: round for stops, square for rounds. */
function chip(
  f: Frame,
  wx: number,
  wy: number,
  text: string,
  fill: string,
  p: Palette,
  round: boolean,
): void {
  const x = wx * f.scale - f.ox;
  const y = wy * f.scale - f.oy;
  if (x < -20 || y < -20 || x > f.width + 20 || y > f.height + 20) return;
  const { ctx } = f;
  ctx.beginPath();
  if (round) ctx.arc(x, y, 10, 0, 2 * Math.PI);
  else ctx.roundRect(x - 11, y - 10, 22, 20, 6);
  ctx.fillStyle = fill;
  ctx.fill();
  ctx.strokeStyle = p.casingLine;
  ctx.lineWidth = 2;
  ctx.stroke();
  ctx.fillStyle = p.onRound;
  ctx.font = '700 11px system-ui, "Segoe UI", Roboto, Arial, sans-serif';
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillText(text, x, y + 0.5);
}
