// The streets under everything: our own vector tiles, drawn quiet on purpose.
import type * as L from 'leaflet';
import { LineSymbolizer, leafletLayer, linear, type PaintRule } from 'protomaps-leaflet';
import { type Palette, palette } from './palette';

const wide = new Set(['motorway', 'trunk', 'primary', 'secondary']);
const middle = new Set(['tertiary']);

function group(props: Record<string, unknown>): 0 | 1 | 2 {
  const cls = String(props.class ?? '').replace(/_link$/, '');
  return wide.has(cls) ? 2 : middle.has(cls) ? 1 : 0;
}

/** widths in pixels at a zoom: residential, tertiary, secondary and above. */
const widths = [
  linear([
    [11, 0.4],
    [13, 0.9],
    [14, 1.8],
    [15, 3],
    [16, 5],
    [18, 12],
  ]),
  linear([
    [11, 0.8],
    [13, 1.6],
    [14, 2.8],
    [15, 4.2],
    [16, 6.5],
    [18, 15],
  ]),
  linear([
    [11, 1.2],
    [13, 2.4],
    [14, 3.8],
    [15, 5.5],
    [16, 8],
    [18, 18],
  ]),
];

function rules(p: Palette, dark: boolean): PaintRule[] {
  const out: PaintRule[] = [];
  const line = (g: 0 | 1 | 2, color: string, width: (z: number) => number) => {
    out.push({
      dataLayer: 'streets',
      symbolizer: new LineSymbolizer({ color, width, lineCap: 'round', lineJoin: 'round' }),
      filter: (_z, f) => group(f.props) === g,
    });
  };
  for (const g of [0, 1, 2] as const) {
    if (!dark) line(g, p.casing[g], (z) => widths[g](z) + (z < 14 ? 0.4 : 1.6));
  }
  for (const g of [0, 1, 2] as const) {
    if (dark) line(g, p.street[g], (z) => Math.max(0.6, widths[g](z) * 0.8));
    else line(g, p.street[g], (z) => (z < 14 ? widths[g](z) * 0.35 : widths[g](z)));
  }
  return out;
}

/** streetLayer shows the tiles of a template such as /tiles/130102/3/{z}/{x}/{y}.mvt. */
export function streetLayer(url: string, dark: boolean, bounds?: L.LatLngBounds): L.Layer {
  const p = palette(dark);
  return leafletLayer({
    url,
    paintRules: rules(p, dark),
    labelRules: [],
    attribution: '',
    maxDataZoom: 15,
    bounds,
    noWrap: true,
    devicePixelRatio: Math.max(1, Math.min(2, devicePixelRatio)), // tiles that need no scaling are laid over the screen for a third of the time
  }) as unknown as L.Layer;
}
