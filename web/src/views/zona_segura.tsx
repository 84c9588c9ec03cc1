// How sure the forecast of one cell is, and what harm it is made of, with the
// formula to be found.
import type { CellGroup, CellSure } from '../api/forecast';
import { t, tk } from '../i18n';
import { num, pct } from '../i18n/format';
import { Note } from '../ui/parts';

export function Sure({ sure }: { sure: CellSure }) {
  return (
    <>
      <h3>{t('sure.title')}</h3>
      {sure.few && <Note tone="warn">{t('sure.few')}</Note>}
      <p>{t('sure.interval', { low: num(sure.low), high: num(sure.high), days: num(sure.days) })}</p>
      <p>{t('sure.top', { p: pct(sure.top * 100, 0), k: num(sure.topK) })}</p>
      <p>{sure.hot ? t('sure.hot') : t('sure.notHot')}</p>
      <details>
        <summary>{t('formula')}</summary>
        <p class="hint">
          {t('sure.formula', { mean: num(sure.mean, 2), z: num(sure.z, 2), q: num(sure.q, 3) })}{' '}
          {sure.periods > 0 ? t('sure.periods', { n: num(sure.periods) }) : t('sure.assumed')}
        </p>
      </details>
    </>
  );
}

/** HarmOf is what the harm of a cell is made of, the gravest first. */
export function HarmOf({ harm, groups }: { harm: number; groups: CellGroup[] }) {
  const parts = groups.filter((g) => g.expected * g.weight >= 0.02 * harm);
  return (
    <>
      <h3>{t('harm.of', { n: num(harm, 2) })}</h3>
      <ul class="whys">
        {parts.map((g) => (
          <li key={g.group}>
            <span class="grow">
              {tk('group', g.group)}{' '}
              <span class="hint">{t('harm.each', { n: num(g.expected, 2), w: num(g.weight, 1) })}</span>
            </span>
            <span class="num">{num(g.expected * g.weight, 2)}</span>
            <span class="bar" aria-hidden="true">
              <i style={{ width: `${harm ? ((g.expected * g.weight) / harm) * 100 : 0}%` }} class="heatbar" />
            </span>
          </li>
        ))}
      </ul>
      <details>
        <summary>{t('formula')}</summary>
        <p class="hint">{t('harm.formula')}</p>
      </details>
    </>
  );
}
