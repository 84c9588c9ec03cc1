// Incidents by week or month: a chart of this period and the year before, and
// below it the numbers.
import { useSignal } from '@preact/signals';
import type { Timeline } from '../api/risk';
import { t } from '../i18n';
import { date, month, num } from '../i18n/format';

type Period = Timeline['periods'][number];

/** rowsFirst is how many periods the table shows until all are asked for. */
const rowsFirst = 12;

export function Series({ periods: given, step }: { periods: Period[]; step: 'week' | 'month' }) {
  const all = useSignal(false);
  const periods = sinceFirst(given);
  const latest = [...periods].reverse();
  const rows = all.value ? latest : latest.slice(0, rowsFirst);
  const name = step === 'month' ? month : date;
  return (
    <>
      <Chart periods={periods} name={name} />
      <div class="scroll">
        <table class="tbl small">
          <thead>
            <tr>
              <th>{t(step === 'month' ? 'ztime.month' : 'ztime.weekOf')}</th>
              <th class="r">{t('ztime.count')}</th>
              <th class="r">{t('ztime.before')}</th>
              <th class="r">{t('ztime.yearAgo')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((p) => (
              <tr key={p.start}>
                <td class="num">
                  {name(p.start)} {p.open && <span class="hint">{t('ztime.open')}</span>}
                </td>
                <td class="r num">{num(p.count)}</td>
                <td class="r num">{num(p.before)}</td>
                <td class="r num">{num(p.year_ago)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {latest.length > rowsFirst && (
        <div>
          <button
            type="button"
            class="btn sm"
            onClick={() => {
              all.value = !all.value;
            }}
          >
            {all.value ? t('ztime.fewer') : t('ztime.showAll', { n: num(latest.length) })}
          </button>
        </div>
      )}
    </>
  );
}

/** sinceFirst leaves out the periods before the first incident: nothing is known of them. */
export function sinceFirst(periods: Period[]): Period[] {
  const i = periods.findIndex((p) => p.count || p.before !== null);
  return i < 0 ? [] : periods.slice(i);
}

const height = 180;
const left = 40; // for the numbers of the axis
const low = 154; // where zero is
const high = 10; // where the most is

/** runs are the stretches of values that are known, as [place, value]. */
export function runs(values: readonly (number | null)[]): [number, number][][] {
  const out: [number, number][][] = [];
  values.forEach((v, i) => {
    if (v === null) return;
    if (i > 0 && values[i - 1] !== null) out[out.length - 1].push([i, v]);
    else out.push([[i, v]]);
  });
  return out;
}

function Chart({ periods, name }: { periods: Period[]; name: (day: string) => string }) {
  const known = periods.flatMap((p) => [p.count, p.year_ago]).filter((v) => v !== null);
  if (known.length === 0 || periods.length < 2) return null;
  const narrow = innerWidth < 760; // a figure of the size it has on the screen
  const width = narrow ? 330 : 720;
  const most = niceTop(Math.max(1, ...known));
  const x = (i: number) => left + (i / (periods.length - 1)) * (width - left - 12);
  const y = (v: number) => low - (v / most) * (low - high);
  const points = (run: [number, number][]) => run.map(([i, v]) => `${x(i)},${y(v)}`).join(' ');
  const marks = [
    ...new Set((narrow ? [0, 1] : [0, 1 / 3, 2 / 3, 1]).map((f) => Math.round(f * (periods.length - 1)))),
  ];
  return (
    <>
      <svg class="serieschart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('ztime.chart')}>
        {[0, most / 2, most].map((v) => (
          <g key={v}>
            <line class="axis" x1={left} x2={width - 12} y1={y(v)} y2={y(v)} />
            <text class="end" x={left - 6} y={y(v) + 4}>
              {num(v, v % 1 ? 1 : 0)}
            </text>
          </g>
        ))}
        {marks.map((i) => (
          <text
            key={i}
            x={x(i)}
            y={height - 6}
            text-anchor={i === 0 ? 'start' : i === periods.length - 1 ? 'end' : 'middle'}
          >
            {name(periods[i].start)}
          </text>
        ))}
        {runs(periods.map((p) => p.year_ago)).map((run) => (
          <polyline key={run[0][0]} class="past" points={points(run)} />
        ))}
        {runs(periods.map((p) => p.count)).map((run) => (
          <polyline key={run[0][0]} points={points(run)} />
        ))}
        {periods.map(
          (p, i) =>
            p.count !== null && (
              <circle key={p.start} cx={x(i)} cy={y(p.count)} r="3" class={p.open ? 'open' : undefined}>
                <title>{`${name(p.start)}: ${num(p.count)}`}</title>
              </circle>
            ),
        )}
      </svg>
      <div class="row wrap chartkey" aria-hidden="true">
        <Key words={t('ztime.count')} />
        <Key words={t('ztime.yearAgo')} past />
      </div>
    </>
  );
}

function Key({ words, past = false }: { words: string; past?: boolean }) {
  return (
    <span class="row">
      <svg viewBox="0 0 24 8" aria-hidden="true">
        <line x1="0" x2="24" y1="4" y2="4" class={past ? 'past' : undefined} />
      </svg>
      {words}
    </span>
  );
}

/** niceTop is the least of 1, 2, 4, 5, 6, 8 × 10ⁿ that is not below the most. */
export function niceTop(most: number): number {
  const unit = 10 ** Math.floor(Math.log10(most));
  return unit * ([1, 2, 4, 5, 6, 8].find((k) => k * unit >= most) ?? 10);
}
