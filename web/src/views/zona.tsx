// One cell of Zonas: why it is expected to have events, whether they grew, and
// at what hours of the week they happened.
import * as api from '../api/endpoints';
import type { CellPast, HotCell } from '../api/types';
import { t, tk } from '../i18n';
import { num, pct } from '../i18n/format';
import { district } from '../state/session';
import { Icon } from '../ui/icons';
import { useLoad } from '../ui/load';
import { Failure, Skeleton } from '../ui/parts';
import { HarmOf, Sure } from './zona_segura';

interface Props {
  cell: HotCell;
  shift: string;
  onClose: () => void;
}

export function CellDrawer({ cell, shift, onClose }: Props) {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad((s) => api.cellWhy(u, cell.id, shift, s), [u, cell.id, shift]);
  const data = load.data?.id === cell.id ? load.data : null; // not that of the cell before
  const name = cell.place || t('zones.cell', { n: cell.rank });
  return (
    <section class="card drawer cellwhy" aria-label={t('zone.title', { name })}>
      <header class="row">
        <div class="grow">
          <h2 class="ell">{name}</h2>
          <p class="hint">{t('zone.expected', { n: num(cell.expected, 2), rank: num(cell.rank) })}</p>
        </div>
        <button type="button" class="btn quiet icon sm" onClick={onClose} aria-label={t('close')}>
          <Icon name="close" sm />
        </button>
      </header>
      <div class="scroll body">
        {load.error && <Failure error={load.error} retry={load.reload} />}
        {!data && !load.error && <Skeleton rows={6} />}
        {data && (
          <>
            <h3>{t('zone.why')}</h3>
            <ul class="whys">
              {data.why
                .filter((w) => w.share >= 0.015)
                .map((w) => (
                  <li key={`${w.because}${w.near}`}>
                    <span class="grow">
                      {tk('because', w.because)}
                      {w.near && <span class="hint"> {t('zone.near')}</span>}
                    </span>
                    <span class="num">{pct(w.share * 100, 0)}</span>
                    <span class="bar" aria-hidden="true">
                      <i style={{ width: `${w.share * 100}%` }} class="heatbar" />
                    </span>
                  </li>
                ))}
            </ul>
            {data.sure && <Sure sure={data.sure} />}
            {data.groups.length > 0 && <HarmOf harm={data.harm} groups={data.groups} />}
            {data.past ? <Past past={data.past} /> : <p class="hint">{t('zone.notTold')}</p>}
          </>
        )}
      </div>
    </section>
  );
}

function Past({ past }: { past: CellPast }) {
  const change = past.change > 0 ? 'up' : past.change < 0 ? 'down' : 'same';
  return (
    <>
      <h3>{t('zone.trend')}</h3>
      <p>
        {past.change !== 0 && <strong>{past.change > 0 ? '▲ ' : '▼ '}</strong>}
        {tk('zone.change', change)}{' '}
        <span class="muted">
          {t('zone.counts', { last: num(past.last28), usual: num(past.before84 / 3, 1) })}{' '}
          <Ratio past={past} />
        </span>
      </p>
      <h3>{t('zone.week')}</h3>
      <p class="hint">{t('zone.weekOf', { n: num(past.count) })}</p>
      <WeekMatrix week={past.week} />
    </>
  );
}

/** Ratio is how surely the last days differ from those before. */
function Ratio({ past }: { past: CellPast }) {
  if (past.last28 + past.before84 === 0 || past.ratio_low === undefined) return null;
  const low = num(past.ratio_low, 1);
  if (past.ratio_high === undefined) return <>{t('zone.ratioOpen', { low })}</>;
  return <>{t('zone.ratio', { low, high: num(past.ratio_high, 1) })}</>;
}

/** Days in the order of a Peruvian calendar, by their number (Sunday = 0). */
const days = [1, 2, 3, 4, 5, 6, 0];
/** Hours are shown in blocks of two, so that one square fits a finger's width of screen. */
const blocks = Array.from({ length: 12 }, (_, i) => i * 2);

/** WeekMatrix is hour × weekday, five classes of equal width with their scale. */
export function WeekMatrix({ week }: { week: number[][] }) {
  const at = (d: number, h: number) => (week[d]?.[h] ?? 0) + (week[d]?.[h + 1] ?? 0);
  const most = Math.max(...days.flatMap((d) => blocks.map((h) => at(d, h))));
  const level = (n: number) => (n <= 0 || most <= 0 ? 0 : Math.max(1, Math.ceil((n / most) * 5)));
  return (
    <>
      <table class="week">
        <thead>
          <tr>
            <th scope="col">
              <span class="sr">{t('zone.day')}</span>
            </th>
            {blocks.map((h) => (
              <th key={h} scope="col">
                {h % 6 === 0 ? h : <span class="sr">{h}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map((d) => (
            <tr key={d}>
              <th scope="row">{tk('weekday', String(d))}</th>
              {blocks.map((h) => {
                const n = at(d, h);
                const words = t('zone.square', {
                  day: tk('weekday', String(d)),
                  from: h,
                  to: h + 2,
                  n: num(n, n % 1 ? 1 : 0),
                });
                return (
                  <td key={h} title={words} class={`w${level(n)}`}>
                    <span class="sr">{num(n, n % 1 ? 1 : 0)}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {most > 0 && (
        <p class="hint row">
          <span>{t('zone.scale')}</span> <i class="k w0" /> 0 <i class="k w1" /> {'>'} 0 <i class="k w5" />{' '}
          {num(most, most % 1 ? 1 : 0)}
        </p>
      )}
    </>
  );
}
