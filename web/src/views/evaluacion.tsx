// Evaluación: what both forces did in a period, with the formula of each figure.
import { evaluation, type Figure, type Formula, type Review } from '../api/evaluation';
import { timeline } from '../api/risk';
import { t } from '../i18n';
import { addDays, date, dateOf, dayTime, num, pct, validDay } from '../i18n/format';
import { place, setQuery } from '../state/router';
import { district } from '../state/session';
import { shiftDefs } from '../state/shifts';
import { DayField } from '../ui/dayfield';
import { useLoad } from '../ui/load';
import { Empty, Failure, Skeleton } from '../ui/parts';
import { Reading } from '../ui/reading';

export default function Evaluacion() {
  const u = district.value?.ubigeo ?? '';
  const query = place.value.query;
  const asked = (key: string, otherwise: string) => {
    const s = query.get(key) ?? '';
    return validDay(s) ? s : otherwise;
  };
  const to = asked('hasta', addDays(dateOf(new Date()), -1));
  const from = asked('desde', addDays(to, -27));
  const defs = shiftDefs(u);
  const code = query.get('turno') ?? '';
  const shift = defs.some((d) => d.code === code) ? code : '';
  const sector = query.get('sector') ?? '';
  // The timeline names the sectors to everyone who may read a review.
  const named = useLoad((s) => timeline(u, { step: 'month', group: null, sector: null }, s), [u]);
  const sectors = named.data?.sectors ?? [];
  const load = useLoad(
    (s) => evaluation(u, { from, to, shift, sector }, s),
    [u, from, to, shift, sector],
    `${u} ${from} ${to} ${shift} ${sector}`,
  );
  const r = load.data?.review;
  return (
    <Reading
      head={
        <>
          <h1>{t('eval.title')}</h1>
          <DayField
            named
            label={t('eval.from')}
            shown={date(from)}
            value={from}
            onDay={(d) => setQuery({ desde: d })}
          />
          <DayField
            named
            label={t('eval.to')}
            shown={date(to)}
            value={to}
            onDay={(d) => setQuery({ hasta: d })}
          />
          <Pick
            label={t('eval.sector')}
            value={sector}
            all={t('eval.wholeDistrict')}
            options={sectors.map((s) => [s.id, s.name] as const)}
            onPick={(v) => setQuery({ sector: v })}
          />
          <Pick
            label={t('eval.shift')}
            value={shift}
            all={t('eval.allShifts')}
            options={defs.map((s) => [s.code, s.name] as const)}
            onPick={(v) => setQuery({ turno: v })}
          />
          {r && r.sources.days > 0 && (
            <button type="button" class="btn" onClick={() => print()}>
              {t('eval.print')}
            </button>
          )}
        </>
      }
    >
      {load.error && <Failure error={load.error} retry={load.reload} />}
      {load.loading && !r && <Skeleton rows={10} />}
      {r && r.sources.days === 0 && (
        <Empty icon="coverage" title={t('eval.emptyTitle')}>
          <p>{t('eval.empty')}</p>
        </Empty>
      )}
      {r && load.data && r.sources.days > 0 && <Figures review={r} formulas={load.data.formulas} />}
    </Reading>
  );
}

interface PickProps {
  label: string;
  value: string;
  all: string; // the words of no choice
  options: readonly (readonly [string, string])[];
  onPick: (v: string | null) => void;
}

/** Pick narrows the review to one of several, where there are several. */
function Pick({ label, value, all, options, onPick }: PickProps) {
  if (options.length === 0) return null;
  return (
    <select
      class="in auto"
      aria-label={label}
      value={value}
      onChange={(e) => onPick(e.currentTarget.value || null)}
    >
      <option value="">{all}</option>
      {options.map(([v, name]) => (
        <option key={v} value={v}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Figures({ review: r, formulas }: { review: Review; formulas: Formula[] }) {
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
          profile: r.profile.id,
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
                      {all.light && <span class={`chip ${tone[all.light]}`}>{t(`eval.${all.light}`)}</span>}
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
                {dayTime(g.start)} – {dayTime(g.end)}{' '}
                <span class="hint">{t('eval.cell', { id: g.cell })}</span>
              </span>
            </li>
          ))}
        </ol>
      </section>
      <p class="muted">{t('eval.caution')}</p>
    </>
  );
}

const tone = { green: 'ok', amber: 'warn', red: 'bad' } as const;

const shown = (v: number | null) => (v === null ? '—' : num(v, 1));

function Value({ figure: f }: { figure: Figure }) {
  return (
    <td class="r num">
      {shown(f.value)}
      {f.planned && <small class="muted"> {t('eval.planned')}</small>}
    </td>
  );
}
