// Hours of the week without any force: sector by sector, and hour by weekday.
import { useState } from 'preact/hooks';
import type { Absence } from '../api/evaluation';
import { t, tk } from '../i18n';
import { dayTime, num, pct } from '../i18n/format';
import { Choice } from '../ui/fields';

/** Weekdays as the server counts them, Monday first, by their number in the locale. */
const days = [1, 2, 3, 4, 5, 6, 0];
const clock = Array.from({ length: 24 }, (_, h) => h);

/** shareAbsent is the percentage of an area's cells without anybody at an hour; null: not measured. */
export function shareAbsent(a: Absence, day: number, hour: number): number | null {
  const n = a.week.cell_hours[day]?.[hour] ?? 0;
  return n === 0 ? null : (100 * (n - (a.week.seen_cell_hours[day]?.[hour] ?? 0))) / n;
}

/** byShare gives the sectors, those with the largest share of hours without anybody first. */
export function byShare(all: readonly Absence[]): Absence[] {
  const share = (a: Absence) => (a.hours ? a.nobody / a.hours : 0);
  return all.filter((a) => a.sector !== '').sort((a, b) => share(b) - share(a));
}

interface AbsencesProps {
  absences: Absence[];
  whole: string; // the name of what is reviewed
}

export function Absences({ absences, whole }: AbsencesProps) {
  const [picked, pick] = useState('');
  const all = absences[0];
  if (!all) return null;
  const nameOf = (a: Absence) => (a.sector === '' ? whole : a.name || a.sector);
  const sectors = byShare(absences);
  const worst = sectors[0] ?? all;
  const shown = absences.find((a) => a.sector === picked) ?? all;
  return (
    <section class="card pad col" aria-labelledby="absent">
      <h2 id="absent">{t('eval.absent')}</h2>
      <p>
        {worst.nobody > 0
          ? t('eval.absentWorst', { name: nameOf(worst), n: num(worst.nobody), of: num(worst.hours) })
          : t('eval.absentNone')}
      </p>
      <p class="muted">
        {t('eval.absentHint')}
        {all.police_known < all.hours &&
          ` ${t('eval.absentPolice', { n: num(all.police_known), of: num(all.hours) })}`}
      </p>
      <div class="scroll">
        <table class="tbl small absentrows">
          <thead>
            <tr>
              <th>{t('eval.sector')}</th>
              <th class="r">{t('eval.absentHours')}</th>
              <th class="r">{t('eval.absentNobody')}</th>
              <th class="r">%</th>
              <th class="r">{t('eval.absentUnknown')}</th>
              <th class="r">{t('eval.absentLongest')}</th>
            </tr>
          </thead>
          <tbody>
            {[all, ...sectors].map((a) => (
              <tr key={a.sector}>
                <td>{nameOf(a)}</td>
                <td class="r num">{num(a.hours)}</td>
                <td class="r num">{num(a.nobody)}</td>
                <td class="r num">{a.hours ? pct((100 * a.nobody) / a.hours) : '—'}</td>
                <td class="r num">{num(a.unknown)}</td>
                <td class="r num">
                  {a.since ? t('eval.absentSince', { n: num(a.longest), at: dayTime(a.since) }) : '—'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {sectors.length > 0 && (
        <div class="absentof">
          <Choice
            label={t('eval.absentOf')}
            value={shown.sector}
            options={[all, ...sectors].map((a) => [a.sector, nameOf(a)] as const)}
            onValue={pick}
          />
        </div>
      )}
      <AbsentWeek absence={shown} />
    </section>
  );
}

/** AbsentWeek is hour × weekday: shade is the share of cells without anybody, a number hours in which the whole area was. */
function AbsentWeek({ absence: a }: { absence: Absence }) {
  const known = days.flatMap((_, d) => clock.map((h) => shareAbsent(a, d, h))).filter((v) => v !== null);
  const least = Math.floor(Math.min(100, ...known));
  const most = Math.ceil(Math.max(0, ...known));
  const level = (v: number) =>
    most <= least ? 1 : Math.max(1, Math.ceil(((v - least) / (most - least)) * 5));
  return (
    <>
      <div class="scroll">
        <table class="week absent">
          <thead>
            <tr>
              <th scope="col">
                <span class="sr">{t('zone.day')}</span>
              </th>
              {clock.map((h) => (
                <th key={h} scope="col">
                  {h % 3 === 0 ? h : <span class="sr">{h}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((name, d) => (
              <tr key={name}>
                <th scope="row">{tk('weekday', String(name))}</th>
                {clock.map((h) => {
                  const v = shareAbsent(a, d, h);
                  const when = { day: tk('weekday', String(name)), from: h, to: h + 1 };
                  if (v === null)
                    return (
                      <td key={h} class="unmeasured" title={t('eval.absentNoShift', when)}>
                        –<span class="sr"> {t('eval.absentNoShift', when)}</span>
                      </td>
                    );
                  const n = a.week.nobody[d]?.[h] ?? 0;
                  const said = t('eval.absentSquare', {
                    ...when,
                    pct: pct(v),
                    n: num(n),
                    unknown: num(a.week.unknown[d]?.[h] ?? 0),
                    of: num(a.week.hours[d]?.[h] ?? 0),
                  });
                  return (
                    <td key={h} class={`a${level(v)}`} title={said}>
                      <span aria-hidden="true">{n > 0 && num(n)}</span>
                      <span class="sr">{said}</span>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {known.length > 0 && (
        <p class="hint row wrap">
          <span>{t('eval.absentScale')}</span> <i class="k a1" /> {pct(least, 0)} <i class="k a3" />{' '}
          <i class="k a5" /> {pct(most, 0)} <span>{t('eval.absentNumber')}</span>
        </p>
      )}
    </>
  );
}
