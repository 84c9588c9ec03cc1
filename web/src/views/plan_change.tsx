// What the last edit did: one sentence, what it costs, what it breaks, and the
// way back.
import type { Change, PlanNote, Standing } from '../api/plan_change';
import type { Plan } from '../api/types';
import { fill, t, tk, tn } from '../i18n';
import { km, num, pct, span } from '../i18n/format';
import { editing } from '../state/plan_edit';
import { Icon } from '../ui/icons';

interface Props {
  plan: Plan;
  words: string;
  change: Change;
  onUndo?: () => void;
  onClose?: () => void;
}

/** signOf names a unit by its call sign. */
export function signOf(plan: Plan, unit: string | undefined): string {
  return plan.rounds.find((r) => r.unit === unit)?.callSign ?? unit ?? '';
}

export function ChangeCard({ plan, words, change, onUndo, onClose }: Props) {
  return (
    <section class={`changed ${change.violations.length > 0 ? 'warned' : ''}`} aria-label={t('edit.cost')}>
      <header class="row">
        <Icon name={change.violations.length > 0 ? 'warn' : 'check'} />
        <strong class="grow" role="status">
          {words}
        </strong>
        {onUndo && (
          <button type="button" class="btn sm" onClick={onUndo} disabled={editing.value}>
            {t('edit.undo')}
          </button>
        )}
        {onClose && (
          <button type="button" class="btn quiet icon sm" onClick={onClose} aria-label={t('edit.dismiss')}>
            <Icon name="close" sm />
          </button>
        )}
      </header>
      <ChangeBody plan={plan} change={change} />
    </section>
  );
}

/** ChangeBody is the cost, the violations and the notes of a change. */
export function ChangeBody({ plan, change }: { plan: Plan; change: Change }) {
  return (
    <>
      <Cost before={change.before} after={change.after} />
      {change.violations.length > 0 && (
        <ul class="violations">
          {change.violations.slice(0, 6).map((v) => (
            <li key={v}>
              <Icon name="warn" sm />
              {v}
            </li>
          ))}
        </ul>
      )}
      {change.notes.length > 0 && (
        <ul class="hint notes">
          {told(plan, change.notes).map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
    </>
  );
}

const order = ['uncovered', 'stop_lost', 'still_passes', 'taken_by', 'stop_taken', 'rerouted', 'fill_cut'];

/** told puts the notes in order of weight, stops that nobody makes as one. */
function told(plan: Plan, notes: readonly PlanNote[]): string[] {
  const lost = notes.filter((n) => n.code === 'stop_lost');
  const rest = lost.length > 1 ? notes.filter((n) => n.code !== 'stop_lost') : [...notes];
  const words = rest
    .sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code))
    .map((n) => noteWords(plan, n));
  if (lost.length > 1) {
    const names = [...new Set(lost.map((n) => n.name || t('street.unnamed')))].slice(0, 3).join(', ');
    words.splice(
      rest.findIndex((n) => n.code !== 'uncovered') < 0
        ? rest.length
        : rest.findIndex((n) => n.code !== 'uncovered'),
      0,
      t('note.stops_lost', { n: num(lost.length), name: names }),
    );
  }
  return [...new Set(words)].slice(0, 8);
}

function noteWords(plan: Plan, n: PlanNote): string {
  return fill(tk('note', n.code), {
    unit: signOf(plan, n.unit),
    from: signOf(plan, n.from),
    name: n.name || t('street.unnamed'),
    km: km(n.metres ?? 0),
  });
}

function Cost({ before, after }: { before: Standing; after: Standing }) {
  const rows: [string, number, (x: number) => string, number][] = [
    [t('edit.km'), after.driven_km - before.driven_km, (x) => `${num(x, 1)} km`, 0.05],
    [t('edit.time'), after.working_min - before.working_min, (x) => span(x * 60), 0.5],
    [t('edit.coverage'), after.coverage_pct - before.coverage_pct, (x) => pct(x), 0.005],
    [
      t('edit.gap'),
      after.hot_gap_worst_min - before.hot_gap_worst_min,
      (x) => t('edit.minutes', { n: num(x, 0) }),
      0.5,
    ],
  ];
  const now = [
    `${num(after.driven_km, 1)} km`,
    span(after.working_min * 60),
    pct(after.coverage_pct),
    t('edit.minutes', { n: num(after.hot_gap_worst_min, 0) }),
  ];
  return (
    <dl class="cost">
      {rows.map(([name, by, text, least], i) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="num">
            <strong>{Math.abs(by) < least ? '=' : `${by > 0 ? '▲ +' : '▼ −'}${text(Math.abs(by))}`}</strong>
            <small>{now[i]}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** touchedWords says how many rounds a change changes. */
export function touchedWords(c: Change): string {
  return tn('replan.touched', c.units.length, num(c.units.length));
}
