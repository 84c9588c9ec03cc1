// How incidents go over time: unusual weeks, a series, the hours of the week, and
// what patrols find beside what people report.
import * as api from '../api/risk';
import { t, tk } from '../i18n';
import { num, pct } from '../i18n/format';
import { place, setQuery } from '../state/router';
import { district } from '../state/session';
import { Choice } from '../ui/fields';
import { useLoad } from '../ui/load';
import { Failure, Note, Seg, Skeleton } from '../ui/parts';
import { Reading } from '../ui/reading';
import { WeekMatrix } from './semana';
import { Series } from './zonas_serie';
import { ZoneViews } from './zonas_vistas';

/** noticeOf says what was unusual; how much is usual only the control room is told. */
function noticeOf(n: api.Notices['notices'][number]): string {
  const said = { group: tk('group', n.group), where: n.sector ?? t('ztime.all'), n: num(n.count) };
  return n.expected === undefined
    ? t('ztime.noticeAbout', said)
    : t('ztime.notice', { ...said, expected: num(n.expected, 1) });
}

export function ZonesTime() {
  const u = district.value?.ubigeo ?? '';
  const q = place.value.query;
  const step = q.get('paso') === 'mes' ? 'month' : 'week';
  const group = q.get('tipo') ?? '';
  const sector = q.get('sector') ?? '';
  const load = useLoad(
    (s) => api.timeline(u, { step, group: group || null, sector: sector || null }, s),
    [u, step, group, sector],
  );
  const unusual = useLoad((s) => api.notices(u, s), [u]);
  const audit = useLoad((s) => api.feedback(u, s), [u]);
  const data = load.data;
  return (
    <Reading
      head={
        <>
          <h1>{t('zones.title')}</h1>
          <ZoneViews />
        </>
      }
    >
      <section class="card pad col">
        <h2>{t('ztime.unusual')}</h2>
        {unusual.error && <Failure error={unusual.error} retry={unusual.reload} />}
        {unusual.data?.notices.map((n) => (
          <Note key={`${n.sector}${n.group}`} tone="warn" title={noticeOf(n)} />
        ))}
        {unusual.data && unusual.data.weeks === 0 && <p class="muted">{t('ztime.short')}</p>}
        {unusual.data && unusual.data.weeks > 0 && (
          <p class="hint">
            {t('ztime.tested', {
              tests: num(unusual.data.tests),
              weeks: num(unusual.data.weeks),
              share: pct(unusual.data.false_share * 100, 0),
            })}
          </p>
        )}
      </section>
      <section class="card pad col">
        <h2>{t('ztime.series')}</h2>
        {load.error && <Failure error={load.error} retry={load.reload} />}
        {!data && !load.error && <Skeleton rows={8} />}
        {data && (
          <>
            <div class="row wrap low">
              <Seg
                label={t('ztime.step')}
                value={step}
                options={[
                  ['week', t('ztime.weeks')],
                  ['month', t('ztime.months')],
                ]}
                onChange={(v) => setQuery({ paso: v === 'month' ? 'mes' : null })}
              />
              <Choice
                label={t('ztime.group')}
                value={group}
                options={[
                  ['', t('ztime.allGroups')],
                  ...data.groups.map((g) => [g, tk('group', g)] as const),
                ]}
                onValue={(v) => setQuery({ tipo: v || null })}
              />
              {data.sectors.length > 0 && (
                <Choice
                  label={t('ztime.sector')}
                  value={sector}
                  options={[['', t('ztime.all')], ...data.sectors.map((s) => [s.id, s.name] as const)]}
                  onValue={(v) => setQuery({ sector: v || null })}
                />
              )}
            </div>
            <Series key={step} periods={data.periods} step={step} />
          </>
        )}
      </section>
      {data && (
        <section class="card pad col">
          <h2>{t('zone.week')}</h2>
          <p class="hint">{t('zone.weekOf', { n: num(data.count) })}</p>
          <WeekMatrix week={data.week} />
        </section>
      )}
      <section class="card pad col">
        <h2>{t('ztime.feedback')}</h2>
        <p class="hint">{t('ztime.feedbackWhy')}</p>
        {audit.error && <Failure error={audit.error} retry={audit.reload} />}
        {audit.data && audit.data.sectors.length === 0 && <p class="muted">{t('ztime.noSectors')}</p>}
        {audit.data && audit.data.sectors.length > 0 && (
          <div class="scroll">
            <table class="tbl small">
              <thead>
                <tr>
                  <th>{t('ztime.sector')}</th>
                  <th class="r">{t('ztime.reported')}</th>
                  <th class="r">{t('ztime.discovered')}</th>
                  <th />
                </tr>
              </thead>
              <tbody>
                {audit.data.sectors.map((s) => (
                  <tr key={s.sector}>
                    <td>{s.sector}</td>
                    <td class="r num">{num(s.reported)}</td>
                    <td class="r num">{num(s.discovered)}</td>
                    <td>{s.sides !== 0 && tk('ztime.sides', s.sides > 0 ? 'more' : 'less')}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
    </Reading>
  );
}
