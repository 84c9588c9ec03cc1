// Where units were: the compact form of the service, read into arrays.
import { worldX, worldY } from '../map/geo';
import { APIError, failure } from './client';

/** Track is where one unit was: arrays of the same length, ordered by time. */
export interface Track {
  unit: string;
  fixes: number; // that count, before thinning
  doubtful: number; // that do not
  tolerance: number; // metres
  at: Float64Array; // ms
  x: Float64Array; // world units
  y: Float64Array;
  speed: Uint8Array; // km/h, highest since the point before; 255 unknown
  gap: Uint8Array; // 1: nothing is known of the way from the point before
}

interface Head {
  origin: string;
  tracks: { unit: string; fixes: number; doubtful: number; tolerance_m: number; points: number }[];
}

/** decodeTracks reads the compact form; the service's specification describes it. */
export function decodeTracks(buffer: ArrayBuffer): Track[] {
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  if (bytes.length < 8 || new TextDecoder().decode(bytes.subarray(0, 4)) !== 'SZT1')
    throw new Error('not in the compact form');
  const size = view.getUint32(4, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + size))) as Head;
  let p = 8 + size;
  const varint = (): number => {
    let n = 0;
    let f = 1;
    for (;;) {
      if (p >= bytes.length) throw new Error('cut off');
      const b = bytes[p++];
      n += (b & 127) * f; // more than 32 bits do not fit a shift
      if (b < 128) break;
      f *= 128;
    }
    return n % 2 === 0 ? n / 2 : -(n + 1) / 2;
  };
  const origin = Date.parse(head.origin);
  return head.tracks.map((h) => {
    const t: Track = {
      unit: h.unit,
      fixes: h.fixes,
      doubtful: h.doubtful,
      tolerance: h.tolerance_m,
      at: new Float64Array(h.points),
      x: new Float64Array(h.points),
      y: new Float64Array(h.points),
      speed: new Uint8Array(h.points),
      gap: new Uint8Array(h.points),
    };
    let at = origin;
    let lon = 0;
    let lat = 0;
    for (let i = 0; i < h.points; i++) {
      const dt = varint();
      t.gap[i] = dt < 0 ? 1 : 0;
      at += 100 * (dt < 0 ? -dt - 1 : dt);
      lon += varint();
      lat += varint();
      t.at[i] = at;
      t.x[i] = worldX(lon / 1e6);
      t.y[i] = worldY(lat / 1e6);
      t.speed[i] = bytes[p++];
    }
    return t;
  });
}

export interface Period {
  from: number; // ms
  to: number;
}

const iso = (ms: number) => new Date(ms).toISOString();

/** tracks asks for some units' tracks; none named means all. */
export async function tracks(
  u: string,
  units: readonly string[],
  p: Period,
  signal?: AbortSignal,
  tolerance?: number,
): Promise<Track[]> {
  const q = new URLSearchParams({ from: iso(p.from), to: iso(p.to) });
  for (const id of units) q.append('unit', id);
  if (tolerance) q.set('tolerance_m', String(tolerance));
  let res: Response;
  try {
    res = await fetch(`/api/v1/d/${u}/tracks?${q}`, { credentials: 'same-origin', signal });
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e;
    throw new APIError('', 0, 'offline');
  }
  if (!res.ok) throw await failure(res);
  return decodeTracks(await res.arrayBuffer());
}

export const exportKinds = ['trail', 'trips', 'stops', 'events'] as const;
export type ExportKind = (typeof exportKinds)[number];
export const exportFormats = ['csv', 'xlsx', 'gpx', 'kml', 'geojson'] as const;

/** exportURL is where a file of what units did can be had. */
export function exportURL(
  u: string,
  what: ExportKind,
  format: string,
  units: readonly string[],
  p: Period,
): string {
  const q = new URLSearchParams({ what, format, from: iso(p.from), to: iso(p.to) });
  for (const id of units) q.append('unit', id);
  return `/api/v1/d/${u}/export?${q}`;
}
