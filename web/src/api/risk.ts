// The joint map of crime and risk, priority areas, and how incidents go over time.
import type { LonLat } from '../map/geo';
import { call } from './client';
import { type ImportReport, importReportOf } from './imports';

export interface RiskTerm {
  kind: string;
  weight: number;
  reach_m: number;
}

export interface RiskFactor {
  id: string;
  kind: string;
  name: string;
  source: string;
  geometry: { type: string; coordinates: unknown };
}

export interface RiskCell {
  id: string;
  ring: LonLat[];
  place?: string;
  rank: number;
  times: number;
  crime: number;
  municipal: number;
  joint: number;
  exposure: Record<string, number>;
}

export interface RiskMap {
  share: number;
  settings: { share: number; terms: RiskTerm[] };
  factors: RiskFactor[];
  cells: RiskCell[];
}

export type Level = 'high' | 'medium' | 'low';

export interface PriorityTerm {
  name: string;
  level: Level;
  from?: string;
  until?: string;
  shifts?: string[];
  ring?: LonLat[]; // outline to give the area
}

export interface PriorityAreas {
  areas: { id: string; term: PriorityTerm; in_force: boolean; ring: LonLat[] }[];
  proposed: { id: string; level: Level; rank: number; times: number; place?: string; ring: LonLat[] }[];
  refused: { id: string; until: string; reason?: string; by: string }[];
}

export interface Timeline {
  groups: string[];
  sectors: { id: string; name: string }[];
  count: number | null;
  periods: {
    start: string;
    count: number | null;
    before: number | null;
    year_ago: number | null;
    open: boolean;
  }[];
  week: (number | null)[][];
}

export interface Notices {
  weeks: number;
  tests: number;
  false_share: number;
  notices: { sector?: string; group: string; count: number; expected?: number }[];
}

export interface Feedback {
  reported: number | null;
  discovered: number | null;
  sectors: { sector: string; reported: number | null; discovered: number | null; sides: number }[];
}

export const riskMap = (u: string, shift: string, signal?: AbortSignal) =>
  call<RiskMap>(`/d/${u}/risk`, { query: { shift }, signal });

export const saveRiskSettings = (u: string, body: RiskMap['settings']) =>
  call<void>(`/d/${u}/risk/settings`, { method: 'PUT', body });

export const addRiskFactor = (u: string, kind: string, name: string, line: LonLat[]) =>
  call<{ id: string }>(`/d/${u}/risk/factors`, { body: { kind, name, line } });

/** changeRiskFactor changes one; without a line its shape stays. */
export const changeRiskFactor = (u: string, id: string, kind: string, name: string, line?: LonLat[]) =>
  call<void>(`/d/${u}/risk/factors/${encodeURIComponent(id)}`, { method: 'PUT', body: { kind, name, line } });

export const deleteRiskFactor = (u: string, id: string) =>
  call<void>(`/d/${u}/risk/factors/${encodeURIComponent(id)}`, { method: 'DELETE' });

export async function importRiskFactors(u: string, file: File): Promise<ImportReport> {
  const form = new FormData();
  form.set('file', file);
  return importReportOf(await call(`/d/${u}/risk/factors/import`, { form }));
}

export const priorityAreas = (u: string, shift: string, signal?: AbortSignal) =>
  call<PriorityAreas>(`/d/${u}/priority-areas`, { query: { shift }, signal });

export const savePriorityArea = (u: string, id: string, term: PriorityTerm) =>
  call<void>(`/d/${u}/priority-areas/${encodeURIComponent(id)}`, { method: 'PUT', body: term });

export const deletePriorityArea = (u: string, id: string) =>
  call<void>(`/d/${u}/priority-areas/${encodeURIComponent(id)}`, { method: 'DELETE' });

export const refusePriorityArea = (u: string, id: string, shift: string, until: string) =>
  call<void>(`/d/${u}/priority-areas/${encodeURIComponent(id)}/refusal`, { body: { shift, until } });

export const timeline = (
  u: string,
  query: { step: string; group: string | null; sector: string | null },
  signal?: AbortSignal,
) => call<Timeline>(`/d/${u}/timeline`, { query, signal });

export const notices = (u: string, signal?: AbortSignal) => call<Notices>(`/d/${u}/notices`, { signal });

export const feedback = (u: string, signal?: AbortSignal) => call<Feedback>(`/d/${u}/feedback`, { signal });
