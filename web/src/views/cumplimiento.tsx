// What each unit did of its plan: done, late, left out and why, what is missing.
import type { Compliance, UnitCompliance } from '../api/compliance';
import { t, tk, tn } from '../i18n';
import { clock, num } from '../i18n/format';
import { can } from '../state/session';
import { reasonsOf } from './reasons';

/** Verdict is CUMPLIÓ, PENDIENTE while the shift runs, or NO CUMPLIÓ. */
export function Verdict({ unit, final }: { unit: UnitCompliance; final: boolean }) {
  if (unit.complied) return <span class="chip ok">{t('comp.yes')}</span>;
  return <span class={final ? 'chip warn' : 'chip'}>{t(final ? 'comp.no' : 'comp.pending')}</span>;
}

export function ComplianceList({ report, shift }: { report: Compliance; shift: string }) {
  const m = report.missing;
  return (
    <section class="pad block comp" aria-label={t('comp.title')}>
      <h2>{t('comp.verdict', { n: num(report.complied), of: num(report.units.length) })}</h2>
      <p class="muted">
        {m.km > 0.05 || m.stops > 0
          ? t('comp.missing', {
              km: num(m.km, 1),
              stops: num(m.stops),
              min: num(m.minutes),
              cells: num(m.cells),
            })
          : t('comp.nothing')}
      </p>
      <ul class="comprows">
        {report.units.map((u) => (
          <li key={u.unit}>
            <details>
              <summary>
                <strong class="ell">{u.callSign}</strong>
                <Verdict unit={u} final={report.final} />
                <Parts unit={u} />
                <small class="muted num">
                  {t('comp.row', {
                    km: num(u.missing.km, 1),
                    done: num(u.stopsDone),
                    of: num(u.stopsPlanned),
                  })}
                </small>
              </summary>
              <UnitReasons unit={u} />
              <p class="row wrap">
                <a class="btn sm quiet" href={`/plan/${shift}?r=${u.round}`}>
                  {t('unit.round', { n: u.round })}
                </a>
                {!report.final && !u.complied && can('plan') && (
                  <a class="btn sm quiet" href={`/plan/${shift}/revisar?evento=unit_lost&unidad=${u.unit}`}>
                    {t('comp.replan')}
                  </a>
                )}
              </p>
            </details>
          </li>
        ))}
      </ul>
      <p class="hint">{t('comp.profile', { profile: report.profile })}</p>
    </section>
  );
}

/** ComplianceTotals is for those who see what all units did together, not each. */
export function ComplianceTotals({ report }: { report: Compliance }) {
  const a = report.tally;
  if (a.planned <= 0) return null;
  const rows = [
    ['comp.done', a.done],
    ['comp.late', a.late],
    ['comp.toCome', a.pending],
    ['comp.notDone', a.skipped],
    ['comp.extra', a.extra],
  ] as const;
  return (
    <section class="pad block comp" aria-label={t('comp.title')}>
      <h2>{t('comp.totals', { km: num(a.done + a.late, 1), of: num(a.planned, 1) })}</h2>
      <dl class="lines">
        {rows.map(([k, km]) => (
          <div key={k}>
            <dt>{t(k)}</dt>
            <dd class="num">{num(km, 1)} km</dd>
          </div>
        ))}
      </dl>
      <p class="hint">{t('comp.profile', { profile: report.profile })}</p>
    </section>
  );
}

/** Parts is the plan's length: done, late, to come, left out. */
function Parts({ unit }: { unit: UnitCompliance }) {
  const a = unit.tally;
  const share = (km: number) => ({ width: `${a.planned > 0 ? (100 * km) / a.planned : 0}%` });
  return (
    <span
      class="parts"
      role="img"
      aria-label={t('comp.parts', {
        done: num(a.done, 1),
        late: num(a.late, 1),
        pending: num(a.pending, 1),
        skipped: num(a.skipped, 1),
      })}
    >
      <i class="done" style={share(a.done)} />
      <i class="late" style={share(a.late)} />
      <i class="pending" style={share(a.pending)} />
      <i class="skipped" style={share(a.skipped)} />
    </span>
  );
}

/** UnitReasons lists km by what became of them, why, and the stops. */
export function UnitReasons({ unit, brief = false }: { unit: UnitCompliance; brief?: boolean }) {
  const a = unit.tally;
  const km = (x: number) => `${num(x, 1)} km`;
  return (
    <div class="reasons small">
      <dl class="lines">
        <div>
          <dt>{t('comp.done')}</dt>
          <dd class="num">{km(a.done)}</dd>
        </div>
        {a.late > 0 && (
          <div>
            <dt>{t('comp.late')}</dt>
            <dd class="num">{km(a.late)}</dd>
          </div>
        )}
        {a.pending > 0 && (
          <div>
            <dt>{t('comp.toCome')}</dt>
            <dd class="num">{km(a.pending)}</dd>
          </div>
        )}
        {reasonsOf(unit).map((r) => (
          <div key={r.reason}>
            <dt>{t('comp.skipped', { why: tk('comp.why', r.reason) })}</dt>
            <dd class="num">{km(r.km)}</dd>
          </div>
        ))}
        {a.extra > 0.05 && (
          <div>
            <dt>{t('comp.extra')}</dt>
            <dd class="num">{km(a.extra)}</dd>
          </div>
        )}
        {unit.minutesPlanned > 0 && (
          <div>
            <dt>{t('comp.minutes')}</dt>
            <dd class="num">
              {t('comp.minutesOf', { n: num(unit.minutesDone), of: num(unit.minutesPlanned) })}
            </dd>
          </div>
        )}
        {unit.missing.cells > 0 && (
          <div>
            <dt>{t('comp.cells')}</dt>
            <dd class="num">{num(unit.missing.cells)}</dd>
          </div>
        )}
        {unit.silentMin >= 1 && (
          <div>
            <dt>{t('comp.silent')}</dt>
            <dd class="num">{num(unit.silentMin)} min</dd>
          </div>
        )}
      </dl>
      {!brief && unit.stops.length > 0 && (
        <>
          <h3>{tn('comp.stops', unit.stops.length)}</h3>
          <ul class="stoplist">
            {unit.stops.map((s) => (
              <li key={s.seq || `x${s.arrived}`}>
                <span class="ell">
                  {s.seq === 0 ? t('comp.unplanned') : s.name}
                  {s.start !== null && <small class="muted num"> {clock(s.start)}</small>}
                </span>
                <span class="num muted">
                  {s.arrived !== null && s.left !== null
                    ? t('comp.stood', { from: clock(s.arrived), to: clock(s.left), min: num(s.minutes) })
                    : s.status === 'skipped'
                      ? tk('comp.why', s.reason || 'not_done')
                      : t('comp.toCome')}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
