// The bar of the whole shift: drag left of now to see how it was.
import { useSignal, useSignalEffect } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { events, type UnitEvent } from '../api/devices';
import { tracks } from '../api/tracks';
import { t, tk } from '../i18n';
import { clock, span } from '../i18n/format';
import type { MapView } from '../map/view';
import { second } from '../state/clock';
import { marks, told } from '../state/live';
import {
  isViewing,
  marksAt,
  pastOf,
  rate,
  rates,
  replayed,
  shiftPeriod,
  silences,
  viewing,
} from '../state/replay';
import { place, setQuery } from '../state/router';
import { district, now } from '../state/session';
import { Icon } from '../ui/icons';
import { useKeys } from '../ui/keys';
import { Seg } from '../ui/parts';

const step = 10_000; // ms
const fresh = 60_000; // ms after which what was loaded of the running shift is loaded again

export function ReplayBar({ map, chosen }: { map: RefObject<MapView | null>; chosen: string }) {
  const error = useSignal('');
  const loading = useSignal(false);
  const loaded = useSignal({ key: '', until: 0 });
  const happened = useSignal<UnitEvent[]>([]);
  const period = shiftPeriod.value;
  const end = Math.min(period.to, Math.max(period.from + step, second.value || now()));
  const key = `${district.value?.ubigeo} ${period.from}`;

  const load = async () => {
    const u = district.value?.ubigeo;
    const l = loaded.value;
    if (!u || loading.value || (l.key === key && l.until + fresh > Math.min(period.to, now()))) return;
    loading.value = true;
    error.value = '';
    try {
      const p = { from: period.from, to: Math.min(period.to, now()) };
      const [ts, es] = await Promise.all([
        tracks(u, [], p, undefined, 3),
        events(u, new Date(p.from), new Date(p.to), ''),
      ]);
      replayed.value = ts;
      happened.value = es;
      loaded.value = { key, until: p.to };
    } catch (e) {
      error.value = (e as Error).message || t('error.offline');
    }
    loading.value = false;
  };
  const see = (at: number) => {
    if (at >= end - step) return back();
    viewing.value = Math.max(period.from, at);
    void load();
  };
  const back = () => {
    viewing.value = 0;
    rate.value = 0;
    setQuery({ t: null });
  };
  const keep = () => setQuery({ t: viewing.value ? String(Math.round(viewing.value / 1000)) : null });

  // The address may name an instant of the shift.
  useEffect(() => {
    const asked = Number(place.value.query.get('t')) * 1000;
    if (asked > period.from && asked < end - step) see(asked);
    return () => {
      viewing.value = 0;
      rate.value = 0;
      replayed.value = [];
      map.current?.setTracks([]);
    };
  }, []);

  // Replay sets the map directly: no part of the page is drawn again for it.
  useSignalEffect(() => {
    const at = viewing.value;
    const m = map.current;
    if (!m) return;
    if (at > 0) {
      m.putUnits(marksAt(at));
      m.setTracks(pastOf(replayed.value, at, chosen));
    }
  });
  useEffect(() => {
    if (isViewing.value) return;
    map.current?.setTracks([]);
    map.current?.setUnits(marks.value);
  }, [isViewing.value]);

  useEffect(() => {
    if (!rate.value) return;
    let last = performance.now();
    let frame = requestAnimationFrame(function tick(at) {
      if (viewing.value) {
        viewing.value += (at - last) * rate.value;
        if (viewing.value >= end - step) back();
      }
      last = at;
      frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  }, [rate.value, end > 0]);

  const at = viewing.value || end;
  const by = (ms: number) => () => see(at + ms);
  useKeys({
    ArrowLeft: by(-step),
    ArrowRight: by(step),
    'Shift+ArrowLeft': by(-300_000),
    'Shift+ArrowRight': by(300_000),
    ' ': () => play(),
    '0': back,
  });
  const play = () => {
    if (!viewing.value) see(end - 600_000);
    rate.value = rate.value ? 0 : 8;
  };
  const share = (x: number) => `${(100 * (x - period.from)) / (period.to - period.from)}%`;
  const quiet =
    loaded.value.key === key ? silences(replayed.value, { from: period.from, to: loaded.value.until }) : [];
  const words = viewing.value
    ? t('replay.at', { time: clock(at), age: span((now() - at) / 1000) })
    : t('replay.present');
  return (
    <section class="replay wide" aria-label={t('replay.title')}>
      {isViewing.value ? (
        <button type="button" class="pill past" onClick={back}>
          {t('replay.viewing', { time: clock(at, true) })}
        </button>
      ) : (
        <span class="pill now">{t('nav.live')}</span>
      )}
      <button
        type="button"
        class="btn icon sm"
        onClick={play}
        aria-label={t(rate.value ? 'replay.pause' : 'replay.play')}
        aria-pressed={rate.value > 0}
      >
        <Icon name={rate.value ? 'stop' : 'play'} sm />
      </button>
      <div class="line">
        <span class="num hint">{clock(period.from)}</span>
        <div class="groove">
          <i class="past" style={{ width: share(at) }} />
          <i class="ahead" style={{ left: share(end) }} />
          {quiet.map((q) => (
            <i
              key={q.from}
              class="quiet"
              style={{ left: share(q.from), right: `calc(100% - ${share(q.to)})` }}
            />
          ))}
          {happened.value.map((e) => (
            <b
              key={`${e.unit} ${e.kind} ${e.start}`}
              style={{ left: share(e.start) }}
              title={`${clock(e.start)} ${told.value.units.get(e.unit)?.callSign || e.unit}: ${tk('ev.kind', e.kind)}`}
            />
          ))}
          <input
            type="range"
            min={period.from}
            max={end}
            step={step}
            value={at}
            style={{ width: share(end) }}
            aria-label={t('replay.title')}
            aria-valuetext={words}
            onInput={(e) => see(Number(e.currentTarget.value))}
            onChange={keep}
          />
        </div>
        <span class="num hint">{clock(period.to)}</span>
      </div>
      <Seg
        label={t('replay.rate')}
        value={String(rate.value || 8)}
        options={rates.map((r) => [String(r), `${r}×`] as const)}
        onChange={(v) => {
          if (!viewing.value) see(end - 600_000);
          rate.value = Number(v);
        }}
      />
      {error.value && (
        <p class="err" role="alert">
          {error.value}
        </p>
      )}
    </section>
  );
}
