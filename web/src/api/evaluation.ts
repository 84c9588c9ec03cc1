// The joint review of a period, as the server sums it up.
import { call } from './client';

export interface Figure {
  value: number | null;
  n: number;
  light?: 'green' | 'amber' | 'red';
  planned?: boolean; // what the police plan expects; it was not seen
  previous: number | null;
  last_year: number | null;
}

export interface Indicator {
  key: string;
  municipal: Figure;
  police: Figure;
  integrated: Figure;
  together: Figure;
}

export interface Formula {
  key: string;
  name: string;
  unit: string;
  text: string;
  of: string;
}

export interface ShiftRow {
  code: string;
  name: string;
  shifts: number;
  units: number;
  municipal_min: number;
  police_min: number;
  integrated_min: number;
  joint_pct: number | null;
  nobody_hours: number | null;
}

export interface Gap {
  cell: string;
  streets?: string[];
  start: string;
  end: string;
  minutes: number;
}

export interface Dose {
  cell: string;
  streets?: string[];
  shifts: number;
  planned_min: number;
  municipal_min: number;
  police_min: number;
  integrated_min: number;
  pct: number;
  served: number;
}

export interface Review {
  profile: { id: string };
  verdict: {
    joint_pct: number | null;
    serenazgo_pct: number | null;
    police_pct: number | null;
    police_plan_pct: number | null;
    unknown_pct: number | null;
  };
  indicators: Indicator[];
  shifts: ShiftRow[];
  gaps: Gap[];
  dosage: Dose[];
  sources: {
    days: number;
    missing: string[];
    shifts: number;
    silent_shifts?: number;
    fixes: number;
    street_km: number;
    police: 'driven' | 'planned' | 'none';
    police_shifts: number; // with police positions
  };
}

export interface Evaluation {
  review: Review;
  formulas: Formula[];
  map: PresenceCell[];
}

/** PresenceCell is a cell, and which force was in it over the period. */
export interface PresenceCell {
  cell: string;
  ring: [number, number][];
  presence: 'none' | 'municipal' | 'police' | 'both';
}

export const evaluation = (
  u: string,
  q: { from: string; to: string; shift: string; sector: string },
  signal?: AbortSignal,
): Promise<Evaluation> => call<Evaluation>(`/d/${u}/evaluation?${new URLSearchParams(given(q))}`, { signal });

/** given leaves out what is empty. */
const given = (q: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(q).filter(([, v]) => v !== ''));
