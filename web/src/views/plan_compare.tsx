// Two versions side by side: each unit's round, and the streets that changed hands.
import type { PlanBrief } from '../api/endpoints';
import { type Comparison, comparePlans } from '../api/plan_change';
import type { Plan } from '../api/types';
import { fill, t, tn } from '../i18n';
import { km, num, pct } from '../i18n/format';
import { place, setQuery } from '../state/router';
import { Icon } from '../ui/icons';
import { useLoad } from '../ui/load';
import { Failure, Skeleton } from '../ui/parts';

/** useComparison compares a plan with the version that the address names (?comparar=v2). */
export function useComparison(u: string, plan: Plan | null, versions: readonly PlanBrief[], here: boolean) {
  const named = here ? place.value.query.get('comparar')?.replace(/^v/, '') : undefined;
  const older = versions.find((v) => String(v.version) === named);
  const { data, error } = useLoad(
    (s) => (older && plan ? comparePlans(u, plan.id, older.id, s) : Promise.resolve(null)),
    [u, plan?.id, older?.id],
  );
  return {
    on: named !== undefined,
    data: named ? data : null,
    error,
    /** toggle compares with the version that the plan was made from, or else the one before. */
    toggle: () => {
      const before =
        versions.find((v) => v.id === plan?.parent) ??
        versions.find((v) => v.version < (plan?.version ?? 0)) ??
        versions[versions.length - 1];
      setQuery({ comparar: named === undefined && before ? `v${before.version}` : null });
    },
  };
}

interface Props {
  comparison: Comparison | null;
  error: string;
  onClose: () => void;
  onShow: (segment: string) => void;
}

export function ComparePanel({ comparison: c, error, onClose, onShow }: Props) {
  return (
    <section class="compare" aria-label={t('compare.label')}>
      <header class="row">
        <h2 class="grow">
          {c ? t('compare.title', { a: c.before_version, b: c.after_version }) : t('compare.label')}
        </h2>
        <button type="button" class="btn quiet icon sm" onClick={onClose} aria-label={t('close')}>
          <Icon name="close" sm />
        </button>
      </header>
      {error && <Failure error={error} />}
      {!c && !error && <Skeleton rows={6} />}
      {c && <Table c={c} onShow={onShow} />}
    </section>
  );
}

/** Delta is a value and how much more it is than before. */
function Delta({ before, after, digits }: { before: number; after: number; digits: number }) {
  const by = after - before;
  const least = 0.5 * 10 ** -digits;
  return (
    <td class="r num">
      {num(after, digits)}{' '}
      <small class="muted">
        {Math.abs(by) < least ? '=' : `${by > 0 ? '▲' : '▼'} ${num(Math.abs(by), digits)}`}
      </small>
    </td>
  );
}

function Table({ c, onShow }: { c: Comparison; onShow: (segment: string) => void }) {
  const signs = new Map(c.units.map((u) => [u.unit, u.call_sign]));
  const who = (unit: string) => (unit ? (signs.get(unit) ?? unit) : t('compare.nobody'));
  return (
    <div class="scroll">
      <p class="say">
        {fill(tn('compare.handed', c.handed_streets, num(c.handed_streets)), { km: km(c.handed_km * 1000) })}
        {c.handed_streets > 0 && <span class="hint"> {t('compare.onMap')}</span>}
      </p>
      <table class="tbl small">
        <thead>
          <tr>
            <th scope="col">{t('compare.unit')}</th>
            <th scope="col" class="r">
              {t('compare.km')}
            </th>
            <th scope="col" class="r">
              {t('compare.stops')}
            </th>
            <th scope="col" class="r">
              {t('compare.overlap')}
            </th>
          </tr>
        </thead>
        <tbody>
          {c.units.map((u) => (
            <tr key={u.unit} class={u.changed ? 'differs' : 'same'}>
              <th scope="row">{u.call_sign || u.unit}</th>
              <Delta before={u.before.km} after={u.after.km} digits={1} />
              <Delta before={u.before.stops} after={u.after.stops} digits={0} />
              <td class="r num">{u.changed ? pct(u.overlap_pct) : t('compare.same')}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('compare.total')}</th>
            <Delta before={c.before.km} after={c.after.km} digits={1} />
            <Delta before={c.before.stops} after={c.after.stops} digits={0} />
            <td class="r num">{pct(c.overlap_pct)}</td>
          </tr>
        </tfoot>
      </table>
      {c.handed.features.length > 0 && (
        <details open={c.handed.features.length <= 12}>
          <summary>{t('compare.streets')}</summary>
          <ul class="handed">
            {c.handed.features.slice(0, 200).map((f) => (
              <li key={f.properties.segment}>
                <button type="button" class="what" onClick={() => onShow(f.properties.segment)}>
                  <strong>{f.properties.name || t('street.unnamed')}</strong>
                  <span class="hint">
                    {who(f.properties.from)} → {who(f.properties.to)}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
