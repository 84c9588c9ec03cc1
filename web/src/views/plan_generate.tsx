// The solver strip: the falling line against the bound, the button that stops
// and uses what there is, how long to compute again, the seed.
import { useSignal } from '@preact/signals';
import type { Job, Plan } from '../api/types';
import { t, tn } from '../i18n';
import { num, span } from '../i18n/format';
import { job, jobError, running, sketch, start, starting, stop } from '../state/plan_job';
import { district } from '../state/session';
import { Icon } from '../ui/icons';
import { Failure } from '../ui/parts';

/** times are how long one may compute, in seconds. */
const times = [5, 20, 60, 180] as const;

interface Asked {
  shift: string;
  plan: Plan | null; // the newest version
  locked: readonly string[]; // call signs of its rounds that stay as they are
}

/** useTerms lets one say how long to compute, and what of the last version stays. */
export function useTerms({ shift, plan, locked }: Asked, usual: (typeof times)[number], label: string) {
  const seconds = useSignal<number>(usual);
  const unlock = useSignal(false);
  const loose =
    plan !== null && (plan.rules.forbids.length > 0 || plan.rules.locks.some((l) => l.segment || l.stop));
  return {
    seconds: seconds.value,
    begin: () => start(district.value?.ubigeo ?? '', shift, seconds.value, unlock.value),
    time: (
      <select
        class="in auto"
        aria-label={label}
        value={seconds.value}
        onChange={(e) => {
          seconds.value = Number(e.currentTarget.value);
        }}
      >
        {times.map((s) => (
          <option key={s} value={s}>
            {span(s)}
          </option>
        ))}
      </select>
    ),
    keeping: (
      <>
        {locked.length > 0 && (
          <label class="check">
            <input
              type="checkbox"
              checked={!unlock.value}
              onChange={(e) => {
                unlock.value = !e.currentTarget.checked;
              }}
            />
            {tn(
              'gen.keep',
              locked.length,
              `${locked.slice(0, 3).join(', ')}${locked.length > 3 ? ', …' : ''}`,
            )}
          </label>
        )}
        {loose && <p class="hint">{t('gen.loose')}</p>}
      </>
    ),
  };
}

/** Strip is the calculation beside a plan that is there already. */
export function Strip(asked: Asked & { plan: Plan }) {
  const { plan } = asked;
  const terms = useTerms(asked, 60, t('gen.options'));
  const j = job.value;
  return (
    <div class="solver">
      {jobError.value && <Failure error={jobError.value} />}
      {j && running(j) ? (
        <Progress job={j} />
      ) : (
        <>
          <div class="strip again">
            {j && j.history.length > 1 && <Curve job={j} width={64} />}
            <p class="grow hint num">
              <span>
                {plan.parent
                  ? t('gen.edited')
                  : plan.figures.solve_s
                    ? t('gen.made', { s: span(plan.figures.solve_s) })
                    : ''}
              </span>{' '}
              <span title={t('gen.seed', { seed: plan.seed })}>{t('gen.seed', { seed: plan.seed })}</span>
            </p>
            {terms.time}
            <button type="button" class="btn sm" disabled={starting.value} onClick={terms.begin}>
              {t('gen.more', { s: num(terms.seconds) })}
            </button>
          </div>
          {terms.keeping}
        </>
      )}
    </div>
  );
}

/** Progress is a calculation at work; bare without its button, which the page has elsewhere. */
export function Progress({ job: j, bare = false }: { job: Job; bare?: boolean }) {
  const u = district.value?.ubigeo ?? '';
  const queued = j.state === 'queued';
  return (
    <div class={`strip busy ${bare ? 'tall' : ''}`}>
      <Curve job={j} {...(bare ? { width: 320, height: 64 } : {})} />
      <div class="grow" aria-live="polite">
        <strong>{queued ? t('gen.queued') : sketch.value ? t('gen.onMap') : t('gen.working')}</strong>
        <span class="hint num">
          {t('gen.elapsed', { s: num(j.elapsed), of: num(j.seconds) })}
          {j.best !== null && ` · ${t('gen.best', { value: span(j.best) })}`}
          {j.best !== null && j.bound !== null && ` · ${t('fig.min', { value: span(j.bound) })}`}
        </span>
        <div class="thin">
          <i style={{ width: `${Math.min(100, (j.elapsed / Math.max(1, j.seconds)) * 100)}%` }} />
        </div>
      </div>
      {!bare && (
        <button type="button" class="btn sm" onClick={() => stop(u)}>
          <Icon name="stop" sm />
          {t('gen.stop')}
        </button>
      )}
    </div>
  );
}

/** Curve is the best plan so far falling towards the dotted bound. */
export function Curve({ job, width: w = 96, height = 36 }: { job: Job; width?: number; height?: number }) {
  const h = job.history;
  if (h.length < 2) return <svg class="curve" width={w} height={height} aria-hidden="true" />;
  const top = Math.max(...h.map((p) => p.best));
  const low = Math.min(job.bound ?? Infinity, ...h.map((p) => p.best));
  const far = Math.max(job.seconds || 1, ...h.map((p) => p.t));
  const y = (v: number) => 3 + (height - 8) * (1 - (v - low) / Math.max(1e-9, top - low));
  const points = h.map((p) => `${((p.t / far) * w).toFixed(1)},${y(p.best).toFixed(1)}`).join(' ');
  return (
    <svg
      class="curve"
      width={w}
      height={height}
      viewBox={`0 0 ${w} ${height}`}
      role="img"
      aria-label={t('gen.curve')}
    >
      {job.bound !== null && <line x1="0" x2={w} y1={y(job.bound)} y2={y(job.bound)} class="bound" />}
      <polyline points={points} />
    </svg>
  );
}
