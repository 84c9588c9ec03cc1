// One sentence that a mayor can repeat, one line of what follows from it.
import type { Plan } from '../api/types';
import { t, tn } from '../i18n';
import { num, pct } from '../i18n/format';
import {
  gradeOf,
  type Pool,
  poolOf,
  type Reach,
  type Rotation,
  reachOf,
  rotationOf,
  short,
} from '../state/verdict';
import { Icon } from '../ui/icons';
import { Note } from '../ui/parts';

/** missing names the units that are lacking: «2 autos», or «3 motos» instead. */
function missing(r: Reach): string {
  return r.enough
    .filter((e) => e.missing > 0)
    .map((e) => tn(`verdict.missing.${e.mode}`, e.missing))
    .join(t('verdict.or'));
}

/** reachText says what these units can do at most, and what it would take. */
function reachText(r: Reach, units: number, rotates: boolean): string {
  const parts = [t('verdict.ceiling', { n: num(units), pct: pct(r.ceiling) })];
  const lacking = missing(r);
  if (lacking) parts.push(t('verdict.lacking', { units: lacking }));
  if (r.tooFar > 0.05) parts.push(t('verdict.tooFar', { km: num(r.tooFar, 1) }));
  if (r.shifts > 1 && !rotates) parts.push(t('verdict.shifts', { n: num(r.shifts) }));
  return parts.join(' ');
}

/** rotationText says in how many shifts the whole district is visited, and why not in fewer. */
function rotationText(r: Rotation): string {
  const parts = [
    r.left > 0.05
      ? t('verdict.rotationLeft', { n: num(r.shifts), km: num(r.left, 1) })
      : t('verdict.rotation', { n: num(r.shifts) }),
    t('verdict.rotationPart', { part: num(r.part, 1), done: num(r.done, 1) }),
  ];
  if (r.shifts > r.least) parts.push(t('verdict.rotationWhy', { n: num(r.least) }));
  return parts.join(' ');
}

/** poolText says what the plan was chosen from. */
function poolText(p: Pool): string {
  if (p.days === 0) return t('verdict.poolDrawn', { n: num(p.plans) });
  return `${t('verdict.pool', { n: num(p.plans), days: num(p.days) })} ${t('verdict.poolAlike', { p: pct(100 * p.alike) })}`;
}

export function PlanVerdict({ plan, noPolice }: { plan: Plan; noPolice: boolean }) {
  const f = plan.figures;
  const grade = gradeOf(f);
  const reach = reachOf(f);
  const rotation = rotationOf(f);
  const pool = poolOf(f);
  const n = plan.violations.length + plan.rounds.reduce((k, r) => k + r.violations.length, 0);
  const warnings = n === 0 ? '' : tn('verdict.warnings', n);
  const tone = n > 0 || grade === 'more' ? 'warn' : '';
  const gain =
    f.gap_pct === undefined || f.gap_pct < 0
      ? ''
      : grade === 'best'
        ? t('verdict.noMore')
        : t('verdict.gain', { gap: pct(f.gap_pct) });
  const next =
    short(f) && reach
      ? reachText(reach, plan.rounds.length, rotation !== null)
      : noPolice
        ? t('verdict.noPolice')
        : gain;
  return (
    <div class="pad block">
      <div class="verdict">
        <span class={`disc ${tone}`}>
          <Icon name={tone === 'warn' ? 'warn' : 'check'} />
        </span>
        <div>
          <h2>
            {t(`verdict.${grade}`)}
            {warnings}.
          </h2>
          <p>{next}</p>
          {rotation && <p>{rotationText(rotation)}</p>}
          {pool && <p>{poolText(pool)}</p>}
        </div>
      </div>
      {plan.violations.length > 0 && (
        <Note tone="warn" title={tn('plan.problems', plan.violations.length)}>
          <ul>
            {plan.violations.slice(0, 4).map((v) => (
              <li key={v}>{v}</li>
            ))}
          </ul>
        </Note>
      )}
    </div>
  );
}
