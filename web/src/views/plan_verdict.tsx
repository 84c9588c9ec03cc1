// One sentence that a mayor can repeat, one line of what follows from it.
import type { Plan } from '../api/types';
import { t, tn } from '../i18n';
import { num, pct } from '../i18n/format';
import { Icon } from '../ui/icons';
import { Note } from '../ui/parts';

export type Grade = 'best' | 'near' | 'fair' | 'more' | 'unknown';

/** gradeOf turns the gap to the bound, in percent, into words of four grades. */
export function gradeOf(gap: number | undefined): Grade {
  if (gap === undefined || !Number.isFinite(gap)) return 'unknown';
  if (gap <= 0.5) return 'best';
  if (gap <= 5) return 'near';
  if (gap <= 12) return 'fair';
  return 'more';
}

export function PlanVerdict({ plan, noPolice }: { plan: Plan; noPolice: boolean }) {
  const f = plan.figures;
  const grade = gradeOf(f.gap_pct);
  const n = plan.violations.length + plan.rounds.reduce((k, r) => k + r.violations.length, 0);
  const warnings = n === 0 ? '' : tn('verdict.warnings', n);
  const reach = f.coverage_bound_pct;
  const short = reach !== undefined && reach < 99.5;
  const tone = n > 0 || grade === 'more' ? 'warn' : '';
  const gain =
    f.gap_pct === undefined
      ? ''
      : grade === 'best'
        ? t('verdict.noMore')
        : t('verdict.gain', { gap: pct(f.gap_pct) });
  const next = short
    ? t('verdict.reach', { n: num(plan.rounds.length), pct: pct(reach) })
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
