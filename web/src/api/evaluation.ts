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
  profile: { id: string; bands_version?: number }; // of the district's own bands
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
  // The next six are absent in sessions that were taken before they were counted.
  streets_split?: Split | null;
  presence_split?: Split | null;
  occurrences?: Occurrences;
  presence_by_shift?: ShiftPresence[];
  absences?: Absence[];
  register?: { units: number; operational: number; workshop: number; no_fuel: number; retired: number };
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

/** ShiftPresence is presence in the shifts of one name, of the cells of the map in their order. */
export interface ShiftPresence {
  code: string;
  name: string;
  shifts: number;
  cells: PresenceCell['presence'][];
}

/** Absence says in which hours of the week nobody was in an area; weekdays begin with Monday. */
export interface Absence {
  sector: string; // '': all that is reviewed
  name?: string;
  cells: number;
  hours: number;
  nobody: number;
  unknown: number;
  police_known: number;
  longest: number;
  since?: string;
  week: Record<'hours' | 'nobody' | 'unknown' | 'cell_hours' | 'seen_cell_hours', number[][]>;
}

/** Split says who was there of both forces, in percent; its parts sum up to 100. */
export interface Split {
  n: number;
  municipal: number;
  police: number;
  both: number;
  integrated: number;
  nobody: number;
  unknown: number;
}

/** Count is a number of occurrences; few: one or two, which are not told. */
export interface Count {
  n: number;
  few?: boolean;
}

export interface CountRow extends Count {
  name: string;
  previous: Count | null;
  last_year: Count | null;
}

export interface Occurrences {
  n: number;
  simulated: number;
  alarms: number;
  answered: number;
  by_type: CountRow[];
  by_shift: CountRow[];
  by_sector: CountRow[];
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

/** StreetPresence is a street, and in how many shifts which force covered it. */
export interface StreetPresence {
  id: string;
  line: [number, number][];
  presence: PresenceCell['presence'];
}

export const evaluationStreets = (
  u: string,
  q: { from: string; to: string; shift: string; sector: string },
  signal?: AbortSignal,
): Promise<StreetPresence[]> =>
  call<StreetPresence[]>(`/d/${u}/evaluation/streets?${new URLSearchParams(given(q))}`, { signal });

/** given leaves out what is empty. */
const given = (q: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(q).filter(([, v]) => v !== ''));
