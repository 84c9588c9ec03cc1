// The solver strip: how long to compute, the falling line against the bound,
// and the button that stops and uses what there is.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { APIError } from '../api/client';
import * as api from '../api/endpoints';
import type { Job, Plan } from '../api/types';
import { jobOf } from '../api/wire';
import { t, tn } from '../i18n';
import { num, span } from '../i18n/format';
import { jobEvent } from '../state/live';
import { district } from '../state/session';
import { Icon } from '../ui/icons';
import { notify } from '../ui/notice';
import { Failure } from '../ui/parts';

interface Props {
  shift: string;
  first: boolean; // there is no plan yet
  plan: Plan | null; // shown above, whose calculation the strip tells of
  locked: readonly string[]; // call signs of the rounds that stay as they are
  onDone: () => void;
}

const running = (j: Job | null) => j !== null && (j.state === 'queued' || j.state === 'running');

export function Generate({ shift, first, plan, locked, onDone }: Props) {
  const u = district.value?.ubigeo ?? '';
  const job = useSignal<Job | null>(null);
  const error = useSignal('');
  const seconds = useSignal(first ? 20 : 60);
  const unlock = useSignal(false);
  const loose =
    plan !== null && (plan.rules.forbids.length > 0 || plan.rules.locks.some((l) => l.segment || l.stop));

  const finish = (j: Job) => {
    job.value = j;
    if (running(j)) return;
    if (j.state === 'failed') error.value = j.message || t('gen.failed');
    else {
      notify(t('gen.done'));
      onDone();
    }
  };

  // The live channel brings progress; asking every second covers roles and moments without it.
  useEffect(() => {
    const e = jobEvent.value;
    if (!e || !job.value) return;
    const j = jobOf(e);
    if (j.id === job.value.id && running(job.value))
      finish({ ...j, history: j.history.length ? j.history : job.value.history });
  }, [jobEvent.value]);
  const id = running(job.value) ? job.value?.id : undefined;
  useEffect(() => {
    if (!id) return;
    const timer = setInterval(() => {
      api.job(u, id).then(
        (j) => {
          error.value = '';
          if (running(job.value)) finish(j);
        },
        (e: APIError) => {
          error.value = e.message;
          // Of a calculation that the service knows nothing of, nothing more will come.
          if (e.status === 404) {
            job.value = null;
            error.value = t('gen.lost');
          }
        },
      );
    }, 1000);
    return () => clearInterval(timer);
  }, [id]);
  useEffect(() => {
    job.value = null;
    error.value = '';
  }, [shift, u]);

  const start = (time = seconds.value) => {
    error.value = '';
    api.startPlan(u, { shift, seconds: time, unlock: unlock.value }).then(
      (j) => {
        job.value = j;
      },
      (e: Error) => {
        error.value = e.message;
      },
    );
  };
  const stop = () => {
    if (!job.value) return;
    api.stopJob(u, job.value.id).catch((e: Error) => {
      error.value = e.message;
    });
  };

  const j = job.value;
  return (
    <div class="solver">
      {error.value && <Failure error={error.value} />}
      {running(j) && j ? (
        <div class="strip busy">
          <Curve job={j} />
          <div class="grow" aria-live="polite">
            <strong>{j.phase || t('gen.working')}</strong>
            <span class="hint num">
              {t('gen.elapsed', { s: num(j.elapsed), of: num(j.seconds || seconds.value) })}
              {j.best !== null && ` · ${t('gen.best', { value: span(j.best) })}`}
            </span>
            <div class="thin">
              <i
                style={{
                  width: `${Math.min(100, (j.elapsed / Math.max(1, j.seconds || seconds.value)) * 100)}%`,
                }}
              />
            </div>
          </div>
          <button type="button" class="btn sm" onClick={stop}>
            <Icon name="stop" sm />
            {t('gen.stop')}
          </button>
        </div>
      ) : (
        <div class="strip">
          {j && j.history.length > 1 && <Curve job={j} />}
          {plan && (
            <p class="grow hint num">
              {plan.parent
                ? t('gen.edited')
                : plan.figures.solve_s
                  ? t('gen.made', { s: span(plan.figures.solve_s) })
                  : ''}
              <br />
              {t('gen.seed', { seed: plan.seed })}
            </p>
          )}
          <label class={plan ? 'row' : 'row grow'}>
            <span class={plan ? 'sr' : 'muted'}>{plan ? t('gen.options') : t('gen.time')}</span>
            <select
              class="in auto"
              value={seconds.value}
              onChange={(e) => (seconds.value = Number(e.currentTarget.value))}
            >
              {[5, 20, 60, 180].map((s) => (
                <option key={s} value={s}>
                  {span(s)}
                </option>
              ))}
            </select>
          </label>
          <button type="button" class={first ? 'btn pri' : 'btn sm'} onClick={() => start()}>
            {first ? t('gen.start') : t('gen.more', { s: num(seconds.value) })}
          </button>
        </div>
      )}
      {!running(j) && locked.length > 0 && (
        <label class="check">
          <input
            type="checkbox"
            checked={!unlock.value}
            onChange={(e) => (unlock.value = !e.currentTarget.checked)}
          />
          {tn('gen.keep', locked.length, `${locked.slice(0, 3).join(', ')}${locked.length > 3 ? ', …' : ''}`)}
        </label>
      )}
      {!running(j) && loose && <p class="hint">{t('gen.loose')}</p>}
    </div>
  );
}

/** Curve is the best plan so far falling towards the dotted bound. */
function Curve({ job }: { job: Job }) {
  const h = job.history;
  const w = 96;
  const height = 36;
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
