// A shape being drawn on the map: a place, a line or an area. Corners are added by
// pressing the map; one that is pressed is taken in hand, and put down where the
// map is pressed next.
import type { LonLat } from '../map/geo';
import { worldX, worldY } from '../map/geo';

export type Form = 'point' | 'line' | 'area';

export interface Sketch {
  form: Form;
  corners: readonly LonLat[];
  held: number; // the corner in hand; -1: none
}

export const blank = (form: Form): Sketch => ({ form, corners: [], held: -1 });

/** The form that a kind of factor usually has. */
const usual: Record<string, Form> = {
  unlit: 'line',
  vacant_lot: 'area',
  park: 'area',
  market: 'area',
  school: 'area',
  construction: 'area',
};

export const formOf = (kind: string): Form => usual[kind] ?? 'point';

/** How near to a corner a press takes it in hand, in pixels: as far as a finger is off. */
const grip = 16;

/** press is what becomes of a sketch when the map is pressed at a zoom. */
export function press(s: Sketch, at: LonLat, zoom: number): Sketch {
  if (s.form === 'point') return { ...s, corners: [at] };
  if (s.held >= 0) return { ...s, corners: s.corners.map((c, i) => (i === s.held ? at : c)), held: -1 };
  const px = 256 * 2 ** zoom;
  const off = (c: LonLat) =>
    Math.hypot((worldX(c[0]) - worldX(at[0])) * px, (worldY(c[1]) - worldY(at[1])) * px);
  const near = s.corners.reduce((best, c, i) => (off(c) < off(s.corners[best] ?? c) ? i : best), 0);
  const corner = s.corners[near];
  if (corner && off(corner) <= grip) return { ...s, held: near };
  return { ...s, corners: [...s.corners, at] };
}

/** back takes the last step away: what is in hand is let go, or the last corner. */
export const back = (s: Sketch): Sketch =>
  s.held >= 0 ? { ...s, held: -1 } : { ...s, corners: s.corners.slice(0, -1) };

/** reform draws the same corners as another form. */
export const reform = (s: Sketch, form: Form): Sketch => ({
  form,
  corners: form === 'point' ? s.corners.slice(-1) : s.corners,
  held: -1,
});

const least: Record<Form, number> = { point: 1, line: 2, area: 3 };

/** done tells whether a sketch is a shape. */
export const done = (s: Sketch): boolean => s.held < 0 && s.corners.length >= least[s.form];

/** lineOf is a sketch as the service takes it: an area comes back to its beginning. */
export function lineOf(s: Sketch): LonLat[] {
  const first = s.corners[0];
  return s.form === 'area' && first ? [...s.corners, first] : [...s.corners];
}

/** sketchOf is a shape to be changed; null: it has more than one line, which cannot be drawn. */
export function sketchOf(g: { type: string; coordinates: unknown }): Sketch | null {
  if (g.type === 'Point') return { form: 'point', corners: [g.coordinates as LonLat], held: -1 };
  if (g.type === 'LineString') return { form: 'line', corners: g.coordinates as LonLat[], held: -1 };
  const rings = g.coordinates as LonLat[][];
  const ring = rings[0];
  if (g.type !== 'Polygon' || rings.length !== 1 || !ring) return null;
  return { form: 'area', corners: ring.slice(0, -1), held: -1 };
}
