// The figures of a joint review: verdict, indicators with their formulas, shifts,
// gaps, and what hot cells got.
import type { Figure, Formula, Review } from '../api/evaluation';
import { t } from '../i18n';
import { dayTime, num, pct } from '../i18n/format';

export function Figures({ review: r, formulas }: { review: Review; formulas: Formula[] }) {
  const v = r.verdict;
  const police =
    v.police_pct !== null
      ? t('eval.police', { pct: pct(v.police_pct) })
      : v.police_plan_pct !== null
        ? t('eval.policePlan', { pct: pct(v.police_plan_pct) })
        : t('eval.policeNone');
  return (
    <>
      <h2 class="lead">
        {t('eval.verdict', { joint: pct(v.joint_pct), own: pct(v.serenazgo_pct), police })}
      </h2>
      <p class="muted">
        {t('eval.sources', {
          days: num(r.sources.days),
          shifts: num(r.sources.shifts),
          fixes: num(r.sources.fixes),
          missing: num(r.sources.missing.length),
          silent: num(r.sources.silent_shifts ?? 0),
          profile: r.profile.bands_version
            ? t('eval.ownBands', { profile: r.profile.id, n: num(r.profile.bands_version) })
            : r.profile.id,
        })}
      </p>
      <section class="card pad">
        <div class="scroll">
          <table class="tbl small indicators">
            <thead>
              <tr>
                <th>{t('eval.indicator')}</th>
                <th class="r">{t('eval.forceMunicipal')}</th>
                <th class="r">{t('eval.forcePolice')}</th>
                <th class="r">{t('eval.forceIntegrated')}</th>
                <th class="r">{t('eval.together')}</th>
                <th class="r">n</th>
                <th>{t('eval.light')}</th>
                <th class="r">{t('eval.previous')}</th>
                <th class="r">{t('eval.lastYear')}</th>
              </tr>
            </thead>
            <tbody>
              {r.indicators.map((row) => {
                const f = formulas.find((x) => x.key === row.key);
                if (!f) return null;
                const all = row.together;
                return (
                  <tr key={row.key}>
                    <td>
                      <details>
                        <summary>
                          {f.name}
                          {f.unit && <span class="muted"> ({f.unit})</span>}
                        </summary>
                        <p class="muted">{f.text}</p>
                        <p class="muted">{t('eval.counts', { of: f.of })}</p>
                      </details>
                    </td>
                    <Value figure={row.municipal} />
                    <Value figure={row.police} />
                    <Value figure={row.integrated} />
                    <Value figure={all} />
                    <td class="r num">{num(all.n)}</td>
                    <td>
                      {all.light && (
                        <span class={`chip ${tone[all.light]}`}>
                          <span aria-hidden="true">{shape[all.light]}</span> {t(`eval.${all.light}`)}
                        </span>
                      )}
                    </td>
                    <td class="r num">{shown(all.previous)}</td>
                    <td class="r num">{shown(all.last_year)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </section>
      <section class="card pad col">
        <h2>{t('eval.shifts')}</h2>
        <div class="scroll">
          <table class="tbl small">
            <thead>
              <tr>
                <th>{t('eval.shift')}</th>
                <th class="r">{t('eval.forceMunicipal')}, min</th>
                <th class="r">{t('eval.forcePolice')}, min</th>
                <th class="r">{t('eval.forceIntegrated')}, min</th>
                <th class="r">{t('eval.streets')}</th>
                <th class="r">{t('eval.nobody')}</th>
              </tr>
            </thead>
            <tbody>
              {r.shifts.map((s) => (
                <tr key={s.code}>
                  <td>{s.name}</td>
                  <td class="r num">{num(s.municipal_min)}</td>
                  <td class="r num">{num(s.police_min)}</td>
                  <td class="r num">{num(s.integrated_min)}</td>
                  <td class="r num">{shown(s.joint_pct)}</td>
                  <td class="r num">{shown(s.nobody_hours)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <section class="card pad col">
        <h2>{t('eval.gaps')}</h2>
        <ol class="gaplist">
          {r.gaps.slice(0, 10).map((g) => (
            <li key={g.cell}>
              <strong class="num">{num(g.minutes)} min</strong>
              <span>
                {placeOf(g)}{' '}
                <span class="hint">
                  {dayTime(g.start)} – {dayTime(g.end)}
                </span>
              </span>
            </li>
          ))}
        </ol>
      </section>
      {r.dosage.length > 0 && (
        <section class="card pad col">
          <h2>{t('eval.dosage')}</h2>
          <div class="scroll">
            <table class="tbl small">
              <thead>
                <tr>
                  <th>{t('eval.zone')}</th>
                  <th class="r">{t('eval.doseShifts')}</th>
                  <th class="r">{t('eval.dosePlanned')}</th>
                  <th class="r">{t('eval.doseDone')}</th>
                  <th class="r">%</th>
                  <th class="r">{t('eval.doseServed')}</th>
                </tr>
              </thead>
              <tbody>
                {r.dosage.map((x) => (
                  <tr key={x.cell}>
                    <td class="where">{placeOf(x)}</td>
                    <td class="r num">{num(x.shifts)}</td>
                    <td class="r num">{num(x.planned_min)}</td>
                    <td class="r num">{num(x.municipal_min + x.police_min + x.integrated_min)}</td>
                    <td class="r num">{num(x.pct)}</td>
                    <td class="r num">{num(x.served)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
      <p class="muted">{t('eval.caution')}</p>
    </>
  );
}

/** shape tells a light without its colour. */
const shape = { green: '●', amber: '▲', red: '■' } as const;

const tone = { green: 'ok', amber: 'warn', red: 'bad' } as const;

/** placeOf names a cell by its streets. */
const placeOf = (x: { cell: string; streets?: string[] }): string =>
  x.streets?.length ? x.streets.join(', ') : t('eval.cell', { id: x.cell });

const shown = (v: number | null) => (v === null ? '—' : num(v, 1));

function Value({ figure: f }: { figure: Figure }) {
  return (
    <td class="r num">
      {shown(f.value)}
      {f.planned && <small class="muted"> {t('eval.planned')}</small>}
    </td>
  );
}
