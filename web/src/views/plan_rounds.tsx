// One line a round: number, call sign, its hours as a mini time line, km and stops.
import { useMemo } from 'preact/hooks';
import type { Plan, PlanRound } from '../api/types';
import { t, tn } from '../i18n';
import { clock, km, num } from '../i18n/format';
import { roundColour } from '../map/palette';
import type { Round } from '../map/scene';
import { leave, type Trial, trial } from '../state/plan_trial';
import { dark } from '../state/prefs';
import { at, blocks, hours, type Window } from '../state/timeline';
import { Icon } from '../ui/icons';
import { dragKind, roundLocked } from './plan_pick';

interface Props {
  plan: Plan;
  shapes: Round[];
  chosen: number;
  onChoose: (n: number) => void;
  // What is picked may be dropped on a round, after it was tried there; null: nothing is.
  drop: { onto: (unit: string) => void; over: (unit: string) => void } | null;
  dropName: string;
  changed: readonly string[]; // units that the last edit touched
}

export function windowOf(plan: Plan): Window {
  let start = Infinity;
  let end = -Infinity;
  for (const r of plan.rounds) {
    for (const l of r.legs) {
      start = Math.min(start, l.start);
      end = Math.max(end, l.end);
    }
  }
  if (!(start < end)) return { start: 0, end: 1 };
  const hour = 3_600_000;
  return { start: Math.floor(start / hour) * hour, end: Math.ceil(end / hour) * hour };
}

export function Rounds({ plan, shapes, chosen, onChoose, drop, dropName, changed }: Props) {
  const w = useMemo(() => windowOf(plan), [plan]);
  const total = plan.rounds.reduce((m, r) => m + r.metres, 0);
  const labels = hours(w, (w.end - w.start) / 3_600_000 > 10 ? 4 : 2);
  return (
    <section class="rounds" aria-label={t('plan.rounds')}>
      <header class="row">
        <h2>{tn('plan.nRounds', plan.rounds.length)}</h2>
        <span class="muted num grow">{km(total)}</span>
      </header>
      <div class="rhead hint" aria-hidden="true">
        <span>{t('plan.unit')}</span>
        <span class="axis">
          {labels.map((h) => (
            <i key={h} style={{ left: `${at(w, h)}%` }}>
              {clock(h).slice(0, 2)}
            </i>
          ))}
        </span>
        <span class="r">{t('plan.kmStops')}</span>
      </div>
      <ul class="scroll">
        {plan.rounds.map((r) => (
          <li key={r.number}>
            <Row
              r={r}
              w={w}
              hue={shapes.find((s) => s.number === r.number)?.hue ?? 1}
              chosen={r.number === chosen}
              locked={roundLocked(plan, r.unit)}
              changed={changed.includes(r.unit)}
              onChoose={onChoose}
              drop={drop}
              dropName={dropName}
            />
          </li>
        ))}
      </ul>
      <Legend />
    </section>
  );
}

interface RowProps {
  r: PlanRound;
  w: Window;
  hue: number;
  chosen: boolean;
  locked: boolean;
  changed: boolean;
  onChoose: (n: number) => void;
  drop: Props['drop'];
  dropName: string;
}

/** Legend tells the kinds of the time lines apart, by form and not by colour alone. */
function Legend() {
  const kinds = ['service', 'fill', 'stop', 'break'] as const;
  const form = { service: 'patrol', fill: 'fill', stop: 'stop', break: 'break' };
  return (
    <ul class="kinds hint" aria-label={t('plan.kinds')}>
      {kinds.map((k) => (
        <li key={k}>
          <span class="mini" aria-hidden="true">
            <i class={form[k]} />
          </span>
          {t(`plan.kind.${k}`)}
        </li>
      ))}
    </ul>
  );
}

function Row({ r, w, hue, chosen, locked, changed, onChoose, drop, dropName }: RowProps) {
  const tried = trial.value?.unit === r.unit ? trial.value : null;
  const bars = useMemo(() => blocks(w, r.legs), [r, w]);
  const colour = roundColour(hue, dark.value);
  return (
    <button
      type="button"
      class={`round ${tried ? 'over' : ''} ${changed ? 'fresh' : ''}`}
      aria-pressed={chosen}
      onClick={() => onChoose(r.number)}
      title={tried ? t('edit.dropHere', { name: dropName }) : undefined}
      onDragOver={(e) => {
        if (!drop || !e.dataTransfer?.types.includes(dragKind)) return;
        e.preventDefault();
        drop.over(r.unit);
      }}
      onDragLeave={(e) => {
        // Going from one part of the row to another is not leaving it.
        if (!e.currentTarget.contains(e.relatedTarget as Node | null)) leave(r.unit);
      }}
      onDrop={(e) => {
        if (!drop || !e.dataTransfer?.types.includes(dragKind)) return;
        e.preventDefault();
        drop.onto(r.unit);
      }}
      id={`ronda-${r.number}`}
    >
      <RoundChip n={r.number} hue={hue} />
      <span class="ell name">
        <span class="ell">{r.callSign}</span>
        {locked && (
          <span class="muted" title={t('edit.locked')}>
            <Icon name="lock" sm />
            <span class="sr">{t('edit.locked')}</span>
          </span>
        )}
        {r.violations.length > 0 && (
          <span class="viol" title={r.violations.join(' · ')}>
            <Icon name="warn" sm />
            <span class="sr">{tn('plan.warnings', r.violations.length)}</span>
          </span>
        )}
      </span>
      {tried ? (
        <Tried of={tried} />
      ) : (
        <>
          <span class="mini" aria-hidden="true">
            {bars.map((b) => (
              <i
                key={`${b.kind}${b.left}`}
                class={b.kind}
                style={{ left: `${b.left}%`, width: `${b.width}%`, color: colour }}
              />
            ))}
          </span>
          <span class="r num">
            <strong>{num(r.metres / 1000, 1)}</strong> <small class="muted">· {num(r.stops)}</small>
          </span>
        </>
      )}
    </button>
  );
}

/** Tried says what would become of the plan, in the place of the row's time line. */
function Tried({ of }: { of: Trial }) {
  const c = of.change;
  const warned = of.refused !== '' || (c !== null && c.violations.length > 0);
  const by = c ? c.after.driven_km - c.before.driven_km : 0;
  return (
    <span class={`tried num ${warned ? 'warn' : ''}`} role="status">
      {warned && <Icon name="warn" sm />}
      <span class="ell">
        {of.refused ||
          (c === null
            ? t('edit.trying')
            : c.violations[0] || t('edit.tried', { km: `${by < 0 ? '−' : '+'}${num(Math.abs(by), 1)}` }))}
      </span>
      {c !== null && c.violations.length > 1 && <small>+{num(c.violations.length - 1)}</small>}
    </span>
  );
}

export function RoundChip({ n, hue }: { n: number; hue: number }) {
  const d = dark.value;
  return (
    <span class="rchip num" style={{ background: roundColour(hue, d), color: d ? '#0A0E13' : '#FFFFFF' }}>
      {n}
    </span>
  );
}
