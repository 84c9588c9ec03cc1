// What of a plan is picked to be edited: a street, or a stop. Words and edits
// for it.
import type { Edit } from '../api/plan_change';
import type { Leg, Plan, PlanRound } from '../api/types';
import { t } from '../i18n';
import { clock, num } from '../i18n/format';

export interface PickedStreet {
  kind: 'street';
  round: PlanRound | null; // null: nobody visits it
  leg: Leg | null;
  segments: string[]; // of the stretch that is driven in one go
  segment: string; // the one that was pointed at
  name: string;
}

export interface PickedStop {
  kind: 'stop';
  round: PlanRound;
  leg: Leg;
}

export type Picked = PickedStreet | PickedStop;

/** streetAt finds who visits a segment first. */
export function streetAt(plan: Plan, segment: string, name: string): PickedStreet {
  for (const round of plan.rounds) {
    for (const leg of round.legs) {
      if (leg.kind === 'service' && leg.segments.includes(segment))
        return { kind: 'street', round, leg, segments: leg.segments, segment, name: leg.name || name };
    }
  }
  return { kind: 'street', round: null, leg: null, segments: [segment], segment, name };
}

export function stopAt(plan: Plan, unit: string, seq: number): PickedStop | null {
  const round = plan.rounds.find((r) => r.unit === unit);
  const leg = round?.legs.find((l) => l.seq === seq && (l.kind === 'stop' || l.kind === 'break'));
  return round && leg ? { kind: 'stop', round, leg } : null;
}

export function nameOf(p: Picked): string {
  if (p.kind === 'street') return p.name || t('street.unnamed');
  if (p.leg.kind === 'break') return t('edit.break', { time: clock(p.leg.start) });
  return t('edit.stopAt', { name: p.leg.name || t('round.stop'), time: clock(p.leg.start) });
}

export function detailOf(p: Picked): string {
  if (p.kind === 'street') {
    const who = p.round ? t('edit.visitedBy', { unit: p.round.callSign }) : t('edit.visitedByNobody');
    return p.segments.length > 1 ? `${who} · ${t('edit.blocks', { n: num(p.segments.length) })}` : who;
  }
  return `${p.round.callSign} · ${t('edit.minutes', { n: num(Math.round((p.leg.end - p.leg.start) / 60000)) })}`;
}

/** lockedIn tells whether what is picked is locked to its round. */
export function lockedIn(plan: Plan, p: Picked): boolean {
  const unit = p.round?.unit;
  return plan.rules.locks.some(
    (l) =>
      l.unit === unit &&
      ((l.segment === '' && l.stop === null) ||
        (p.kind === 'street' && p.segments.includes(l.segment)) ||
        (p.kind === 'stop' && l.stop !== null && samePlace(l.stop, p.leg.point))),
  );
}

function samePlace(a: readonly number[], b: readonly number[] | null): boolean {
  return b !== null && Math.abs(a[0] - b[0]) < 1e-9 && Math.abs(a[1] - b[1]) < 1e-9;
}

/** roundLocked tells whether a unit's whole round is locked. */
export function roundLocked(plan: Plan, unit: string): boolean {
  return plan.rules.locks.some((l) => l.unit === unit && l.segment === '' && l.stop === null);
}

/** lockedRounds names the units whose whole rounds are locked. */
export function lockedRounds(plan: Plan): string[] {
  return plan.rounds.filter((r) => r.ended === null && roundLocked(plan, r.unit)).map((r) => r.callSign);
}

/** dragKind marks what is dragged inside the page; the state knows what it is. */
export const dragKind = 'application/x-serenazgo-plan';
/** stopKind marks a stop of the round shown, beside dragKind. */
export const stopKind = 'application/x-serenazgo-stop';

/** stopBeside makes a stop of a round one earlier or one later; null: there is none on that side. */
export function stopBeside(round: PlanRound, seq: number, by: -1 | 1): Edit | null {
  const stops = round.legs.filter((l) => l.kind === 'stop' || l.kind === 'break');
  const i = stops.findIndex((l) => l.seq === seq);
  const other = stops[i + by];
  if (i < 0 || !other) return null;
  // One later is the next one earlier.
  const [first, second] = by < 0 ? [other, stops[i]] : [stops[i], other];
  return { op: 'retime_stop', unit: round.unit, stop: second.seq, before: first.seq };
}
