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
import { WeekMatrix } from './semana';
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
            {data.why.length > 0 && <h3>{t('zone.why')}</h3>}
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
