// Links that show units to people without an account.
import type { Bounds, LonLat } from '../map/geo';
import { call } from './client';

export interface ShareLink {
  id: string;
  units: string[];
  note: string;
  createdBy: string;
  expires: number;
  looks: number;
  open: boolean;
}

interface Raw {
  id: string;
  units: string[];
  note: string;
  created_by: string;
  expires_at: string;
  looks: number;
  open: boolean;
}

export const shares = async (u: string, signal?: AbortSignal): Promise<ShareLink[]> =>
  (await call<Raw[]>(`/d/${u}/shares`, { signal })).map((r) => ({
    id: r.id,
    units: r.units,
    note: r.note,
    createdBy: r.created_by,
    expires: Date.parse(r.expires_at),
    looks: r.looks,
    open: r.open,
  }));

/** makeShare gives the link's address; its secret is told only now. */
export async function makeShare(u: string, units: string[], minutes: number, note: string): Promise<string> {
  const r = await call<{ path: string }>(`/d/${u}/shares`, { body: { units, minutes, note } });
  return location.origin + r.path;
}

export const revokeShare = (u: string, id: string) =>
  call<void>(`/d/${u}/shares/${encodeURIComponent(id)}`, { method: 'DELETE' });

export interface SharedUnit {
  number: number;
  mode: string;
  link: 'online' | 'stale' | 'offline';
  motion: string;
  at?: string;
  point?: LonLat;
  course?: number;
}

export interface Shared {
  district: string;
  time_zone: string;
  server_time: string;
  expires_at: string;
  tiles?: string;
  bounds?: Bounds;
  boundary?: unknown;
  units: SharedUnit[];
}

/** shared asks what a link shows; null: nothing any more. */
export async function shared(token: string, signal?: AbortSignal): Promise<Shared | null> {
  const res = await fetch('/api/v1/shared', {
    headers: { 'X-Share-Token': token },
    credentials: 'omit',
    signal,
  });
  if (res.status === 410 || res.status === 400) return null;
  if (!res.ok) throw new Error(String(res.status));
  return (await res.json()) as Shared;
}
