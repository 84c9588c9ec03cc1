// The chosen unit over the map: what it does, what is missing, its round.
import type { LiveUnit } from '../api/types';
import { t, tk } from '../i18n';
import { clock, kmh, num, span } from '../i18n/format';
import { second } from '../state/clock';
import { useCompliance } from '../state/compliance';
import { liveShift, stateOf } from '../state/live';
import { can } from '../state/session';
import { Glyph } from '../ui/glyph';
import { Icon } from '../ui/icons';
import { UnitReasons, Verdict } from './cumplimiento';
import { note } from './vivo_list';

export function UnitDetail({
  unit,
  onClose,
  onFollow,
  onTrail,
  onShare,
}: {
  unit: LiveUnit;
  onClose: () => void;
  onFollow: () => void;
  onTrail?: () => void;
  onShare?: () => void;
}) {
  const s = stateOf(unit);
  const shift = liveShift.value;
  const comp = useCompliance(unit.round === null ? '' : (shift?.id ?? ''));
  const done = comp.data?.units.find((u) => u.unit === unit.id);
  return (
    <section class="card detail" aria-label={unit.callSign}>
      <header class="row">
        <Glyph state={s} />
        <div class="grow">
          <h2 class="ell">{unit.callSign}</h2>
          <p class="hint">
            {tk('mode', unit.mode)} · {tk('state', s === 'planned_stop' ? 'stopped' : s)}
          </p>
        </div>
        <button type="button" class="btn quiet icon sm" onClick={onClose} aria-label={t('close')}>
          <Icon name="close" sm />
        </button>
      </header>
      <p class="where">{note(unit)}</p>
      <dl class="facts">
        <div>
          <dt>{t('unit.missing')}</dt>
          <dd class="num">{unit.kmMissing === null ? '—' : `${num(unit.kmMissing, 1)} km`}</dd>
        </div>
        <div>
          <dt>{t('unit.stops')}</dt>
          <dd class="num">
            {unit.stopsDone === null || unit.stopsPlanned === null
              ? '—'
              : t('unit.stopsOf', { n: num(unit.stopsDone), of: num(unit.stopsPlanned) })}
          </dd>
        </div>
        <div>
          <dt>{t('unit.speed')}</dt>
          <dd class="num">{unit.link === 'online' ? kmh(unit.speed) : '—'}</dd>
        </div>
        <div>
          <dt>{t('unit.fix')}</dt>
          <dd class="num">
            {unit.at === null
              ? '—'
              : t('unit.fixAt', { time: clock(unit.at, true), age: span((second.value - unit.at) / 1000) })}
          </dd>
        </div>
      </dl>
      {done && (
        <details class="complied" open={matchMedia('(min-width: 900px)').matches}>
          <summary>
            {t('comp.title')} <Verdict unit={done} final={false} />
          </summary>
          <UnitReasons unit={done} brief />
        </details>
      )}
      <footer class="row">
        <button type="button" class="btn sm" onClick={onFollow}>
          {t('unit.follow')} <kbd class="kbd wide">↵</kbd>
        </button>
        {unit.round !== null && shift && (
          <a class="btn sm quiet" href={`/plan/${shift.id}?r=${unit.round}`}>
            {t('unit.round', { n: unit.round })}
          </a>
        )}
        {unit.round !== null && shift && can('plan') && (
          <a class="btn sm quiet" href={`/plan/${shift.id}/revisar?evento=unit_lost&unidad=${unit.id}`}>
            {t('unit.replan')}
          </a>
        )}
        {onTrail && (
          <button type="button" class="btn sm quiet" onClick={onTrail}>
            {t('trail.show')}
          </button>
        )}
        {onShare && (
          <button type="button" class="btn sm quiet" onClick={onShare}>
            {t('share.button')}
          </button>
        )}
      </footer>
    </section>
  );
}
