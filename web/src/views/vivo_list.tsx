// The list of units: the twin of the map's canvas.
import { computed, type Signal } from '@preact/signals';
import { Component } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { LiveUnit } from '../api/types';
import { t, tk } from '../i18n';
import { kmh, num, span } from '../i18n/format';
import { second } from '../state/clock';
import { liveReady, stateOf, told } from '../state/live';
import { Glyph } from '../ui/glyph';
import { Icon } from '../ui/icons';
import { Empty, Skeleton } from '../ui/parts';
import { type Filter, inFilter } from './vivo';

interface Props {
  rows: LiveUnit[];
  chosen: string;
  filter: Signal<Filter>;
  search: Signal<string>;
  onChoose: (id: string) => void;
  onFollow: (id: string) => void;
  onBusy: (busy: boolean) => void;
}

const filters: Filter[] = ['patrol', 'stopped', 'transit', 'silent', 'offline'];

export function UnitList({ rows, chosen, filter, search, onChoose, onFollow, onBusy }: Props) {
  const all = [...told.value.units.values()];
  const hand = useRef({ onChoose, onFollow });
  hand.current = { onChoose, onFollow };
  return (
    <>
      <div class="listhead">
        <div class="search">
          <Icon name="search" sm />
          <input
            type="search"
            class="in"
            placeholder={t('live.search')}
            aria-label={t('live.search')}
            value={search.value}
            onInput={(e) => (search.value = e.currentTarget.value)}
          />
          <kbd class="kbd wide">/</kbd>
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a row of toggles */}
        <div class="filters" role="group" aria-label={t('live.filter')}>
          <button type="button" aria-pressed={filter.value === 'all'} onClick={() => (filter.value = 'all')}>
            {t('live.all')} <b class="num">{all.length}</b>
          </button>
          {filters.map((f) => {
            const n = all.filter((u) => inFilter(u, f)).length;
            return (
              <button
                key={f}
                type="button"
                aria-pressed={filter.value === f}
                onClick={() => (filter.value = filter.value === f ? 'all' : f)}
                aria-label={`${tk('state', f)}: ${n}`}
                title={tk('state', f)}
              >
                <Glyph state={f as Exclude<Filter, 'all'>} size={16} />
                <b class="num">{n}</b>
              </button>
            );
          })}
        </div>
      </div>
      <ul
        class="units scroll"
        onPointerEnter={() => onBusy(true)}
        onPointerLeave={() => onBusy(false)}
        onFocusIn={() => onBusy(true)}
        onFocusOut={() => onBusy(false)}
      >
        {rows.map((u) => (
          <Row key={u.id} u={u} chosen={u.id === chosen} hand={hand} />
        ))}
        {!liveReady.value && (
          <li>
            <Skeleton rows={8} height={40} />
          </li>
        )}
        {liveReady.value && rows.length === 0 && (
          <li>
            {all.length === 0 ? (
              <Empty icon="device" title={t('live.noUnits')}>
                <p>{t('live.noUnitsWhy')}</p>
                <a class="btn" href="/ajustes/unidades">
                  {t('live.addUnits')}
                </a>
              </Empty>
            ) : (
              <Empty icon="search" title={t('live.noMatch')} />
            )}
          </li>
        )}
      </ul>
    </>
  );
}

interface Hand {
  current: { onChoose: (id: string) => void; onFollow: (id: string) => void };
}

interface RowProps {
  u: LiveUnit;
  chosen: boolean;
  hand: Hand;
}

/** Row is made again when its unit was told anew or chosen: of 200 rows most were not. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    return next.u !== this.props.u || next.chosen !== this.props.chosen;
  }

  override render(props: RowProps) {
    return <RowOfUnit {...props} />;
  }
}

function RowOfUnit({ u, chosen, hand }: RowProps) {
  const s = stateOf(u);
  // What grows by the second changes its text alone.
  const where = useMemo(() => computed(() => note(u)), [u]);
  const since = useMemo(() => computed(() => age(u)), [u]);
  return (
    <li>
      <button
        type="button"
        id={`unidad-${u.id}`}
        data-place={u.lon === null ? undefined : `${u.lon},${u.lat}`}
        class={`unit ${s}`}
        aria-pressed={chosen}
        onClick={() => hand.current.onChoose(u.id)}
        onDblClick={() => hand.current.onFollow(u.id)}
      >
        <Glyph state={s} />
        <span class="a ell">
          <strong>{u.callSign}</strong> <em>{tk('state', s === 'planned_stop' ? 'stopped' : s)}</em>
        </span>
        <span class="b num">{missing(u)}</span>
        <span class="c ell">{where}</span>
        <span class="d num">{since}</span>
      </button>
    </li>
  );
}

/** missing tells the kilometres left of the round; a unit without a round says so by a dash. */
function missing(u: LiveUnit): string {
  return u.kmMissing === null ? '—' : t('live.missing', { km: num(u.kmMissing, 1) });
}

export function age(u: LiveUnit): string {
  if (u.at === null) return t('live.neverSeen');
  const s = Math.max(0, (second.value - u.at) / 1000);
  const speed = u.link === 'online' && u.speed !== null ? `${kmh(u.speed)} · ` : '';
  return speed + span(s);
}

/** note is the place, or what needs to be known before the place. */
export function note(u: LiveUnit): string {
  const s = stateOf(u);
  const street = u.street || t('live.noStreet');
  if (s === 'offline') return u.at === null ? t('live.noFix') : t('live.lastAt', { street });
  if (s === 'silent') return t('live.lastAt', { street });
  const standing = u.since === null ? null : Math.max(0, (second.value - u.since) / 1000);
  if (s === 'planned_stop') {
    if (u.stop?.minutes != null && u.stop.ofMinutes != null) {
      return t('live.stopOf', { n: num(u.stop.minutes), of: num(u.stop.ofMinutes) });
    }
    return t('live.stopPlanned', { time: span(standing) });
  }
  if (s === 'stopped') {
    const where = standing === null ? street : t('live.stopOutside', { time: span(standing) });
    return u.ignition ? `${where} · ${t('live.idling')}` : where;
  }
  return street;
}
