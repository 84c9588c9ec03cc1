// One line a round: number, call sign, its hours as a mini time line, km and stops.
import { useMemo } from 'preact/hooks';
import type { Plan, PlanRound } from '../api/types';
import { t, tn } from '../i18n';
import { clock, km, num } from '../i18n/format';
import { roundColour } from '../map/palette';
import type { Round } from '../map/scene';
import { dark } from '../state/prefs';
import { at, blocks, hours, type Window } from '../state/timeline';
import { Icon } from '../ui/icons';

interface Props {
  plan: Plan;
  shapes: Round[];
  chosen: number;
  onChoose: (n: number) => void;
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

export function Rounds({ plan, shapes, chosen, onChoose }: Props) {
  const w = useMemo(() => windowOf(plan), [plan]);
  const total = plan.rounds.reduce((m, r) => m + r.metres, 0);
  const labels = hours(w, (w.end - w.start) / 3_600_000 > 10 ? 4 : 2);
  return (
    <section class="rounds" aria-label={t('plan.rounds')}>
      <header class="row">
        <h2>{tn('plan.nRounds', plan.rounds.length)}</h2>
        <span class="muted num">{km(total)}</span>
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
              onChoose={onChoose}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  r: PlanRound;
  w: Window;
  hue: number;
  chosen: boolean;
  onChoose: (n: number) => void;
}

function Row({ r, w, hue, chosen, onChoose }: RowProps) {
  const bars = useMemo(() => blocks(w, r.legs), [r, w]);
  const colour = roundColour(hue, dark.value);
  return (
    <button
      type="button"
      class="round"
      aria-pressed={chosen}
      onClick={() => onChoose(r.number)}
      id={`ronda-${r.number}`}
    >
      <RoundChip n={r.number} hue={hue} />
      <span class="ell name">
        {r.callSign}
        {r.violations.length > 0 && (
          <span class="viol" title={r.violations.join(' · ')}>
            <Icon name="warn" sm />
            <span class="sr">{tn('plan.warnings', r.violations.length)}</span>
          </span>
        )}
      </span>
      <span class="mini" aria-hidden="true">
        {bars.map((b) => (
          <i
            key={`${b.kind}${b.left}`}
            class={b.kind}
            style={{ left: `${b.left}%`, width: `${b.width}%`, background: colour }}
          />
        ))}
      </span>
      <span class="r num">
        <strong>{num(r.metres / 1000, 1)}</strong> <small class="muted">· {num(r.stops)}</small>
      </span>
    </button>
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
