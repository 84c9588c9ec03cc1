// Changing a plan: by hand, in the middle of the shift, back to an older
// version; and what differs between two versions.
import type { LonLat } from '../map/geo';
import { call } from './client';
import type { Plan, PlanRound } from './types';
import { planOf } from './wire';

export interface Edit {
  op:
    | 'move_street'
    | 'drop_street'
    | 'move_stop'
    | 'retime_stop'
    | 'add_stop'
    | 'drop_stop'
    | 'lock'
    | 'unlock'
    | 'forbid'
    | 'permit';
  unit?: string;
  to?: string;
  segments?: string[];
  stop?: number;
  before?: number;
  at?: string;
  minutes?: number;
  point?: LonLat;
  name?: string;
}

export interface ShiftEvent {
  kind: 'unit_lost' | 'unit_added' | 'street_closed' | 'alert';
  unit?: string;
  segments?: string[];
  point?: LonLat;
  until?: string;
}

export interface Standing {
  driven_km: number;
  coverage_pct: number;
  working_min: number;
  hot_gap_worst_min: number;
  stops: number;
}

export interface PlanNote {
  code: string;
  unit?: string;
  from?: string;
  segments?: string[];
  name?: string;
  metres?: number;
  minutes?: number;
  at?: string;
}

/** Change is what became of a plan. */
export interface Change {
  plan: Plan; // head and the rounds that changed; the id is empty if nothing was kept
  units: string[];
  notes: PlanNote[];
  before: Standing;
  after: Standing;
  violations: string[]; // of the units that changed
  all: { unit?: string; message: string }[]; // of the whole plan
}

interface ChangeBody {
  head?: Record<string, unknown>;
  units: string[];
  rounds: unknown[];
  violations: { unit?: string; message: string }[];
  notes: PlanNote[];
  before: Standing;
  after: Standing;
}

const changeOf = (x: ChangeBody): Change => ({
  plan: planOf({ head: x.head ?? {}, rounds: x.rounds, violations: x.violations }),
  units: x.units,
  notes: x.notes,
  before: x.before,
  after: x.after,
  violations: x.violations.filter((v) => !v.unit || x.units.includes(v.unit)).map((v) => v.message),
  all: x.violations,
});

const at = (u: string, id: string) => `/d/${u}/plans/${encodeURIComponent(id)}`;

export const editPlan = async (u: string, id: string, edits: Edit[]): Promise<Change> =>
  changeOf(await call<ChangeBody>(`${at(u, id)}/edits`, { body: { edits } }));

/** tryEdits tells what edits would cost and break; it keeps nothing and brings no rounds. */
export const tryEdits = async (u: string, id: string, edits: Edit[]): Promise<Change> =>
  changeOf(await call<ChangeBody>(`${at(u, id)}/edits`, { body: { edits, dry_run: true, brief: true } }));

export const replan = async (u: string, id: string, events: ShiftEvent[], dry: boolean): Promise<Change> =>
  changeOf(await call<ChangeBody>(`${at(u, id)}/replan`, { body: { events, dry_run: dry } }));

/** restorePlan makes the newest version a copy of an older one and gives its id and number. */
export const restorePlan = (u: string, id: string, newest: string) =>
  call<{ id: string; version: number; parent?: string }>(`${at(u, id)}/restore`, { body: { newest } });

export interface RoundFigures {
  km: number;
  service_km: number;
  stops: number;
  minutes: number;
}

export interface Comparison {
  before_version: number;
  after_version: number;
  before: RoundFigures;
  after: RoundFigures;
  covered_km: [number, number];
  overlap_pct: number;
  units: {
    unit: string;
    call_sign: string;
    before: RoundFigures;
    after: RoundFigures;
    overlap_pct: number;
    changed: boolean;
  }[];
  handed_km: number;
  handed_streets: number;
  handed: {
    features: {
      geometry: { type: string; coordinates: unknown };
      properties: { segment: string; name: string; from: string; to: string; metres: number };
    }[];
  };
}

export const comparePlans = (u: string, id: string, older: string, signal?: AbortSignal) =>
  call<Comparison>(`${at(u, id)}/compare`, { query: { with: older }, signal });

/** merged puts the rounds that changed in the place of the old ones. */
export function merged(old: Plan, c: Change): Plan {
  const now = new Map(c.plan.rounds.map((r) => [r.unit, r]));
  const gone = new Set(c.units.filter((x) => !now.has(x)));
  const rounds: PlanRound[] = old.rounds.filter((r) => !gone.has(r.unit)).map((r) => now.get(r.unit) ?? r);
  for (const r of c.plan.rounds) if (!old.rounds.some((o) => o.unit === r.unit)) rounds.push(r);
  const units = new Set(rounds.map((r) => r.unit));
  return {
    ...c.plan,
    rounds: rounds.map((r) => ({
      ...r,
      violations: c.all.filter((v) => v.unit === r.unit).map((v) => v.message),
    })),
    violations: c.all.filter((v) => !v.unit || !units.has(v.unit)).map((v) => v.message),
  };
}
