// Where one unit was in a period, with speed, stops and events; its files.
import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { days, doubtful, events } from '../api/devices';
import { type ExportKind, exportFormats, exportKinds, exportURL, type Period, tracks } from '../api/tracks';
import type { LiveUnit } from '../api/types';
import { t, tk, tn } from '../i18n';
import { dateOf, dayTime, fromLocalInput, km, localInput, num } from '../i18n/format';
import { type Bounds, latOf, lonOf, worldX, worldY } from '../map/geo';
import type { TrackMark } from '../map/paint_tracks';
import type { MapView } from '../map/view';
import { shiftPeriod } from '../state/replay';
import { district, now } from '../state/session';
import { useLoad } from '../ui/load';
import { Dialog, Failure, Field, Seg } from '../ui/parts';

const spans = ['shift', 'day', 'week', 'month', 'other'] as const;
type Span = (typeof spans)[number];
const day = 24 * 3600_000;
const longest = 31 * day;

function periodOf(s: Span, other: Period): Period {
  const to = now();
  switch (s) {
    case 'shift':
      return { from: shiftPeriod.value.from, to: Math.min(to, shiftPeriod.value.to) };
    case 'day':
      return { from: to - day, to };
    case 'week':
      return { from: to - 7 * day, to };
    case 'month':
      return { from: to - longest, to };
  }
  return other;
}

export function UnitTrail({
  unit,
  map,
  onClose,
}: {
  unit: LiveUnit;
  map: RefObject<MapView | null>;
  onClose: () => void;
}) {
  const u = district.value?.ubigeo ?? '';
  const span = useSignal<Span>('shift');
  const other = useSignal<Period>({ from: now() - 2 * day, to: now() });
  const bad = useSignal(false); // show what does not count
  const files = useSignal(false);
  const chosen = useSignal(periodOf('shift', other.value));
  const p = chosen.value;
  const choose = (s: Span) => {
    span.value = s;
    chosen.value = periodOf(s, other.value);
  };

  const load = useLoad(
    async (s) => {
      const [ts, ds, es] = await Promise.all([
        tracks(u, [unit.id], p, s),
        days(u, dateOf(p.from - 6 * 3600_000), dateOf(p.to - 6 * 3600_000), s, unit.id),
        events(u, new Date(p.from), new Date(p.to), unit.id, s),
      ]);
      return { track: ts[0], days: ds, events: es };
    },
    [u, unit.id, p.from, p.to],
  );
  const canDoubt = p.to - p.from <= 7 * day;
  const doubts = useLoad(
    (s) => (bad.value && canDoubt ? doubtful(u, unit.id, p, s) : Promise.resolve([])),
    [u, unit.id, p.from, p.to, bad.value],
  );
  const d = load.data;
  const stops = (d?.days ?? []).flatMap((x) => x.stopList).filter((x) => x.start >= p.from && x.start < p.to);

  useEffect(() => {
    if (!d) return;
    const at = (lon: number, lat: number, kind: TrackMark['kind']): TrackMark => ({
      kind,
      x: worldX(lon),
      y: worldY(lat),
    });
    const marks = [
      ...stops.map((s) => at(s.point[0], s.point[1], 'stop')),
      ...d.events.flatMap((e) => (e.point ? [at(e.point[0], e.point[1], 'event')] : [])),
      ...(doubts.data ?? []).flatMap((f) => (f.point ? [at(f.point[0], f.point[1], 'doubtful')] : [])),
    ];
    const { track } = d;
    map.current?.setTracks(
      track.at.length > 1 ? [{ track, from: 0, to: track.at.length - 1, strong: true }] : [],
      marks,
    );
  }, [d, doubts.data]);
  useEffect(() => {
    if (!d || d.track.at.length === 0) return;
    map.current?.fit(boxOf(d.track.x, d.track.y), 17);
  }, [d]);
  useEffect(() => () => map.current?.setTracks([]), []);

  const metres = (d?.days ?? []).reduce((sum, x) => sum + x.metres, 0);
  return (
    <section
      class="card detail trail"
      aria-label={t('trail.of', { unit: unit.callSign })}
      aria-busy={load.loading}
    >
      <header class="row">
        <h2 class="grow ell">{t('trail.of', { unit: unit.callSign })}</h2>
        <button type="button" class="btn sm quiet" onClick={onClose}>
          {t('close')}
        </button>
      </header>
      <Seg
        label={t('trail.period')}
        value={span.value}
        options={spans.map((s) => [s, tk('trail.span', s)] as const)}
        onChange={choose}
      />
      {span.value === 'other' && (
        <Between
          p={other.value}
          onChange={(x) => {
            other.value = x;
            chosen.value = x;
          }}
        />
      )}
      {load.error ? (
        <Failure error={load.error || t('error.offline')} retry={load.reload} />
      ) : (
        <dl class="facts three">
          <div>
            <dt>{t('trail.km')}</dt>
            <dd class="num">{d ? km(metres) : '—'}</dd>
          </div>
          <div>
            <dt>{t('trail.stops')}</dt>
            <dd class="num">{d ? num(stops.length) : '—'}</dd>
          </div>
          <div>
            <dt>{t('trail.events')}</dt>
            <dd class="num">{d ? num(d.events.length) : '—'}</dd>
          </div>
        </dl>
      )}
      <p class="hint" role="status">
        {d
          ? d.track.fixes === 0
            ? t('trail.none')
            : tn('trail.fixes', d.track.fixes, num(d.track.fixes))
          : t('loading')}
      </p>
      <ul class="speeds" aria-label={t('trail.speeds')}>
        {['slow', 'patrol', 'transit', 'fast', 'unknown'].map((k) => (
          <li key={k}>
            <i class={k} />
            {tk('trail.speed', k)}
          </li>
        ))}
      </ul>
      {d && d.track.doubtful > 0 && (
        <label class="check">
          <input
            type="checkbox"
            checked={bad.value}
            disabled={!canDoubt}
            onChange={(e) => {
              bad.value = e.currentTarget.checked;
            }}
          />
          <span>
            {tn('trail.doubtful', d.track.doubtful, num(d.track.doubtful))}
            {!canDoubt && <small class="hint"> {t('trail.doubtfulWeek')}</small>}
          </span>
        </label>
      )}
      {bad.value && (doubts.data?.length ?? 0) > 0 && (
        <ul class="doubts scroll">
          {doubts.data?.slice(0, 100).map((f) => (
            <li key={`${f.device} ${f.at}`}>
              <span class="num">{dayTime(f.at)}</span> {f.reasons.map((r) => tk('reason', r)).join(', ')}
            </li>
          ))}
        </ul>
      )}
      <footer class="row">
        <button type="button" class="btn sm" onClick={() => (files.value = true)}>
          {t('trail.export')}
        </button>
      </footer>
      {files.value && <Files units={[unit.id]} p={p} onClose={() => (files.value = false)} />}
    </section>
  );
}

function boxOf(x: Float64Array, y: Float64Array): Bounds {
  let [a, b, c, d] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < x.length; i++) {
    a = Math.min(a, x[i]);
    c = Math.max(c, x[i]);
    b = Math.min(b, y[i]);
    d = Math.max(d, y[i]);
  }
  return [lonOf(a), latOf(d), lonOf(c), latOf(b)];
}

/** Between asks for a period of up to a month. */
function Between({ p, onChange }: { p: Period; onChange: (p: Period) => void }) {
  const error = useSignal('');
  const set = (from: Date | null, to: Date | null) => {
    if (!from || !to) return;
    const bad = +from >= +to || +to - +from > longest;
    error.value = bad ? t('trail.badPeriod') : '';
    if (!bad) onChange({ from: +from, to: +to });
  };
  return (
    <div class="two">
      <Field label={t('trail.from')} error={error.value}>
        <input
          class="in"
          type="datetime-local"
          value={localInput(p.from)}
          onChange={(e) => set(fromLocalInput(e.currentTarget.value), new Date(p.to))}
        />
      </Field>
      <Field label={t('trail.to')}>
        <input
          class="in"
          type="datetime-local"
          value={localInput(p.to)}
          onChange={(e) => set(new Date(p.from), fromLocalInput(e.currentTarget.value))}
        />
      </Field>
    </div>
  );
}

/** Files offers what units did as files. */
export function Files({ units, p, onClose }: { units: string[]; p: Period; onClose: () => void }) {
  const what = useSignal<ExportKind>('trail');
  const u = district.value?.ubigeo ?? '';
  return (
    <Dialog title={t('trail.export')} onClose={onClose}>
      <div class="col">
        <p class="hint">{t('trail.exportOf', { from: dayTime(p.from), to: dayTime(p.to) })}</p>
        <Seg
          label={t('trail.what')}
          value={what.value}
          options={exportKinds.map((k) => [k, tk('trail.kind', k)] as const)}
          onChange={(k) => {
            what.value = k;
          }}
        />
        <ul class="files">
          {exportFormats.map((f) => (
            <li key={f}>
              <a class="btn" href={exportURL(u, what.value, f, units, p)} download>
                {f.toUpperCase()}
              </a>
              <span class="hint">{tk('trail.format', f)}</span>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
