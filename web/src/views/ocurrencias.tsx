// Ocurrencias: register one in seconds, and see the latest.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import * as api from '../api/endpoints';
import type { Incident } from '../api/types';
import { t, tk } from '../i18n';
import { dayTime, fromLocalInput, localInput, num } from '../i18n/format';
import { type LonLat, pathsOf } from '../map/geo';
import type { MapView } from '../map/view';
import { go, parts, place, setQuery } from '../state/router';
import { can, district, now } from '../state/session';
import { useStreets } from '../state/streets';
import { TextField } from '../ui/fields';
import { Icon } from '../ui/icons';
import { useKeys } from '../ui/keys';
import { useLoad } from '../ui/load';
import { MapHost } from '../ui/maphost';
import { notify } from '../ui/notice';
import { Empty, Failure, Field, Skeleton, submit } from '../ui/parts';
import { incidentTypes } from './incident_types';

const origins = ['call', 'patrol', 'camera', 'complaint', 'panic', 'board'] as const;

/** where says in words where an incident happened, as far as that may be told. */
function where(r: Incident): string {
  if (!r.point) return r.sector ? t('inc.inSector', { sector: r.sector }) : t('inc.noPoint');
  const place = r.place || r.detail;
  return r.grade ? `${place} (${tk('grade', r.grade)})` : place;
}

export default function Ocurrencias() {
  const d = district.value;
  const u = d?.ubigeo ?? '';
  const adding = parts.value[1] === 'nueva';
  const chosen = place.value.query.get('o') ?? '';
  const map = useRef<MapView | null>(null);
  const point = useSignal<LonLat | null>(null);
  const streets = useStreets();
  const street = useSignal('');
  const list = useLoad((s) => api.incidents(u, s), [u]);
  const rows = list.data ?? [];
  const one = rows.find((r) => r.key === chosen);

  useKeys({
    'Ctrl+Alt+n': () => go('/ocurrencias/nueva'),
    Escape: () => (adding ? go('/ocurrencias') : setQuery({ o: null })),
  });
  useEffect(() => {
    if (!adding) point.value = null;
  }, [adding]);

  const scene = useMemo(
    () => ({
      boundary: pathsOf(d?.boundary as never),
      streets,
      pins: [
        ...rows
          .slice(0, 200)
          .flatMap((r) =>
            r.point ? [{ at: r.point, kind: 'incident' as const, strong: r.key === chosen }] : [],
          ),
        ...(point.value ? [{ at: point.value, kind: 'draft' as const }] : []),
      ],
    }),
    [d?.boundary, streets, list.data, chosen, point.value],
  );

  return (
    <main class="split inc">
      <header class="pagehead">
        <h1>{t('inc.title')}</h1>
        <div class="grow" />
        {can('register') && !adding && (
          <a class="btn pri" href="/ocurrencias/nueva">
            <Icon name="plus" sm />
            {t('inc.new')} <kbd class="kbd wide">Ctrl Alt N</kbd>
          </a>
        )}
      </header>
      <section class="side" aria-label={adding ? t('inc.new') : t('inc.recent')}>
        {adding && can('register') ? (
          <Form
            point={point.value}
            street={street.value}
            onSaved={(another) => {
              list.reload();
              point.value = null;
              street.value = '';
              if (!another) go('/ocurrencias');
            }}
          />
        ) : (
          <>
            {list.error && (
              <div class="pad">
                <Failure error={list.error} retry={list.reload} />
              </div>
            )}
            {list.loading && !list.data && <Skeleton rows={10} height={44} />}
            {list.data && rows.length === 0 && (
              <Empty icon="incident" title={t('inc.emptyTitle')}>
                <p>{t('inc.empty')}</p>
              </Empty>
            )}
            {rows.length > 0 && <h2 class="listtitle">{t('inc.lastN', { n: num(rows.length) })}</h2>}
            <ul class="cells scroll">
              {rows.map((r) => (
                <li key={r.key}>
                  <button
                    type="button"
                    class="cellrow two"
                    aria-pressed={r.key === chosen}
                    onClick={() => {
                      setQuery({ o: r.key === chosen ? null : r.key });
                      if (r.point) map.current?.show(r.point, 16);
                    }}
                  >
                    <span class="grow ell">
                      <strong>{r.type || t('inc.noType')}</strong>
                      <span class="hint ell">
                        {[where(r), r.origin && tk('origin', r.origin)].filter(Boolean).join(' · ')}
                      </span>
                    </span>
                    <span class="num muted">
                      {dayTime(r.at)}
                      {r.until !== null && (
                        <span class="hint">{t('inc.until', { at: dayTime(r.until) })}</span>
                      )}
                      {r.simulated && <span class="hint sim">{t('inc.simulated')}</span>}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </section>
      <MapHost
        scene={scene}
        label={t('inc.map', { n: num(rows.length) })}
        cursor={adding ? 'crosshair' : ''}
        onMap={(m) => {
          map.current = m;
          if (one?.point) m.show(one.point, 16);
        }}
        onHit={(h) => {
          if (!adding) return;
          point.value = h.at;
          street.value = (h.street >= 0 && streets?.labels[h.street]) || '';
        }}
      >
        {adding && !point.value && <p class="card maphint">{t('inc.clickMap')}</p>}
      </MapHost>
    </main>
  );
}

interface FormProps {
  point: LonLat | null;
  street: string;
  onSaved: (another: boolean) => void;
}

function Form({ point, street, onSaved }: FormProps) {
  const u = district.value?.ubigeo ?? '';
  const type = useSignal('');
  const when = useSignal(localInput(now()));
  const origin = useSignal('call');
  const note = useSignal('');
  const error = useSignal('');
  const missing = useSignal<'' | 'type' | 'time' | 'point'>('');
  const busy = useSignal(false);

  const save = async (another: boolean) => {
    const at = fromLocalInput(when.value);
    missing.value = !type.value.trim() ? 'type' : !at ? 'time' : !point ? 'point' : '';
    if (missing.value || !at || !point || busy.value) return;
    busy.value = true;
    error.value = '';
    const [a = '', b = '', c = ''] = type.value.split(/[›>/]/).map((s) => s.trim());
    try {
      await api.addIncident(u, {
        type: [a, b, c],
        at: at.toISOString(),
        point,
        origin: origin.value,
        note: note.value.trim(),
      });
      notify(t('inc.saved'));
      type.value = '';
      note.value = '';
      when.value = localInput(now());
      onSaved(another);
    } catch (e) {
      error.value = (e as Error).message;
    }
    busy.value = false;
  };

  useKeys({
    'Ctrl+Enter': () => void save(false),
    'Ctrl+Shift+Enter': () => void save(true),
  });

  return (
    <form class="pad form scroll" noValidate onSubmit={submit(() => void save(false))}>
      <h2>{t('inc.new')}</h2>
      <Field
        label={t('inc.type')}
        hint={t('inc.typeHint')}
        error={missing.value === 'type' ? t('inc.typeMissing') : ''}
      >
        <input
          class="in"
          list="tipos"
          value={type.value}
          // biome-ignore lint/a11y/noAutofocus: the form was asked for to type at once
          autoFocus
          autocomplete="off"
          aria-invalid={missing.value === 'type'}
          onInput={(e) => (type.value = e.currentTarget.value)}
        />
        <datalist id="tipos">
          {incidentTypes.map((x) => (
            <option key={x} value={x} />
          ))}
        </datalist>
      </Field>
      <TextField
        label={t('inc.when')}
        error={missing.value === 'time' ? t('inc.whenMissing') : ''}
        type="datetime-local"
        value={when.value}
        onValue={(x) => (when.value = x)}
      />
      <div class="field">
        <span>{t('inc.where')}</span>
        <p class={point ? 'picked' : 'picked none'}>
          <Icon name="pin" sm />
          {point
            ? street || t('inc.pointAt', { lat: num(point[1], 5), lon: num(point[0], 5) })
            : t('inc.clickMap')}
        </p>
        {missing.value === 'point' && <span class="err">{t('inc.whereMissing')}</span>}
      </div>
      <Field label={t('inc.origin')}>
        <select class="in" value={origin.value} onChange={(e) => (origin.value = e.currentTarget.value)}>
          {origins.map((o) => (
            <option key={o} value={o}>
              {tk('origin', o)}
            </option>
          ))}
        </select>
      </Field>
      <Field label={t('inc.note')} hint={t('inc.noteHint')}>
        <textarea
          class="in"
          rows={3}
          maxLength={500}
          value={note.value}
          onInput={(e) => (note.value = e.currentTarget.value)}
        />
      </Field>
      {error.value && <Failure error={error.value} />}
      <div class="row wrap">
        <button type="submit" class="btn pri" disabled={busy.value}>
          {t('inc.save')} <kbd class="kbd wide">Ctrl ↵</kbd>
        </button>
        <button type="button" class="btn" disabled={busy.value} onClick={() => void save(true)}>
          {t('inc.saveAnother')}
        </button>
        <a class="btn quiet" href="/ocurrencias">
          {t('cancel')}
        </a>
      </div>
    </form>
  );
}
