// What the figures of a plan say in one word, and what these units can reach.
// The figures are those of docs/formats.md (`verdict` and its neighbours).
import { list, numOr, obj, str } from '../api/wire';

export type Grade = 'best' | 'near' | 'fair' | 'more' | 'unknown';

export interface Enough {
  mode: string;
  missing: number; // more units of the mode, the others as they are; 0: these suffice
}

export interface Reach {
  ceiling: number; // percent of the streets that these units can visit at most
  tooFar: number; // km of street that nobody can visit and be back in time
  shifts: number; // in how many such shifts every street can be visited at best
  enough: Enough[];
}

/** reachOf reads the verdict of a plan; null where the plan has none (older plans). */
export function reachOf(figures: unknown): Reach | null {
  const v = obj(obj(figures).verdict);
  const ceiling = numOr(v.ceiling_pct, Number.NaN);
  if (!Number.isFinite(ceiling)) return null;
  return {
    ceiling,
    tooFar: numOr(v.too_far_km, 0),
    shifts: numOr(v.shifts_at_least, 1),
    enough: list(v.enough).map((e) => ({ mode: str(obj(e).mode), missing: numOr(obj(e).missing, 0) })),
  };
}

/** Rotation is how few units visit every street in several shifts. */
export interface Rotation {
  shifts: number; // this one among them
  least: number; // no plan does it in fewer
  part: number; // km of street that are this shift's
  done: number; // of these, that the plan visits
  left: number; // km for which these shifts have no room
}

/** rotationOf reads the rotation of a plan; null where one shift is enough. */
export function rotationOf(figures: unknown): Rotation | null {
  const r = obj(obj(figures).rotation);
  const shifts = numOr(r.shifts, 0);
  if (shifts < 2) return null;
  return {
    shifts,
    least: numOr(r.at_least, shifts),
    part: numOr(r.part_km, 0),
    done: numOr(r.done_km, 0),
    left: numOr(r.left_km, 0),
  };
}

/** Pool is what a plan was chosen from. */
export interface Pool {
  plans: number; // as good as the best
  days: number; // before, that they were compared with
  alike: number; // share of street and half-hour that it has in common with such a day
}

/** poolOf reads the pool of a plan; null where it was the only one. */
export function poolOf(figures: unknown): Pool | null {
  const p = obj(obj(figures).pool);
  const plans = Array.isArray(p.plans) ? p.plans.filter((m) => obj(m).kept === true).length : 0;
  if (plans < 2) return null;
  return { plans, days: numOr(p.days, 0), alike: numOr(p.alike, 0) };
}

interface Graded {
  coverage_pct?: number;
  coverage_bound_pct?: number;
  gap_pct?: number;
}

/** short tells that these units cannot visit every street: then bounds of time say nothing. */
export function short(f: Graded): boolean {
  return f.coverage_bound_pct !== undefined && f.coverage_bound_pct < 99.5;
}

/**
 * gradeOf turns how far a plan is from the best possible into four grades: where
 * not every street can be reached by the streets it leaves out that it might
 * have had, in a rotation by what it leaves out of its part, elsewhere by how much longer its longest round is than it must be.
 */
export function gradeOf(f: Graded): Grade {
  const known = (x: number | undefined): x is number => x !== undefined && Number.isFinite(x);
  const rotation = rotationOf(f);
  if (rotation && rotation.part > 0) {
    const left = 100 * (1 - rotation.done / rotation.part);
    if (left <= 0.5) return 'best';
    if (left <= 2) return 'near';
    return left <= 5 ? 'fair' : 'more';
  }
  if (known(f.coverage_pct) && known(f.coverage_bound_pct)) {
    const left = f.coverage_bound_pct - f.coverage_pct;
    if (short(f) || left > 0.5) {
      if (left <= 0.5) return 'best';
      if (left <= 2) return 'near';
      return left <= 5 ? 'fair' : 'more';
    }
  }
  if (!known(f.gap_pct)) return 'unknown';
  if (f.gap_pct <= 0.5) return 'best';
  if (f.gap_pct <= 5) return 'near';
  return f.gap_pct <= 12 ? 'fair' : 'more';
}
