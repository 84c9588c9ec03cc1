// Glyphs of units, drawn once per state, heading and pixel ratio, then only
// copied. A state is a shape and a colour; the list beside the map has the word.
import type { Palette } from './palette';
import type { UnitState } from './scene';

const size = 36; // CSS pixels of a sprite's square
const headings = 32;
const kept = new Map<string, HTMLCanvasElement>();

export const glyphSize = size;

/** glyph gives the picture of a state; heading in degrees from north, null without one. */
export function glyph(
  state: UnitState,
  heading: number | null,
  p: Palette,
  ratio: number,
): HTMLCanvasElement {
  const turns = state === 'patrol' || state === 'transit';
  const step = turns && heading !== null ? Math.round((heading / 360) * headings) % headings : -1;
  const key = `${state}|${step}|${p.acc}|${ratio}`;
  const old = kept.get(key);
  if (old) return old;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size * ratio;
  const ctx = canvas.getContext('2d');
  if (ctx) {
    ctx.scale(ratio, ratio);
    ctx.translate(size / 2, size / 2);
    drawGlyph(ctx, state, step < 0 ? null : (step / headings) * 2 * Math.PI, p);
  }
  kept.set(key, canvas);
  return canvas;
}

export function stateColour(state: UnitState, p: Palette): string {
  switch (state) {
    case 'patrol':
    case 'planned_stop':
      return p.acc;
    case 'stopped':
      return p.stopped;
    case 'transit':
      return p.transit;
    case 'alert':
      return p.alert;
    case 'silent':
      return p.silent;
  }
  return p.off;
}

/** drawGlyph draws round the origin, 28 px across. */
export function drawGlyph(
  ctx: CanvasRenderingContext2D,
  state: UnitState,
  turn: number | null,
  p: Palette,
): void {
  const colour = stateColour(state, p);
  ctx.lineJoin = 'round';
  ctx.lineCap = 'round';
  switch (state) {
    case 'patrol':
      disc(ctx, 12, colour, p.casingLine);
      arrow(ctx, turn ?? 0, p.onGlyph);
      break;
    case 'planned_stop':
    case 'stopped':
      ctx.beginPath();
      ctx.roundRect(-11, -11, 22, 22, 5);
      ctx.fillStyle = colour;
      ctx.fill();
      ctx.strokeStyle = p.casingLine;
      ctx.lineWidth = 1.5;
      ctx.stroke();
      ctx.fillStyle = p.onGlyph;
      ctx.fillRect(-4.5, -5, 3, 10);
      ctx.fillRect(1.5, -5, 3, 10);
      break;
    case 'transit':
      disc(ctx, 12, p.inside, p.casingLine);
      ring(ctx, 10.5, colour, []);
      ctx.rotate(turn ?? 0);
      ctx.strokeStyle = colour;
      ctx.lineWidth = 2;
      ctx.beginPath();
      for (const y of [0, 4.5]) {
        ctx.moveTo(-4.5, y + 1);
        ctx.lineTo(0, y - 3.5);
        ctx.lineTo(4.5, y + 1);
      }
      ctx.stroke();
      break;
    case 'alert':
      ctx.beginPath();
      ctx.moveTo(0, -14);
      ctx.lineTo(15, 12);
      ctx.lineTo(-15, 12);
      ctx.closePath();
      ctx.fillStyle = colour;
      ctx.fill();
      ctx.strokeStyle = '#FFFFFF';
      ctx.lineWidth = 1.5;
      ctx.stroke();
      word(ctx, '!', '#FFFFFF', 4);
      break;
    case 'silent':
      disc(ctx, 12, p.inside, p.casingLine);
      ring(ctx, 10.5, colour, [3.5, 3]);
      word(ctx, '?', colour, 0.5);
      break;
    default:
      disc(ctx, 12, p.inside, p.casingLine);
      ring(ctx, 10.5, colour, []);
      ctx.beginPath();
      ctx.moveTo(-6, 6);
      ctx.lineTo(6, -6);
      ctx.stroke();
  }
}

function disc(ctx: CanvasRenderingContext2D, r: number, fill: string, edge: string): void {
  ctx.beginPath();
  ctx.arc(0, 0, r, 0, 2 * Math.PI);
  ctx.fillStyle = fill;
  ctx.fill();
  ctx.strokeStyle = edge;
  ctx.lineWidth = 1.5;
  ctx.stroke();
}

function ring(ctx: CanvasRenderingContext2D, r: number, colour: string, dash: number[]): void {
  ctx.setLineDash(dash);
  ctx.lineCap = 'butt';
  ctx.beginPath();
  ctx.arc(0, 0, r, 0, 2 * Math.PI);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2;
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.lineCap = 'round';
}

function arrow(ctx: CanvasRenderingContext2D, turn: number, fill: string): void {
  ctx.save();
  ctx.rotate(turn);
  ctx.beginPath();
  ctx.moveTo(0, -7);
  ctx.lineTo(5, 5.5);
  ctx.lineTo(0, 2.5);
  ctx.lineTo(-5, 5.5);
  ctx.closePath();
  ctx.fillStyle = fill;
  ctx.fill();
  ctx.restore();
}

function word(ctx: CanvasRenderingContext2D, text: string, fill: string, y: number): void {
  ctx.font = '700 14px system-ui, "Segoe UI", Roboto, Arial, sans-serif';
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = fill;
  ctx.fillText(text, 0, y);
}

/** plate is the call sign on a plate; cached per sign, tone and theme. */
export function plate(
  label: string,
  tone: 'plain' | 'chosen' | 'warn',
  p: Palette,
  ratio: number,
): HTMLCanvasElement {
  const key = `plate|${label}|${tone}|${p.acc}|${ratio}`;
  const old = kept.get(key);
  if (old) return old;
  const canvas = document.createElement('canvas');
  const ctx = canvas.getContext('2d');
  const font = '600 11px system-ui, "Segoe UI", Roboto, Arial, sans-serif';
  if (ctx) {
    ctx.font = font;
    const w = Math.ceil(ctx.measureText(label).width) + 12;
    canvas.width = w * ratio;
    canvas.height = 18 * ratio;
    ctx.scale(ratio, ratio);
    ctx.beginPath();
    ctx.roundRect(0, 0, w, 18, 5);
    ctx.fillStyle = tone === 'chosen' ? p.text : p.plate;
    ctx.fill();
    ctx.font = font;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    ctx.fillStyle = tone === 'chosen' ? p.casingLine : tone === 'warn' ? p.stopped : p.text;
    ctx.fillText(label, w / 2, 9.5);
  }
  kept.set(key, canvas);
  return canvas;
}
