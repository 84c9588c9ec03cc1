// Places that a district sets for every plan: fixed posts, and the areas that
// units are bound to.
import type { LonLat } from '../map/geo';
import { call } from './client';

export interface FixedPost {
  id: string;
  name: string;
  place: LonLat;
  from: string; // local clock "07:30"
  to: string;
  days: number[]; // 0 Sunday … 6; empty: every day
  units: string[]; // that may take it; empty: any
}

export const posts = async (u: string, signal?: AbortSignal): Promise<FixedPost[]> =>
  (await call<Partial<FixedPost>[]>(`/d/${u}/posts`, { signal })).map(postOf);

export const savePosts = async (u: string, list: FixedPost[]): Promise<FixedPost[]> =>
  (await call<Partial<FixedPost>[]>(`/d/${u}/posts`, { method: 'PUT', body: list })).map(postOf);

const postOf = (r: Partial<FixedPost>): FixedPost => ({
  id: r.id ?? '',
  name: r.name ?? '',
  place: r.place ?? [0, 0],
  from: r.from ?? '',
  to: r.to ?? '',
  days: r.days ?? [],
  units: r.units ?? [],
});

export type AreaKind = 'sector' | 'base' | 'forbidden' | 'priority';

export interface Area {
  id: string;
  name: string;
  kind: AreaKind;
  rings: LonLat[][];
}

interface Feature {
  geometry: { type: string; coordinates: unknown };
  properties: Record<string, unknown> | null;
}

export async function areas(u: string, signal?: AbortSignal): Promise<Area[]> {
  const { features } = await call<{ features: Feature[] }>(`/d/${u}/fences`, { signal });
  return features.map((f) => ({
    id: String(f.properties?.id ?? ''),
    name: String(f.properties?.name ?? ''),
    kind: String(f.properties?.kind ?? 'sector') as AreaKind,
    rings: ringsOf(f.geometry),
  }));
}

function ringsOf(g: Feature['geometry']): LonLat[][] {
  return g.type === 'Polygon' ? (g.coordinates as LonLat[][]) : (g.coordinates as LonLat[][][]).flat();
}

/** saveAreas adds the areas of a GeoJSON file; what names no kind is a sector. */
export async function saveAreas(u: string, text: string): Promise<number> {
  const file = JSON.parse(text) as { features?: Feature[] };
  const features = (file.features ?? []).map((f) => {
    const { id, name, kind } = f.properties ?? {};
    return {
      ...f,
      type: 'Feature',
      properties: { id: String(id ?? ''), name: String(name ?? id ?? ''), kind: kind ?? 'sector' },
    };
  });
  const r = await call<{ saved: number }>(`/d/${u}/fences`, {
    body: { type: 'FeatureCollection', features },
  });
  return r.saved;
}

export const deleteArea = (u: string, id: string) =>
  call<void>(`/d/${u}/fences/${encodeURIComponent(id)}`, { method: 'DELETE' });
