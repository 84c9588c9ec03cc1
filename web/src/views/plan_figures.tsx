// Reached beside possible: each figure with the best that can be.
import type { Plan } from '../api/types';
import { t } from '../i18n';
import { num, pct, span } from '../i18n/format';
import { short } from '../state/verdict';
import { Bar } from '../ui/parts';

interface Row {
  name: string;
  value: number | null; // percent on the bar
  tick: number | null;
  kind: '' | 'less' | 'both';
  text: string;
  best: string;
}

const known = (x: number | undefined): x is number => x !== undefined && Number.isFinite(x);

/** rowsOf leaves out what the plan has no figure for. */
export function rowsOf(plan: Plan): Row[] {
  const f = plan.figures;
  const rows: Row[] = [];
  // What covering everything takes at least says nothing of a plan that cannot.
  const bounded = !short(f);
  if (known(f.coverage_pct)) {
    rows.push({
      name: t('fig.streets'),
      value: f.coverage_pct,
      tick: f.coverage_bound_pct ?? null,
      kind: '',
      text: pct(f.coverage_pct),
      best: known(f.coverage_bound_pct) ? t('fig.max', { value: num(f.coverage_bound_pct, 1) }) : '',
    });
  }
  if (known(f.risk_coverage_pct)) {
    rows.push({
      name: t('fig.risk'),
      value: f.risk_coverage_pct,
      tick: 100,
      kind: '',
      text: pct(f.risk_coverage_pct),
      best: t('fig.max', { value: '100' }),
    });
  }
  if (known(f.longest_route_s) && known(f.lower_bound_s)) {
    rows.push({
      name: t('fig.longest'),
      value: (f.longest_route_s / Math.max(f.longest_route_s, 8 * 3600)) * 100,
      tick: bounded ? (f.lower_bound_s / Math.max(f.longest_route_s, 8 * 3600)) * 100 : null,
      kind: 'less',
      text: span(f.longest_route_s),
      best: bounded ? t('fig.min', { value: span(f.lower_bound_s) }) : '',
    });
  }
  if (known(f.deadhead_km) && known(f.street_km)) {
    const scale = (f.deadhead_km + f.street_km) / 100;
    rows.push({
      name: t('fig.deadhead'),
      value: f.deadhead_km / scale,
      tick: bounded && known(f.tjoin_floor_km) ? f.tjoin_floor_km / scale : null,
      kind: 'less',
      text: `${num(f.deadhead_km, 1)} km`,
      best: bounded && known(f.tjoin_floor_km) ? t('fig.min', { value: num(f.tjoin_floor_km, 1) }) : '',
    });
  }
  if (known(f.police_overlap_pct)) {
    rows.push({
      name: t('fig.overlap'),
      value: f.police_overlap_pct,
      tick: null,
      kind: 'both',
      text: pct(f.police_overlap_pct),
      best: known(f.police_overlap_blind_pct)
        ? t('fig.before', { value: num(f.police_overlap_blind_pct, 1) })
        : '',
    });
  }
  return rows;
}

export function PlanFigures({ plan }: { plan: Plan }) {
  const f = plan.figures;
  return (
    <div class="figures">
      <dl>
        {rowsOf(plan).map((r) => (
          <div key={r.name}>
            <dt>{r.name}</dt>
            <dd class="barcell">
              <Bar value={r.value} tick={r.tick} kind={r.kind} />
            </dd>
            <dd class="num v">
              <strong>{r.text}</strong>
              <small>{r.best}</small>
            </dd>
          </div>
        ))}
      </dl>
      <details>
        <summary>{t('fig.all')}</summary>
        <table class="tbl small">
          <tbody>
            {Object.entries(f)
              .filter(([, v]) => known(v))
              .map(([k, v]) => (
                <tr key={k}>
                  <td>
                    <code>{k}</code>
                  </td>
                  <td class="r num">{num(v, Number.isInteger(v) ? 0 : 2)}</td>
                </tr>
              ))}
          </tbody>
        </table>
        <p class="hint">{t('fig.seed', { seed: plan.seed })}</p>
      </details>
    </div>
  );
}
