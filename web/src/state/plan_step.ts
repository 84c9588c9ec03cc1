// The five steps of making a plan, and the one thing to do in the step shown.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Role } from '../api/types';

export const steps = ['rol', 'pnp', 'generar', 'revisar', 'aprobar'] as const;
export type Step = (typeof steps)[number];

/** shiftOfPath reads /plan/2026-11-21/noche/revisar; the step is null where the address names none. */
export function shiftOfPath(parts: readonly string[]): { shift: string; step: Step | null } {
  const [, date, code, step] = parts;
  return {
    shift: date && code ? `${date}/${code}` : '',
    step: steps.find((s) => s === step) ?? null,
  };
}

/** pathOf is the address of a step; with a version, of that one instead of the newest. */
export const pathOf = (shift: string, step: Step, version: string | null = null): string =>
  `/plan/${shift}/${step}${version ? `?v=${encodeURIComponent(version)}` : ''}`;

/** stepsOf are the steps that a role works in, or reads. */
export function stepsOf(role: Role | null): readonly Step[] {
  switch (role) {
    case 'admin':
    case 'supervisor':
      return steps;
    case 'operator':
    case 'auditor':
      return ['rol', 'pnp', 'revisar'];
    case 'liaison':
      return ['pnp'];
    default:
      return [];
  }
}

/** What is known of a shift that is planned; null: not yet. */
export interface Standing {
  roster: boolean | null; // somebody said who goes out
  police: number | null; // things of the police in the shift
  state: 'none' | 'draft' | 'approved' | 'published' | 'superseded' | null; // of the plan shown
}

/** doneOf tells which steps are done; what is not known is not done. */
export function doneOf(s: Standing): Record<Step, boolean> {
  const planned = s.state !== null && s.state !== 'none';
  const signed = planned && s.state !== 'draft';
  return {
    rol: s.roster === true || planned,
    pnp: (s.police ?? 0) > 0,
    generar: planned,
    revisar: signed,
    aprobar: signed && s.state !== 'approved',
  };
}

/** firstStep is where the work on a shift goes on; null while that is not known. */
export function firstStep(role: Role | null, s: Standing): Step | null {
  const open = stepsOf(role);
  if (open.length === 1) return open[0];
  if (!open.includes('generar')) return open.length > 0 ? 'revisar' : null;
  if (s.state === null) return null;
  if (s.state !== 'none') return 'revisar';
  return s.roster === null ? null : s.roster ? 'generar' : 'rol';
}

/** Action is the one primary button of a step. */
export interface Action {
  label: string;
  run: () => void;
  disabled?: boolean;
  key?: string; // shown beside the label
}

/** primary is the button that the header shows. */
export const primary = signal<Action | null>(null);

/** withdraw takes an action off the header, unless another step has put its own there. */
export function withdraw(mine: Action | null): void {
  if (primary.peek() === mine) primary.value = null;
}

/** usePrimary makes an action the header's button as long as the step is shown. */
export function usePrimary(a: Action | null): void {
  const mine = useRef(a);
  useEffect(() => {
    mine.current = a;
    primary.value = a;
  });
  useEffect(() => () => withdraw(mine.current), []);
}
