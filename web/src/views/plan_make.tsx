// Step 3: what the plan is made from, how long to compute, and the calculation:
// the best plan so far is on the map already.
import type { Plan } from '../api/types';
import { t, tn } from '../i18n';
import { num, span } from '../i18n/format';
import { job, jobError, running, starting, stop } from '../state/plan_job';
import { pathOf, usePrimary } from '../state/plan_step';
import { district } from '../state/session';
import { Icon } from '../ui/icons';
import { Failure, Skeleton } from '../ui/parts';
import { Curve, Progress, useTerms } from './plan_generate';

interface Props {
  shift: string;
  plan: Plan | null; // the newest version
  known: boolean; // whether there is one
  units: number | null; // that go out; null: not known
  police: number | null;
  zones: number | null;
  locked: readonly string[];
}

export function MakeStep({ shift, plan, known, units, police, zones, locked }: Props) {
  const u = district.value?.ubigeo ?? '';
  const terms = useTerms({ shift, plan, locked }, 20, t('gen.time'));
  const j = job.value;
  const busy = running(j);
  usePrimary(
    busy
      ? { label: t('gen.stop'), run: () => stop(u) }
      : known
        ? {
            label: plan ? t('gen.again') : t('gen.start'),
            run: terms.begin,
            disabled: units === 0 || starting.value,
          }
        : null,
  );
  if (!busy && !known) return <Skeleton rows={8} />;
  return (
    <div class="stepbody scroll">
      <header class="pad">
        <h2>
          {busy ? t('gen.busyTitle') : plan ? t('gen.againTitle', { n: plan.version }) : t('gen.title')}
        </h2>
        <p class="muted">{busy ? t('gen.busyWhy') : t('plan.emptyText')}</p>
      </header>
      <ul class="needs">
        <Need
          ok={units !== null && units > 0}
          text={units === null ? '…' : tn('gen.needUnits', units, num(units))}
          href={pathOf(shift, 'rol')}
        />
        <Need
          ok={police !== null && police > 0}
          text={
            police === null
              ? '…'
              : police === 0
                ? t('verdict.noPolice')
                : tn('pnp.count', police, num(police))
          }
          href={pathOf(shift, 'pnp')}
        />
        <Need
          ok={zones !== null && zones > 0}
          text={
            zones === null ? '…' : zones === 0 ? t('gen.noZones') : tn('gen.needZones', zones, num(zones))
          }
          href="/zonas"
        />
      </ul>
      <div class="solver">
        {jobError.value && <Failure error={jobError.value} />}
        {busy && j ? (
          <>
            <Progress job={j} bare />
            <p class="hint">{t('gen.leave')}</p>
          </>
        ) : (
          <>
            <div class="row">
              <span class="grow" aria-hidden="true">
                {t('gen.time')}
              </span>
              {terms.time}
            </div>
            {terms.keeping}
            {j && j.history.length > 1 && (
              <figure class="lastrun">
                <Curve job={j} width={240} height={56} />
                <figcaption class="hint num">
                  {j.best !== null && t('gen.best', { value: span(j.best) })}
                  {j.bound !== null && ` · ${t('fig.min', { value: span(j.bound) })}`}
                </figcaption>
              </figure>
            )}
          </>
        )}
      </div>
    </div>
  );
}

/** Need is one thing that a plan is made from, there or missing. */
function Need({ ok, text, href }: { ok: boolean; text: string; href: string }) {
  return (
    <li class={ok ? 'ok' : 'warn'}>
      <Icon name={ok ? 'check' : 'warn'} sm />
      <span class="grow">{text}</span>
      <a href={href}>{t('gen.see')}</a>
    </li>
  );
}
