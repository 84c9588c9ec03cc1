// What a link shows: a map with some units, without names, until it is over.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Shared, type SharedUnit, shared } from '../api/shares';
import { t, tk, tn } from '../i18n';
import { clock, dayTime, setZone, span } from '../i18n/format';
import type { UnitMark, UnitState } from '../map/scene';
import type { MapView } from '../map/view';
import { second } from '../state/clock';
import { dark } from '../state/prefs';
import { now, setNow } from '../state/session';
import { Glyph } from '../ui/glyph';
import { Mark } from '../ui/icons';
import { Attribution } from '../ui/maphost';
import { Empty } from '../ui/parts';

const every = 5000; // ms between looks

function stateOf(u: SharedUnit): UnitState {
  if (u.link === 'offline') return 'offline';
  if (u.link === 'stale') return 'silent';
  return u.motion === 'stopped' ? 'stopped' : u.motion === 'transit' ? 'transit' : 'patrol';
}

const label = (u: SharedUnit) => `${tk('mode', u.mode)} ${u.number}`;

export default function Compartido() {
  const host = useRef<HTMLDivElement>(null);
  const map = useRef<MapView | null>(null);
  const data = useSignal<Shared | null>(null);
  const state = useSignal<'wait' | 'open' | 'over' | 'lost'>('wait');
  const token = location.hash.slice(1);

  useEffect(() => {
    const stop = new AbortController();
    let timer = 0;
    let detach = () => {};
    const look = async () => {
      try {
        const s = await shared(token, stop.signal);
        state.value = s ? 'open' : 'over';
        if (!s) {
          data.value = null;
          return; // over: nothing more to ask
        }
        setZone(s.time_zone);
        setNow(Date.parse(s.server_time));
        if (!map.current && host.current) {
          const { mapView } = await import('../map/view');
          map.current = mapView();
          detach = map.current.attach(host.current);
          map.current.setDark(dark.value);
          if (s.tiles && s.bounds) map.current.setDistrict(s.tiles, featureOf(s.boundary), s.bounds);
          map.current.setScene({ units: true, trails: true });
          fit(map.current, s);
        }
        data.value = s;
        map.current?.setUnits(marks(s));
      } catch {
        if (stop.signal.aborted) return;
        state.value = 'lost';
      }
      timer = setTimeout(look, every) as unknown as number;
    };
    void look();
    return () => {
      stop.abort();
      clearTimeout(timer);
      detach();
    };
  }, [token]);
  useEffect(() => map.current?.setDark(dark.value), [dark.value]);

  const s = data.value;
  return (
    <main class="shared">
      <header class="row">
        <Mark size={28} />
        <h1 class="grow ell">{s ? t('shared.title', { district: s.district }) : t('shared.none')}</h1>
        {s && <p class="hint num wide">{t('shared.until', { time: dayTime(s.expires_at) })}</p>}
      </header>
      {state.value === 'over' ? (
        <Empty icon="clock" title={t('shared.over')}>
          <p>{t('shared.overWhy')}</p>
        </Empty>
      ) : (
        <>
          <div class="maphost">
            <div class="mapbox" ref={host} role="img" aria-label={t('shared.map')} />
            <Attribution />
          </div>
          <ul class="sharedunits" aria-label={t('live.units')}>
            {(s?.units ?? []).map((u) => (
              <li key={label(u)}>
                <Glyph state={stateOf(u)} size={20} />
                <strong>{label(u)}</strong> {tk('state', stateOf(u))}
                <span class="hint num">
                  {u.at
                    ? t('shared.at', {
                        time: clock(u.at, true),
                        age: span(((second.value || now()) - Date.parse(u.at)) / 1000),
                      })
                    : t('live.neverSeen')}
                </span>
              </li>
            ))}
            {s && s.units.length === 0 && <li>{tn('share.units', 0)}</li>}
          </ul>
          {state.value === 'lost' && (
            <p class="err pad" role="alert">
              {t('error.offline')}
            </p>
          )}
        </>
      )}
    </main>
  );
}

function marks(s: Shared): UnitMark[] {
  return s.units.flatMap((u) =>
    u.point
      ? [
          {
            id: label(u),
            label: label(u),
            lon: u.point[0],
            lat: u.point[1],
            heading: u.course ?? null,
            state: stateOf(u),
            at: Date.parse(u.at ?? ''),
          },
        ]
      : [],
  );
}

function featureOf(fc: unknown): unknown {
  return (fc as { features?: unknown[] } | undefined)?.features?.[0] ?? null;
}

/** fit shows the units; alone in the district they are not zoomed in upon. */
function fit(m: MapView, s: Shared): void {
  const ps = s.units.flatMap((u) => (u.point ? [u.point] : []));
  if (ps.length === 0) {
    m.fit(s.bounds ?? null);
    return;
  }
  const lon = ps.map((p) => p[0]);
  const lat = ps.map((p) => p[1]);
  m.fit([Math.min(...lon), Math.min(...lat), Math.max(...lon), Math.max(...lat)], 15);
}
