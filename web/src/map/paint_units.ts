// The two canvases that move: trails at most twice a second, units every frame.
import { byPriority, type Drawn, type Fleet, trailAt } from './fleet';
import type { Frame } from './frame';
import type { Palette } from './palette';
import { glyph, glyphSize, plate, stateColour } from './sprites';

/** paintTrails draws each trail in four bands, older ones fainter. */
export function paintTrails(f: Frame, fleet: Fleet, p: Palette, chosen: string): void {
  const { ctx } = f;
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  for (const d of fleet.units.values()) {
    if (d.trailSize < 2) continue;
    const strong = d.mark.id === chosen;
    ctx.strokeStyle = d.mark.state === 'transit' ? stateColour('transit', p) : p.acc;
    ctx.lineWidth = strong ? 3.5 : 2.25;
    const points = strong ? d.trailSize : Math.min(d.trailSize, 96);
    const first = d.trailSize - points;
    for (let band = 0; band < 4; band++) {
      const from = first + Math.floor((points * band) / 4);
      const to = Math.min(d.trailSize - 1, first + Math.floor((points * (band + 1)) / 4));
      ctx.globalAlpha = (strong ? [0.4, 0.6, 0.8, 1] : [0.15, 0.3, 0.5, 0.75])[band];
      ctx.beginPath();
      for (let i = from; i <= to; i++) {
        const [wx, wy] = trailAt(d, i);
        const x = wx * f.scale - f.ox;
        const y = wy * f.scale - f.oy;
        if (i === from) ctx.moveTo(x, y);
        else ctx.lineTo(x, y);
      }
      ctx.stroke();
    }
  }
  ctx.globalAlpha = 1;
}

/** Labels remembers which call signs are shown, so that they do not flicker. */
export class Labels {
  private shown = new Map<string, number>();
  private decided = 0;

  /** decide chooses the labels that fit, at most four times a second; a shown one stays half a second. */
  decide(f: Frame, fleet: Fleet, chosen: string, now: number): Map<string, number> {
    if (now - this.decided < 250) return this.shown;
    this.decided = now;
    const taken = new Set<string>();
    const next = new Map<string, number>();
    const order = [...fleet.units.values()].sort((a, b) => byPriority(a.mark, b.mark, chosen));
    for (const d of order) {
      const x = d.x * f.scale - f.ox;
      const y = d.y * f.scale - f.oy;
      taken.add(`${Math.round(x / 32)},${Math.round(y / 32)}`);
    }
    for (const d of order) {
      const x = d.x * f.scale - f.ox;
      const y = d.y * f.scale - f.oy + 24;
      const squares = [-1, 0, 1].map((i) => `${Math.round((x + i * 26) / 32)},${Math.round(y / 32 + 0.25)}`);
      const since = this.shown.get(d.mark.id);
      const sticky = since !== undefined && now - since < 500;
      if (d.mark.id !== chosen && !sticky && squares.some((s) => taken.has(s))) continue;
      for (const s of squares) taken.add(s);
      next.set(d.mark.id, since ?? now);
    }
    this.shown = next;
    return next;
  }
}

export function paintUnits(
  f: Frame,
  fleet: Fleet,
  labels: Map<string, number>,
  p: Palette,
  chosen: string,
  ratio: number,
): void {
  const { ctx } = f;
  let last: Drawn | null = null;
  for (const d of fleet.units.values()) {
    if (d.mark.id === chosen) last = d;
    else paintUnit(f, d, labels.has(d.mark.id), p, false, ratio);
  }
  if (last) {
    const x = last.x * f.scale - f.ox;
    const y = last.y * f.scale - f.oy;
    ctx.beginPath();
    ctx.arc(x, y, 18, 0, 2 * Math.PI);
    ctx.strokeStyle = p.casingLine;
    ctx.lineWidth = 5;
    ctx.stroke();
    ctx.strokeStyle = p.text;
    ctx.lineWidth = 2;
    ctx.stroke();
    paintUnit(f, last, true, p, true, ratio);
  }
}

function paintUnit(f: Frame, d: Drawn, label: boolean, p: Palette, chosen: boolean, ratio: number): void {
  const x = d.x * f.scale - f.ox;
  const y = d.y * f.scale - f.oy;
  if (x < -40 || y < -40 || x > f.width + 40 || y > f.height + 40) return;
  const g = glyph(d.mark.state, d.mark.heading, p, ratio);
  f.ctx.drawImage(g, Math.round(x - glyphSize / 2), Math.round(y - glyphSize / 2), glyphSize, glyphSize);
  if (!label) return;
  const tone = chosen ? 'chosen' : d.mark.state === 'stopped' ? 'warn' : 'plain';
  const sign = plate(d.mark.label, tone, p, ratio);
  const w = sign.width / ratio;
  f.ctx.drawImage(sign, Math.round(x - w / 2), Math.round(y + (chosen ? 22 : 16)), w, 18);
}
