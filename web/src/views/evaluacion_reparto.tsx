// How a period divides up between both forces, and what occurred in it.
import type { Count, CountRow, Review, Split } from '../api/evaluation';
import { t } from '../i18n';
import { num, pct } from '../i18n/format';

const parts = ['municipal', 'police', 'both', 'integrated', 'nobody', 'unknown'] as const;

export function Splits({ review: r }: { review: Review }) {
  const rows: [string, Split][] = [];
  if (r.streets_split) rows.push([t('eval.splitStreets'), r.streets_split]);
  if (r.presence_split) rows.push([t('eval.splitPresence'), r.presence_split]);
  if (rows.length === 0) return null;
  return (
    <section class="card pad col" aria-labelledby="split">
      <h2 id="split">{t('eval.split')}</h2>
      <p class="muted">{t('eval.splitHint')}</p>
      <div class="scroll">
        <table class="tbl small">
          <thead>
            <tr>
              <th />
              <th class="r">{t('eval.splitOwn')}</th>
              <th class="r">{t('eval.splitPolice')}</th>
              <th class="r">{t('eval.splitBoth')}</th>
              <th class="r">{t('eval.splitIntegrated')}</th>
              <th class="r">{t('eval.splitNobody')}</th>
              <th class="r">{t('eval.splitUnknown')}</th>
              <th class="r">n</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, s]) => (
              <tr key={name}>
                <td>{name}</td>
                {parts.map((p) => (
                  <td key={p} class="r num">
                    {pct(s[p])}
                  </td>
                ))}
                <td class="r num">{num(s.n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const count = (c: Count | null): string => (c === null ? '–' : c.few ? t('eval.few') : num(c.n));

export function Occurred({ review: r }: { review: Review }) {
  const o = r.occurrences;
  if (!o || o.n === 0) return null;
  const tables: [string, CountRow[]][] = [
    [t('eval.occType'), o.by_type],
    [t('eval.occShift'), o.by_shift],
    [t('eval.occSector'), o.by_sector],
  ];
  const shift = (code: string) => r.shifts.find((s) => s.code === code)?.name ?? code;
  return (
    <section class="card pad col" aria-labelledby="occurred">
      <h2 id="occurred">{t('eval.occurrences')}</h2>
      <p class="muted">
        {t('eval.occurrencesHint', {
          n: num(o.n),
          alarms: num(o.alarms),
          answered: num(o.answered),
          simulated: num(o.simulated),
        })}
      </p>
      {tables.map(([title, rows]) => (
        <div key={title} class="scroll">
          <table class="tbl small">
            <thead>
              <tr>
                <th>{title}</th>
                <th class="r">{t('eval.occN')}</th>
                <th class="r">{t('eval.previous')}</th>
                <th class="r">{t('eval.lastYear')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.name}>
                  <td>{row.name ? shift(row.name) : t('eval.noName')}</td>
                  <td class="r num">{count(row)}</td>
                  <td class="r num">{count(row.previous)}</td>
                  <td class="r num">{count(row.last_year)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ))}
    </section>
  );
}
