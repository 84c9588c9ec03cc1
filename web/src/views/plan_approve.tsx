// What approving does, for whom, and with which warnings: nothing hidden.
import { useSignal } from '@preact/signals';
import * as api from '../api/endpoints';
import type { Plan } from '../api/types';
import { t, tn } from '../i18n';
import { num, pct } from '../i18n/format';
import { district } from '../state/session';
import { notify } from '../ui/notice';
import { Dialog, Failure, Note } from '../ui/parts';

interface Props {
  plan: Plan;
  onClose: () => void;
  onDone: () => void;
}

export function Approve({ plan, onClose, onDone }: Props) {
  const u = district.value?.ubigeo ?? '';
  const error = useSignal('');
  const busy = useSignal(false);
  const warnings = [...plan.violations, ...plan.rounds.flatMap((r) => r.violations)];

  const run = async (publish: boolean) => {
    busy.value = true;
    error.value = '';
    try {
      if (plan.state === 'draft') await api.approvePlan(u, plan.id);
      if (publish) await api.publishPlan(u, plan.id);
      notify(
        publish
          ? t('approve.published', { n: num(plan.rounds.length) })
          : t('approve.approved', { n: plan.version }),
      );
      onDone();
    } catch (e) {
      error.value = (e as Error).message;
    }
    busy.value = false;
  };

  return (
    <Dialog
      title={
        plan.state === 'draft'
          ? t('approve.title', { n: plan.version })
          : t('approve.titlePublish', { n: plan.version })
      }
      onClose={onClose}
      footer={
        <>
          <button type="button" class="btn" onClick={onClose}>
            {t('cancel')}
          </button>
          {plan.state === 'draft' && (
            <button type="button" class="btn" disabled={busy.value} onClick={() => run(false)}>
              {t('approve.only')}
            </button>
          )}
          <button type="button" class="btn pri" disabled={busy.value} onClick={() => run(true)}>
            {plan.state === 'draft' ? t('approve.both') : t('plan.publish')}
          </button>
        </>
      }
    >
      <p>{tn('approve.text', plan.rounds.length)}</p>
      {plan.figures.coverage_pct !== undefined && (
        <p class="muted">{t('approve.covers', { pct: pct(plan.figures.coverage_pct) })}</p>
      )}
      {warnings.length > 0 ? (
        <Note tone="warn" title={tn('plan.problems', warnings.length)}>
          <ul class="scroll short">
            {warnings.map((w) => (
              <li key={w}>{w}</li>
            ))}
          </ul>
        </Note>
      ) : (
        <Note tone="ok">{t('approve.clean')}</Note>
      )}
      <p class="hint">{t('approve.later', { n: plan.version + 1 })}</p>
      {error.value && <Failure error={error.value} />}
    </Dialog>
  );
}
