// What hands do to a plan: by key, by menu, by dragging, and back again.
import type { Edit } from '../api/plan_change';
import type { Plan } from '../api/types';
import { t } from '../i18n';
import { canRedo, canUndo, edit, edited, redo, undo, undoTo } from '../state/plan_edit';
import { dragging, leave, tryOn } from '../state/plan_trial';
import { setQuery } from '../state/router';
import { signOf } from './plan_change';
import { nameOf, type Picked, roundLocked, stopBeside } from './plan_pick';
import { moveEdit } from './plan_picked';

interface Given {
  u: string;
  plan: Plan | null;
  editable: boolean;
  picked: Picked | null;
  unit: string; // of the round shown; empty: none
  after: () => void; // read the versions anew
}

export function handsOn({ u, plan, editable, picked, unit, after }: Given) {
  const apply = (edits: Edit[], words: string) => {
    if (!plan || !editable) return;
    void edit(u, plan, edits, words).then((ok) => {
      if (!ok) return;
      setQuery({ v: null, p: null });
      after();
    });
  };
  const lockRound = () => {
    const round = plan?.rounds.find((r) => r.unit === unit);
    if (!round || !plan) return;
    const op = roundLocked(plan, unit) ? 'unlock' : 'lock';
    apply([{ op, unit }], t(`edit.did.${op}`, { name: t('edit.round'), unit: round.callSign }));
  };
  const takeOut = () => {
    if (!picked) return;
    const name = nameOf(picked);
    if (picked.kind === 'street')
      apply([{ op: 'drop_street', segments: picked.segments }], t('edit.did.drop_street', { name }));
    else if (picked.leg.kind === 'stop')
      apply(
        [{ op: 'drop_stop', unit: picked.round.unit, stop: picked.leg.seq }],
        t('edit.did.drop_stop', { name }),
      );
  };
  const give = (to: string) => {
    dragging(false);
    const e = picked && moveEdit(picked, to);
    if (e && picked && plan)
      apply([e], t(`edit.did.${e.op}`, { name: nameOf(picked), unit: signOf(plan, to) }));
  };
  /** hover tries giving what is picked to a unit; it tells whether that can be. */
  const hover = (to: string | null): boolean => {
    const e = picked && to !== null ? moveEdit(picked, to) : null;
    if (e && to !== null && plan) tryOn(u, plan, to, e);
    else leave();
    return e !== null;
  };
  /** reorder puts a stop of the round shown before another one of it, or after the last. */
  const reorder = (seq: number, by: -1 | 1) => {
    if (picked?.kind !== 'stop') return;
    const e = stopBeside(picked.round, seq, by);
    if (e) apply([e], t('edit.did.reorder', { name: nameOf(picked) }));
  };
  /** before has the stop that is picked made before another one of its round. */
  const before = (seq: number) => {
    dragging(false);
    if (picked?.kind !== 'stop' || picked.leg.seq === seq) return;
    apply(
      [{ op: 'retime_stop', unit: picked.round.unit, stop: picked.leg.seq, before: seq }],
      t('edit.did.reorder', { name: nameOf(picked) }),
    );
  };
  const back = (how: typeof undo) => () => {
    if (!plan || !editable) return;
    void how(u, plan, () => {
      edited.value = null;
      setQuery({ v: null, p: null });
      after();
    });
  };
  return {
    apply,
    lockRound,
    takeOut,
    give,
    hover,
    reorder,
    before,
    undo: editable && canUndo(plan) ? back(undo) : null,
    redo: editable && canRedo(plan) ? back(redo) : null,
    restore: (newest: string) => {
      if (!plan) return;
      void undoTo(u, plan.id, newest).then((ok) => {
        if (!ok) return;
        setQuery({ v: null });
        after();
      });
    },
  };
}
