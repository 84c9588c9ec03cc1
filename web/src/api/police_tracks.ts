// What police vehicles drove, from files that somebody uploaded.
import { call } from './client';

export interface TrackFile {
  id: number;
  name: string;
  by?: string;
  at: string;
  units: string[];
  first: string;
  last: string;
  fixes: number;
}

export const trackFiles = (u: string, signal?: AbortSignal): Promise<TrackFile[]> =>
  call<TrackFile[]>(`/d/${u}/police/tracks`, { signal });

export const dropTracks = (u: string, id: number): Promise<void> =>
  call<void>(`/d/${u}/police/tracks/${id}`, { method: 'DELETE' });
