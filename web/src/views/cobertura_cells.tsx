// The cells that were longest without any force in a shift.
import { type CellPresence, coverage } from '../api/endpoints';
import { t, tn } from '../i18n';
import { num, span } from '../i18n/format';
import { district } from '../state/session';
import { useLoad } from '../ui/load';

const shown = 8;

export function AloneCells({ shift, onPick }: { shift: string; onPick: (c: CellPresence) => void }) {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad(
    (s) => (u && shift ? coverage(u, shift, s) : Promise.resolve(null)),
    [u, shift],
    `${u} ${shift}`,
  );
  const cells = load.data?.cells.slice(0, shown) ?? [];
  if (cells.length === 0) return null;
  return (
    <section aria-label={t('cov.alone')}>
      <h2 class="listtitle">{t('cov.alone')}</h2>
      <ol class="cells">
        {cells.map((c, i) => (
          <li key={c.cell}>
            <button type="button" class="cellrow" onClick={() => onPick(c)}>
              <span class="rank num">{i + 1}</span>
              <span class="grow">{t('cov.aloneFor', { time: span(c.gapMin * 60) })}</span>
              <small class="muted num">{tn('cov.visits', c.visits, num(c.visits))}</small>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
