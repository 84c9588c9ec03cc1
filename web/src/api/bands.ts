// The bands of the traffic light of joint reviews.
import { call } from './client';

export interface Bands {
  green: number;
  amber: number;
  of?: Record<string, [number, number]>; // of single indicators: green, amber
  hot_minutes: number;
  hot_gap_minutes: number;
}

export interface BandsView {
  profile: string;
  version: number; // 0: those of the profile
  set_at?: string;
  set_by?: string;
  bands: Bands;
  default: Bands;
  indicators: { key: string; name: string; common: boolean }[];
}

export const bandsOf = (u: string, signal?: AbortSignal): Promise<BandsView> =>
  call<BandsView>(`/d/${u}/evaluation/bands`, { signal });

/** saveBands sets the district's own, null: those of the profile again. */
export const saveBands = (u: string, bands: Bands | null): Promise<void> =>
  call(`/d/${u}/evaluation/bands`, { method: 'PUT', body: { bands } });
