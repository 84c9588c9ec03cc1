// The calculation of a shift's plan: begun here, or found running when the page
// opens; how far it is, and the best rounds that it has so far.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { APIError } from '../api/client';
import * as api from '../api/planning';
import type { Job } from '../api/types';
import { jobOf } from '../api/wire';
import { t } from '../i18n';
import { notify } from '../ui/notice';
import { jobEvent } from './live';

/** job is the last calculation of the shift shown, as far as this page knows. */
export const job = signal<Job | null>(null);
export const jobError = signal('');
/** sketch is the best that the running calculation has; null: nothing yet. */
export const sketch = signal<api.Sketch[] | null>(null);

/** starting: a calculation is asked for, and there is no answer yet. */
export const starting = signal(false);

export const running = (j: Job | null): boolean =>
  j !== null && (j.state === 'queued' || j.state === 'running');

let followed = ''; // district and shift whose calculation is followed
let done: () => void = () => {};
let drawn = 0; // version of the sketch shown
let drawing = false;

function draw(u: string, j: Job): void {
  if (j.sketch <= drawn || drawing) return;
  drawing = true;
  api
    .jobSketch(u, j.id)
    .then(
      (s) => {
        if (job.value?.id !== j.id || !running(job.value)) return;
        drawn = j.sketch;
        sketch.value = s;
      },
      () => {}, // another process calculates: there is nothing to show
    )
    .finally(() => {
      drawing = false;
    });
}

function heard(u: string, j: Job): void {
  if (job.value?.id !== j.id || !running(job.value)) return;
  job.value = { ...j, history: j.history.length > 0 ? j.history : job.value.history };
  if (running(j)) {
    draw(u, j);
    return;
  }
  sketch.value = null;
  if (j.plan) {
    notify(t('gen.done'));
    done();
  } else jobError.value = j.message || t('gen.failed');
}

const keyOf = (u: string, shift: string) => `${u} ${shift}`;

function begin(j: Job): void {
  job.value = j;
  jobError.value = '';
  sketch.value = null;
  drawn = 0;
}

/** useJobOf follows the calculation of a shift; whenDone is called with a new plan. */
export function useJobOf(u: string, shift: string, mine: boolean, whenDone: () => void): void {
  done = whenDone;
  useEffect(() => {
    job.value = null;
    jobError.value = '';
    sketch.value = null;
    if (!mine || !u || !shift) return;
    followed = keyOf(u, shift);
    const stop = new AbortController();
    api.jobs(u, shift, stop.signal).then(
      ([newest]) => {
        if (newest && running(newest) && !stop.signal.aborted && !job.value) begin(newest);
      },
      () => {}, // what was begun here is known all the same
    );
    // The live channel brings progress; asking every second covers moments without it.
    const forget = jobEvent.subscribe((e) => {
      if (e) heard(u, jobOf(e));
    });
    const timer = setInterval(() => {
      const j = job.value;
      if (!j || !running(j)) return;
      api.job(u, j.id).then(
        (now) => {
          if (running(job.value)) jobError.value = '';
          heard(u, now);
        },
        (e: APIError) => {
          jobError.value = e.message;
          // Of a calculation that the service knows nothing of, nothing more will come.
          if (e.status === 404) {
            job.value = null;
            sketch.value = null;
            jobError.value = t('gen.lost');
          }
        },
      );
    }, 1000);
    return () => {
      followed = '';
      stop.abort();
      forget();
      clearInterval(timer);
    };
  }, [u, shift, mine]);
}

/** start asks for a calculation; its answer is of no use once another shift is shown. */
export function start(u: string, shift: string, seconds: number, unlock: boolean): void {
  if (starting.value) return;
  starting.value = true;
  jobError.value = '';
  const shown = () => followed === keyOf(u, shift);
  api
    .startPlan(u, { shift, seconds, unlock })
    .then(
      (j) => {
        if (shown()) begin(j);
      },
      (e: Error) => {
        if (shown()) jobError.value = e.message;
      },
    )
    .finally(() => {
      starting.value = false;
    });
}

/** stop ends the calculation with the best it has. */
export function stop(u: string): void {
  if (!job.value) return;
  api.stopJob(u, job.value.id).catch((e: Error) => {
    jobError.value = e.message;
  });
}
