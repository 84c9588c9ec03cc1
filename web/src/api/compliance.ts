// What the units of a shift did of their plan, and what is missing.
import { call } from './client';
import { list, numOr, obj, str, when } from './wire';

type Raw = Record<string, unknown>;

export type LegStatus = 'done' | 'late' | 'skipped' | 'pending';

export interface Missing {
  km: number;
  minutes: number;
  stops: number;
  cells: number;
}

/** Tally is km of the legs that patrol, by what became of them. */
export interface Tally {
  planned: number;
  done: number;
  late: number;
  skipped: number;
  pending: number;
  extra: number;
}

/** ComplianceLeg is a leg that was late or left out. */
export interface ComplianceLeg {
  seq: number;
  name: string;
  segment: string;
  km: number;
  status: LegStatus;
  reason: string;
  by: string;
  delayMin: number;
}

export interface ComplianceStop {
  seq: number; // 0: nobody planned it
  name: string;
  start: number | null;
  status: LegStatus;
  reason: string;
  arrived: number | null;
  left: number | null;
  minutes: number;
  planned: number;
}

export interface UnitCompliance {
  unit: string;
  callSign: string;
  round: number;
  complied: boolean;
  tally: Tally;
  missing: Missing;
  stopsPlanned: number;
  stopsDone: number;
  minutesPlanned: number;
  minutesDone: number;
  silentMin: number;
  legs: ComplianceLeg[];
  stops: ComplianceStop[];
}

export interface Compliance {
  final: boolean;
  at: number | null;
  profile: string;
  complied: number;
  tally: Tally;
  missing: Missing;
  units: UnitCompliance[];
}

const tallyOf = (x: unknown): Tally => {
  const r = obj(x);
  const km = (k: string) => numOr(r[`${k}_km`], 0);
  return {
    planned: km('planned'),
    done: km('done'),
    late: km('late'),
    skipped: km('skipped'),
    pending: km('pending'),
    extra: km('extra'),
  };
};

const missingOf = (x: unknown): Missing => {
  const r = obj(x);
  return {
    km: numOr(r.km, 0),
    minutes: numOr(r.minutes, 0),
    stops: numOr(r.stops, 0),
    cells: numOr(r.cells, 0),
  };
};

const unitOf = (r: Raw): UnitCompliance => ({
  unit: str(r.unit),
  callSign: str(r.call_sign) || str(r.unit),
  round: numOr(r.round, 0),
  complied: r.complied === true,
  tally: tallyOf(r.tally),
  missing: missingOf(r.missing),
  stopsPlanned: numOr(r.stops_planned, 0),
  stopsDone: numOr(r.stops_done, 0),
  minutesPlanned: numOr(r.minutes_planned, 0),
  minutesDone: numOr(r.minutes_done, 0),
  silentMin: numOr(r.silent_min, 0),
  legs: list(r.legs).map((l) => ({
    seq: numOr(l.seq, 0),
    name: str(l.name),
    segment: str(l.segment),
    km: numOr(l.km, 0),
    status: str(l.status) as LegStatus,
    reason: str(l.reason),
    by: str(l.by),
    delayMin: numOr(l.delay_min, 0),
  })),
  stops: list(r.stops).map((s) => ({
    seq: numOr(s.seq, 0),
    name: str(s.name),
    start: when(s.start),
    status: str(s.status) as LegStatus,
    reason: str(s.reason),
    arrived: when(s.arrived),
    left: when(s.left),
    minutes: numOr(s.minutes, 0),
    planned: numOr(s.planned_min, 0),
  })),
});

/** compliance gives null where the shift has no plan to compare with. */
export async function compliance(u: string, shift: string, signal?: AbortSignal): Promise<Compliance | null> {
  const r = await call<Raw>(`/d/${u}/compliance`, { query: { shift }, signal }).catch((e) => {
    if ((e as { status?: number }).status === 404) return null;
    throw e;
  });
  return (
    r && {
      final: r.final === true,
      at: when(r.at),
      profile: str(r.profile),
      complied: numOr(r.complied, 0),
      tally: tallyOf(r.tally),
      missing: missingOf(r.missing),
      units: list(r.units).map(unitOf),
    }
  );
}
