// Local corrections of streets: kept apart from the file, so that a new extract
// does not lose them. Click a street, or draw a missing one.
import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import type { Correction, CorrectionKind } from '../../api/endpoints';
import * as api from '../../api/endpoints';
import { type Key, t, tk } from '../../i18n';
import { dayTime } from '../../i18n/format';
import { type LonLat, path, pathsOf } from '../../map/geo';
import type { MapView } from '../../map/view';
import { can, district, session } from '../../state/session';
import { useStreets } from '../../state/streets';
import { TextField } from '../../ui/fields';
import { Icon } from '../../ui/icons';
import { useKeys } from '../../ui/keys';
import { useLoad } from '../../ui/load';
import { MapHost } from '../../ui/maphost';
import { notify } from '../../ui/notice';
import { Empty, Failure, Note, Seg, Skeleton, submit } from '../../ui/parts';

export function Streets() {
  const d = district.value;
  const u = d?.ubigeo ?? '';
  const map = useRef<MapView | null>(null);
  const streets = useStreets();
  const load = useLoad((s) => api.corrections(u, s), [u]);
  const mode = useSignal<'list' | 'pick' | 'draw'>('list');
  const picked = useSignal(-1);
  const line = useSignal<LonLat[]>([]);
  const shown = useSignal('');
  const error = useSignal('');
  const lost = useSignal(false); // the one just saved has no street
  const rows = load.data ?? [];
  const one = rows.find((r) => r.id === shown.value);

  const reset = () => {
    mode.value = 'list';
    picked.value = -1;
    line.value = [];
  };
  useKeys({
    Escape: reset,
    Backspace: () => {
      line.value = line.value.slice(0, -1);
    },
  });

  const scene = useMemo(() => {
    const strong =
      streets && picked.value >= 0 ? [streets.paths[picked.value]] : one?.line ? [path(one.line)] : [];
    return {
      boundary: pathsOf(d?.boundary as never),
      streets,
      highlight: strong.length > 0 ? { paths: strong, tone: 'select' as const } : null,
      draft: line.value,
      pins: rows
        .filter((r) => r.line?.length)
        .map((r) => ({ at: (r.line as LonLat[])[0], kind: 'correction' as const })),
    };
  }, [d?.boundary, streets, picked.value, one, line.value, load.data]);

  const labelOf = (r: Correction) => {
    const i = streets ? streets.ids.indexOf(r.segment) : -1;
    return r.name || (i >= 0 && streets ? streets.labels[i] : r.segment);
  };
  const remove = async (r: Correction) => {
    try {
      await api.deleteCorrection(u, r.id);
      notify(t('fix.removed'));
      load.reload();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };

  return (
    <div class="setbody withmap">
      <div class="setcol scroll">
        <header>
          <h2>{t('set.streets')}</h2>
          <p class="muted">{t('fix.why')}</p>
        </header>
        {(load.error || error.value) && <Failure error={load.error || error.value} retry={load.reload} />}
        {mode.value === 'list' ? (
          <>
            {can('correct') && (
              <div class="row wrap">
                <button type="button" class="btn pri" onClick={() => (mode.value = 'pick')}>
                  <Icon name="street" sm />
                  {t('fix.pick')}
                </button>
                <button type="button" class="btn" onClick={() => (mode.value = 'draw')}>
                  <Icon name="plus" sm />
                  {t('fix.draw')}
                </button>
              </div>
            )}
            {lost.value && (
              <Note tone="warn" title={t('fix.noEffect')}>
                {t('fix.savedLost')}
              </Note>
            )}
            {load.loading && !load.data && <Skeleton rows={4} />}
            {load.data && rows.length === 0 && (
              <Empty icon="street" title={t('fix.emptyTitle')}>
                <p>{t('fix.empty')}</p>
              </Empty>
            )}
            <ul class="card rows">
              {rows.map((r) => (
                <li key={r.id} class="row pad">
                  <button
                    type="button"
                    class="what grow"
                    onClick={() => {
                      shown.value = r.id;
                      if (r.line?.[0]) map.current?.show(r.line[0], 16);
                    }}
                  >
                    <strong>{tk('fixKind', r.kind)}</strong>
                    <span class="hint">
                      {[labelOf(r), r.note, r.by, dayTime(r.at)].filter(Boolean).join(' · ')}
                    </span>
                    {!r.found && <span class="chip warn">{t('fix.noEffect')}</span>}
                  </button>
                  {can('correct') && (
                    <button
                      type="button"
                      class="btn quiet icon sm"
                      onClick={() => void remove(r)}
                      aria-label={`${t('fix.remove')}: ${tk('fixKind', r.kind)} ${labelOf(r)}`}
                    >
                      <Icon name="trash" sm />
                    </button>
                  )}
                </li>
              ))}
            </ul>
          </>
        ) : (
          <Form
            mode={mode.value}
            segment={
              streets && picked.value >= 0
                ? { id: streets.ids[picked.value], name: streets.labels[picked.value] }
                : null
            }
            line={line.value}
            onUndo={() => (line.value = line.value.slice(0, -1))}
            onCancel={reset}
            onSaved={(found) => {
              lost.value = !found;
              reset();
              load.reload();
            }}
          />
        )}
      </div>
      <MapHost
        scene={scene}
        label={t('fix.map')}
        cursor={mode.value === 'draw' ? 'crosshair' : mode.value === 'pick' ? 'pointer' : ''}
        onMap={(m) => {
          map.current = m;
        }}
        onHit={(h) => {
          if (mode.value === 'draw') line.value = [...line.value, h.at];
          else if (h.street >= 0 && can('correct')) {
            mode.value = 'pick';
            picked.value = h.street;
          }
        }}
      >
        {mode.value === 'pick' && picked.value < 0 && <p class="card maphint">{t('fix.clickStreet')}</p>}
        {mode.value === 'draw' && line.value.length < 2 && (
          <p class="card maphint">{t('fix.clickVertices')}</p>
        )}
      </MapHost>
    </div>
  );
}

interface FormProps {
  mode: 'pick' | 'draw';
  segment: { id: string; name: string } | null;
  line: LonLat[];
  onUndo: () => void;
  onCancel: () => void;
  onSaved: (found: boolean) => void;
}

const kinds: readonly (readonly [CorrectionKind, Key])[] = [
  ['name', 'fixKind.name'],
  ['closed', 'fixKind.closed'],
  ['gate', 'fixKind.gate'],
  ['forbidden', 'fixKind.forbidden'],
];

function Form({ mode, segment, line, onUndo, onCancel, onSaved }: FormProps) {
  const u = district.value?.ubigeo ?? '';
  const kind = useSignal<CorrectionKind>('closed');
  const name = useSignal('');
  const from = useSignal('');
  const to = useSignal('');
  const hoursFrom = useSignal('');
  const hoursTo = useSignal('');
  const note = useSignal('');
  const oneway = useSignal(false);
  const error = useSignal('');
  const drawing = mode === 'draw';
  const ready = drawing
    ? line.length >= 2
    : segment !== null && (kind.value !== 'name' || name.value.trim() !== '');

  const save = async () => {
    if (!ready) return;
    error.value = '';
    try {
      const found = await api.addCorrection(u, {
        kind: drawing ? 'street' : kind.value,
        segment: segment?.id ?? '',
        name: name.value.trim(),
        from: from.value,
        to: to.value,
        hourFrom: hoursFrom.value,
        hourUntil: hoursTo.value,
        note: note.value.trim(),
        oneway: oneway.value,
        line: drawing ? line : null,
        by: session.value?.username ?? '',
      });
      if (found) notify(t('fix.saved'));
      onSaved(found);
    } catch (e) {
      error.value = (e as Error).message;
    }
  };

  return (
    <form class="card pad form" onSubmit={submit(() => void save())}>
      <h3>{drawing ? t('fix.draw') : t('fix.pick')}</h3>
      {drawing ? (
        <p class="picked">
          <Icon name="street" sm />
          {line.length < 2 ? t('fix.clickVertices') : t('fix.vertices', { n: line.length })}
          {line.length > 0 && (
            <button type="button" class="btn sm" onClick={onUndo}>
              {t('fix.undo')}
            </button>
          )}
        </p>
      ) : (
        <p class={segment ? 'picked' : 'picked none'}>
          <Icon name="street" sm />
          {segment ? segment.name || segment.id : t('fix.clickStreet')}
        </p>
      )}
      {!drawing && (
        <div class="field">
          <span>{t('fix.what')}</span>
          <Seg<CorrectionKind>
            label={t('fix.what')}
            value={kind.value}
            options={kinds.map(([k, label]) => [k, t(label)] as const)}
            onChange={(k) => (kind.value = k)}
          />
        </div>
      )}
      {(drawing || kind.value === 'name') && (
        <TextField label={t('fix.name')} value={name.value} onValue={(x) => (name.value = x)} />
      )}
      {drawing && (
        <label class="check">
          <input
            type="checkbox"
            checked={oneway.value}
            onChange={(e) => (oneway.value = e.currentTarget.checked)}
          />
          {t('fix.oneway')}
        </label>
      )}
      {!drawing && (kind.value === 'closed' || kind.value === 'gate') && (
        <div class="form two">
          <TextField label={t('fix.from')} type="date" value={from.value} onValue={(x) => (from.value = x)} />
          <TextField label={t('fix.to')} type="date" value={to.value} onValue={(x) => (to.value = x)} />
          <TextField
            label={t('fix.hoursFrom')}
            type="time"
            value={hoursFrom.value}
            onValue={(x) => (hoursFrom.value = x)}
          />
          <TextField
            label={t('fix.hoursTo')}
            type="time"
            value={hoursTo.value}
            onValue={(x) => (hoursTo.value = x)}
          />
        </div>
      )}
      <TextField label={t('fix.note')} value={note.value} onValue={(x) => (note.value = x)} />
      {error.value && <Failure error={error.value} />}
      <div class="row">
        <button type="submit" class="btn pri" disabled={!ready}>
          {t('save')}
        </button>
        <button type="button" class="btn" onClick={onCancel}>
          {t('cancel')}
        </button>
      </div>
    </form>
  );
}
