// What would become of a plan if what is dragged were let go where it is: asked
// of the service while it hovers, kept for a second look.
import { signal } from '@preact/signals';
import * as api from '../api/plan_change';
import type { Plan } from '../api/types';

export interface Trial {
  unit: string; // over whose round
  change: api.Change | null; // null: still asked for
  refused: string; // why it cannot be done at all
}

/** trial is what hovers over a round; null: nothing does. */
export const trial = signal<Trial | null>(null);

const known = new Map<string, Trial>();
const most = 64;
let asked = ''; // what trial is of

/** tryOn asks what an edit that gives something to a unit would do. */
export function tryOn(u: string, plan: Plan, unit: string, edit: api.Edit): void {
  const key = `${plan.id} ${unit} ${JSON.stringify(edit)}`;
  if (trial.value && asked === key) return;
  asked = key;
  const before = known.get(key);
  trial.value = before ?? { unit, change: null, refused: '' };
  if (before) return;
  const show = (t: Trial) => {
    if (trial.value && asked === key) trial.value = t;
  };
  const keep = (t: Trial) => {
    if (known.size >= most) known.clear();
    known.set(key, t);
    show(t);
  };
  api.tryEdits(u, plan.id, [edit]).then(
    (change) => keep({ unit, change, refused: '' }),
    // What was refused for lack of a connection may be granted the next time.
    (e: Error) => show({ unit, change: null, refused: e.message }),
  );
}

/** leave ends the trial over a unit, or over whichever there is. */
export function leave(unit = ''): void {
  if (!unit || trial.value?.unit === unit) trial.value = null;
}

/** dragging marks the page while work is dragged over it. */
export function dragging(on: boolean): void {
  document.documentElement.classList.toggle('dragging-work', on);
  if (!on) leave();
}
