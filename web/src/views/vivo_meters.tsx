// Three meters with what is expected at this hour, and the joint coverage bar.
import type { Count, CoverageBar, Meters as MetersT } from '../api/types';
import { t } from '../i18n';
import { num, pct } from '../i18n/format';
import { Bar } from '../ui/parts';

export function Meters({ bar, meters }: { bar: CoverageBar | null; meters: MetersT | null }) {
  return (
    <div class="meters">
      <div class="three">
        <Meter
          name={t('meter.streets')}
          value={bar ? bar.ours.pct : null}
          big={bar ? num(bar.ours.pct, 1) : '—'}
          small="%"
          tick={bar?.expectedPct ?? null}
          foot={
            bar?.expectedPct != null ? t('meter.now', { value: num(bar.expectedPct, 1) }) : t('meter.noPlan')
          }
        />
        <Part name={t('meter.cells')} part={meters?.zones ?? null} />
        <Part name={t('meter.stops')} part={meters?.stops ?? null} />
      </div>
      <JointBar bar={bar} />
    </div>
  );
}

function Part({ name, part }: { name: string; part: Count | null }) {
  const p = part && part.of > 0 ? part : null;
  return (
    <Meter
      name={name}
      value={p ? (p.done / p.of) * 100 : null}
      big={p ? num(p.done) : '—'}
      small={p ? t('meter.of', { n: num(p.of) }) : ''}
      tick={p?.expected != null ? (p.expected / p.of) * 100 : null}
      foot={p?.expected != null ? t('meter.now', { value: num(p.expected) }) : t('meter.noPlan')}
    />
  );
}

interface MeterProps {
  name: string;
  value: number | null;
  big: string;
  small: string;
  tick: number | null;
  foot: string;
}

function Meter({ name, value, big, small, tick, foot }: MeterProps) {
  return (
    <div class="meter">
      <span class="muted ell">{name}</span>
      <span class="val">
        <strong class="num">{big}</strong> <small>{small}</small>
      </span>
      <Bar value={value} tick={tick} />
      <span class="hint ell">{foot}</span>
    </div>
  );
}

/** JointBar splits the district's kilometres: ours, theirs, both, nobody, unknown. */
export function JointBar({ bar, wide = false }: { bar: CoverageBar | null; wide?: boolean }) {
  const shares = bar
    ? ([
        ['municipal', bar.serenazgo, t('force.municipal')],
        ['both', bar.both, t('force.both')],
        ['police', bar.police, t('force.police')],
        ['unknown', bar.unknown, t('force.unknown')],
        ['none', bar.none, t('force.none')],
      ] as const)
    : [];
  const words = shares.map(([, s, name]) => `${name} ${pct(s.pct)}`).join(', ');
  return (
    <div class={wide ? 'joint wideform' : 'joint'}>
      <div class="jbar" role="img" aria-label={bar ? t('joint.label', { words }) : t('joint.none')}>
        {shares.map(([kind, s]) => s.pct > 0.05 && <i key={kind} class={kind} style={{ flexGrow: s.pct }} />)}
      </div>
      <ul class="jkey">
        {shares
          .filter(([kind, s]) => kind !== 'unknown' || s.pct >= 0.05)
          .map(([kind, s, name]) => (
            <li key={kind}>
              <i class={kind} aria-hidden="true" />
              {name} <b class="num">{pct(s.pct)}</b>
            </li>
          ))}
        {!bar && <li class="hint">{t('joint.none')}</li>}
      </ul>
    </div>
  );
}
