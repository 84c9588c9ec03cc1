// The static canvas: what changes only with zoom or data. From the ground up:
// boundary, cells, police areas, coverage, rounds, police rounds, names, pins.
import { type Frame, strokeAll, trace, visible } from './frame';
import { worldX, worldY } from './geo';
import { type Name, paintNames } from './names';
import { paintChips, paintRounds } from './paint_rounds';
import type { Palette } from './palette';
import { hatch } from './patterns';
import { type Cell, type Police, presence, type Scene } from './scene';

/** paintStatic draws what lies in the frame's part, with the names placed for the whole. */
export function paintStatic(f: Frame, s: Scene, names: readonly Name[], p: Palette): void {
  const { ctx } = f;
  ctx.lineJoin = 'round';
  ctx.lineCap = 'round';
  paintBoundary(f, s, p);
  paintCells(f, s, p);
  paintPoliceAreas(f, s.police, p);
  if (s.streets && s.states) paintCoverage(f, s, p);
  paintRounds(f, s, p);
  paintPoliceRounds(f, s.police, p);
  paintHighlight(f, s, p);
  paintNames(f, names, p);
  paintPosts(f, s.police, p);
  paintChips(f, s, p);
  paintDraft(f, s, p);
  paintPins(f, s, p);
}

function paintBoundary(f: Frame, s: Scene, p: Palette): void {
  const { ctx } = f;
  ctx.strokeStyle = p.boundary;
  ctx.lineWidth = 1.25;
  ctx.lineCap = 'butt';
  ctx.setLineDash([8, 3, 2, 3]);
  ctx.beginPath();
  for (const b of s.boundary) if (visible(f, b)) trace(f, b, true);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.lineCap = 'round';
}

function paintCells(f: Frame, s: Scene, p: Palette): void {
  const { ctx } = f;
  if (s.cells.length === 0) return;
  if (s.cellStyle === 'outline') {
    ctx.lineWidth = 1;
    ctx.strokeStyle = p.heat[3];
    ctx.fillStyle = p.heat[2];
    ctx.beginPath();
    for (const c of s.cells) if (visible(f, c.ring)) trace(f, c.ring, true);
    ctx.globalAlpha = 0.12;
    ctx.fill();
    ctx.globalAlpha = 0.6;
    ctx.stroke();
    ctx.globalAlpha = 1;
  } else {
    for (let level = 0; level < 5; level++) {
      ctx.beginPath();
      for (const c of s.cells) if (c.level === level && visible(f, c.ring)) trace(f, c.ring, true);
      ctx.globalAlpha = 0.85;
      ctx.fillStyle = p.heat[level];
      ctx.fill();
      ctx.globalAlpha = p.heatEdge === '#FFFFFF' ? 1 : 0.5;
      ctx.strokeStyle = p.heatEdge;
      ctx.lineWidth = 1;
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
  }
  const chosen = s.cells.find((c) => c.id === s.selectedCell);
  if (chosen) paintChosenCell(f, chosen, p);
}

function paintChosenCell(f: Frame, c: Cell, p: Palette): void {
  const { ctx } = f;
  ctx.beginPath();
  trace(f, c.ring, true);
  ctx.strokeStyle = p.halo;
  ctx.lineWidth = 6;
  ctx.stroke();
  ctx.strokeStyle = p.text;
  ctx.lineWidth = 2.5;
  ctx.stroke();
}

function paintPoliceAreas(f: Frame, police: Police[], p: Palette): void {
  const { ctx } = f;
  for (const area of police) {
    if (area.kind !== 'sector') continue;
    ctx.beginPath();
    for (const ring of area.paths) if (visible(f, ring)) trace(f, ring, true);
    ctx.fillStyle = hatch(f, 'hatch', p.pol, 0.38 * area.trust);
    ctx.fill('evenodd');
    ctx.strokeStyle = p.pol;
    ctx.globalAlpha = 0.25 + 0.4 * area.trust;
    ctx.lineWidth = 1;
    ctx.stroke();
    ctx.globalAlpha = 1;
  }
}

function paintPoliceRounds(f: Frame, police: Police[], p: Palette): void {
  const { ctx } = f;
  ctx.strokeStyle = p.pol;
  ctx.lineWidth = 2.25;
  ctx.setLineDash([1, 4]);
  for (const round of police) {
    if (round.kind !== 'round') continue;
    ctx.globalAlpha = 0.45 + 0.55 * round.trust;
    strokeAll(f, round.paths);
  }
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
}

function paintPosts(f: Frame, police: Police[], p: Palette): void {
  const { ctx } = f;
  for (const post of police) {
    if (post.kind !== 'post' || !post.at) continue;
    const x = post.at.x * f.scale - f.ox;
    const y = post.at.y * f.scale - f.oy;
    const r = Math.max(12, Math.min(34, 16 * 2 ** (f.zoom - 14)));
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.fillStyle = hatch(f, 'hatch', p.pol, 0.9);
    ctx.fill();
    ctx.strokeStyle = p.pol;
    ctx.lineWidth = 1.25;
    ctx.stroke();
    badge(f, x, y, 'PNP', p.pol, p.casingLine);
  }
}

function badge(f: Frame, x: number, y: number, text: string, fill: string, ink: string): void {
  const { ctx } = f;
  ctx.font = '700 10px system-ui, "Segoe UI", Roboto, Arial, sans-serif';
  const w = ctx.measureText(text).width + 10;
  ctx.beginPath();
  ctx.roundRect(x - w / 2, y - 8, w, 16, 4);
  ctx.fillStyle = fill;
  ctx.fill();
  ctx.strokeStyle = ink;
  ctx.lineWidth = 1;
  ctx.stroke();
  ctx.fillStyle = ink;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillText(text, x, y + 0.5);
}

function paintCoverage(f: Frame, s: Scene, p: Palette): void {
  if (!s.streets || !s.states) return;
  const { ctx } = f;
  const { paths } = s.streets;
  const width = f.zoom >= 16 ? 4 : f.zoom >= 14 ? 2.75 : 2;
  const lay = (state: number, draw: () => void) => {
    ctx.beginPath();
    const n = Math.min(paths.length, s.states?.length ?? 0);
    for (let i = 0; i < n; i++) if (s.states?.[i] === state && visible(f, paths[i])) trace(f, paths[i]);
    draw();
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  };
  ctx.lineCap = 'butt';
  lay(presence.unknown, () => stroke(ctx, p.unknown, 1, [2, 4], 0.8));
  if (f.zoom < 14.5) lay(presence.none, () => stroke(ctx, p.unc, 0.9, [], 0.5));
  else lay(presence.none, () => stroke(ctx, p.unc, f.zoom >= 15.5 ? 1.75 : 1.25, [5, 3], 0.85));
  ctx.lineCap = 'round';
  lay(presence.police, () => stroke(ctx, p.pol, width, [1, 4]));
  lay(presence.municipal, () => stroke(ctx, p.acc, width));
  lay(presence.both, () => {
    stroke(ctx, p.both, width + 1.5);
    stroke(ctx, p.casingLine, Math.max(1, width - 1.25));
  });
}

function stroke(
  ctx: CanvasRenderingContext2D,
  colour: string,
  width: number,
  dash: number[] = [],
  alpha = 1,
): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.globalAlpha = alpha;
  ctx.setLineDash(dash);
  ctx.stroke();
}

function paintHighlight(f: Frame, s: Scene, p: Palette): void {
  if (!s.highlight) return;
  const { ctx } = f;
  ctx.strokeStyle = p.casingLine;
  ctx.lineWidth = 9;
  strokeAll(f, s.highlight.paths);
  ctx.strokeStyle = s.highlight.tone === 'warn' ? p.unc : p.text;
  ctx.lineWidth = 5;
  strokeAll(f, s.highlight.paths);
}

function paintDraft(f: Frame, s: Scene, p: Palette): void {
  if (s.draft.length === 0) return;
  const { ctx } = f;
  const xy = s.draft.map(([lon, lat]) => [worldX(lon) * f.scale - f.ox, worldY(lat) * f.scale - f.oy]);
  ctx.beginPath();
  xy.forEach(([x, y], i) => {
    if (i === 0) ctx.moveTo(x, y);
    else ctx.lineTo(x, y);
  });
  ctx.strokeStyle = p.casingLine;
  ctx.lineWidth = 7;
  ctx.stroke();
  ctx.strokeStyle = p.acc;
  ctx.lineWidth = 3.5;
  ctx.stroke();
  for (const [x, y] of xy) {
    ctx.beginPath();
    ctx.arc(x, y, 5, 0, 2 * Math.PI);
    ctx.fillStyle = p.casingLine;
    ctx.fill();
    ctx.lineWidth = 2;
    ctx.stroke();
  }
}

function paintPins(f: Frame, s: Scene, p: Palette): void {
  const { ctx } = f;
  for (const pin of s.pins) {
    const x = worldX(pin.at[0]) * f.scale - f.ox;
    const y = worldY(pin.at[1]) * f.scale - f.oy;
    if (x < -30 || y < -40 || x > f.width + 30 || y > f.height + 30) continue;
    if (pin.kind === 'draft') {
      ctx.beginPath();
      ctx.moveTo(x, y);
      ctx.bezierCurveTo(x - 4, y - 9, x - 11, y - 14, x - 11, y - 21);
      ctx.arc(x, y - 21, 11, Math.PI, 0);
      ctx.bezierCurveTo(x + 11, y - 14, x + 4, y - 9, x, y);
      ctx.fillStyle = p.acc;
      ctx.fill();
      ctx.strokeStyle = p.casingLine;
      ctx.lineWidth = 2;
      ctx.stroke();
      ctx.beginPath();
      ctx.arc(x, y - 21, 4, 0, 2 * Math.PI);
      ctx.fillStyle = p.casingLine;
      ctx.fill();
    } else if (pin.kind === 'base') {
      ctx.beginPath();
      ctx.roundRect(x - 7, y - 7, 14, 14, 3);
      ctx.fillStyle = p.text;
      ctx.fill();
      ctx.strokeStyle = p.casingLine;
      ctx.lineWidth = 2;
      ctx.stroke();
    } else {
      ctx.beginPath();
      ctx.arc(x, y, pin.strong ? 9 : 5, 0, 2 * Math.PI);
      ctx.fillStyle = pin.kind === 'correction' ? p.unc : p.text;
      ctx.fill();
      ctx.strokeStyle = p.casingLine;
      ctx.lineWidth = pin.strong ? 3 : 1.5;
      ctx.stroke();
    }
  }
}
