// Step 5: what approving does, for whom, with which warnings, who signs and when
// the units get it: nothing hidden.
import { useSignal } from '@preact/signals';
import type { PlanBrief } from '../api/endpoints';
import * as api from '../api/endpoints';
import { type Comparison, comparePlans } from '../api/plan_change';
import type { Plan } from '../api/types';
import { t, tn } from '../i18n';
import { clock, dayTime, km, num, pct } from '../i18n/format';
import { usePrimary } from '../state/plan_step';
import { district, now, session } from '../state/session';
import { useLoad } from '../ui/load';
import { notify } from '../ui/notice';
import { Failure, Note } from '../ui/parts';
import { PrintLinks } from './plan_print';
import { RoundChip } from './plan_rounds';
import { roundShapes } from './shapes';

interface Props {
  plan: Plan;
  inForce: PlanBrief | null; // version of the shift that the units have now
  handOutAt: number; // when a published plan reaches the devices; 0: not known
  onChoose: (round: number) => void;
  onDone: () => void;
}

export function SignStep({ plan, inForce, handOutAt, onChoose, onDone }: Props) {
  const u = district.value?.ubigeo ?? '';
  const error = useSignal('');
  const busy = useSignal(false);
  const warnings = [...plan.violations, ...plan.rounds.flatMap((r) => r.violations)];
  const older = inForce && inForce.id !== plan.id ? inForce : null;
  const change = useLoad<Comparison | null>(
    (s) => (older ? comparePlans(u, plan.id, older.id, s) : Promise.resolve(null)),
    [u, plan.id, older?.id],
  );
  const open = plan.state === 'draft' || plan.state === 'approved';
  const at = handOutAt > now() ? clock(handOutAt) : '';

  const run = async (publish: boolean) => {
    if (busy.value) return;
    busy.value = true;
    error.value = '';
    try {
      if (plan.state === 'draft') await api.approvePlan(u, plan.id);
      if (publish) await api.publishPlan(u, plan.id);
      notify(
        publish
          ? tn('approve.published', plan.rounds.length, num(plan.rounds.length))
          : t('approve.approved', { n: plan.version }),
      );
    } catch (e) {
      error.value = (e as Error).message;
    }
    onDone(); // it may be approved even if it could not be published
    busy.value = false;
  };
  usePrimary(
    open
      ? {
          label: plan.state === 'draft' ? t('approve.both') : t('plan.publish'),
          run: () => void run(true),
          disabled: busy.value,
          key: 'Ctrl ↵',
        }
      : null,
  );

  return (
    <div class="stepbody scroll sign">
      <header class="pad">
        <h2>{title(plan)}</h2>
        <p>
          {plan.state === 'published'
            ? t('approve.done', {
                by: plan.approvedBy,
                time: plan.approvedAt ? dayTime(plan.approvedAt) : '—',
              })
            : at
              ? tn('approve.at', plan.rounds.length, num(plan.rounds.length)).replace('{time}', at)
              : tn('approve.text', plan.rounds.length, num(plan.rounds.length))}{' '}
          {open && t('approve.later', { n: plan.version + 1 })}
        </p>
        {plan.figures.coverage_pct !== undefined && (
          <p class="muted">{t('approve.covers', { pct: pct(plan.figures.coverage_pct) })}</p>
        )}
        <PrintLinks plan={plan} />
      </header>
      {error.value && (
        <div class="pad">
          <Failure error={error.value} />
        </div>
      )}
      <div class="pad">
        {warnings.length > 0 ? (
          <Note tone="warn" title={tn('plan.problems', warnings.length)}>
            <ul>
              {warnings.map((w) => (
                <li key={w}>{w}</li>
              ))}
            </ul>
          </Note>
        ) : (
          <Note tone="ok">{t('approve.clean')}</Note>
        )}
      </div>
      <section aria-label={t('approve.who')}>
        <h3 class="pad">{older ? t('approve.whoChange', { n: older.version }) : t('approve.who')}</h3>
        <Whom plan={plan} change={older ? change.data : null} onChoose={onChoose} />
      </section>
      {open && (
        <div class="pad row wrap signer">
          <p class="grow hint">
            {plan.state === 'draft'
              ? t('approve.signs', { name: session.value?.name || session.value?.username || '' })
              : t('approve.signed', {
                  name: plan.approvedBy,
                  time: plan.approvedAt ? dayTime(plan.approvedAt) : '—',
                })}
          </p>
          {plan.state === 'draft' && (
            <button type="button" class="btn" disabled={busy.value} onClick={() => void run(false)}>
              {t('approve.only')}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function title(p: Plan): string {
  switch (p.state) {
    case 'draft':
      return t('approve.title', { n: p.version });
    case 'approved':
      return t('approve.titlePublish', { n: p.version });
    case 'published':
      return t('approve.titleDone', { n: p.version });
    default:
      return t('approve.titleOld', { n: p.version });
  }
}

interface WhomProps {
  plan: Plan;
  change: Comparison | null; // against what the units have now; null: nothing yet
  onChoose: (round: number) => void;
}

/** Whom lists what each unit gets, or how its round changes. */
function Whom({ plan, change, onChoose }: WhomProps) {
  const shapes = roundShapes(plan);
  const told = plan.rounds.filter((r) => !change || change.units.some((x) => x.unit === r.unit && x.changed));
  const same = plan.rounds.length - told.length;
  return (
    <>
      <ul class="picklist">
        {told.map((r) => {
          const c = change?.units.find((x) => x.unit === r.unit);
          const leaves = r.legs[0]?.start;
          return (
            <li key={r.unit}>
              <button type="button" class="row" onClick={() => onChoose(r.number)}>
                <RoundChip n={r.number} hue={shapes.find((s) => s.number === r.number)?.hue ?? 1} />
                <span class="grow">
                  <strong>{r.callSign}</strong>
                  <span class="hint num">
                    {leaves ? t('approve.leaves', { time: clock(leaves) }) : ''} · {km(r.metres)} ·{' '}
                    {tn('approve.stops', r.stops, num(r.stops))}
                  </span>
                </span>
                {c && <span class="hint num">{by(c.after.km - c.before.km)}</span>}
              </button>
            </li>
          );
        })}
      </ul>
      {same > 0 && <p class="pad hint">{tn('approve.same', same, num(same))}</p>}
    </>
  );
}

const by = (d: number): string =>
  Math.abs(d) < 0.05 ? '=' : `${d > 0 ? '▲ +' : '▼ −'}${num(Math.abs(d), 1)} km`;
