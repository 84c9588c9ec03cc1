// The areas of the district: sectors that units patrol, bases, priority and
// forbidden areas. They come from a GeoJSON file.
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import * as api from '../../api/places';
import { t, tk } from '../../i18n';
import { path, pathsOf } from '../../map/geo';
import { can, district } from '../../state/session';
import { useStreets } from '../../state/streets';
import { Icon } from '../../ui/icons';
import { useLoad } from '../../ui/load';
import { MapHost } from '../../ui/maphost';
import { notify } from '../../ui/notice';
import { Empty, Failure, Field, Skeleton } from '../../ui/parts';

export function Areas() {
  const d = district.value;
  const u = d?.ubigeo ?? '';
  const streets = useStreets();
  const load = useLoad((s) => api.areas(u, s), [u]);
  const shown = useSignal('');
  const error = useSignal('');
  const rows = load.data ?? [];
  const one = rows.find((r) => r.id === shown.value);

  const attempt = async (f: () => Promise<unknown>) => {
    error.value = '';
    try {
      await f();
      notify(t('saved'));
      load.reload();
    } catch (e) {
      error.value = e instanceof SyntaxError ? t('areas.notJson') : (e as Error).message;
    }
  };
  const scene = useMemo(
    () => ({
      boundary: [...pathsOf(d?.boundary as never), ...rows.flatMap((r) => r.rings.map((x) => path(x)))],
      streets,
      highlight: one ? { paths: one.rings.map((x) => path(x)), tone: 'select' as const } : null,
    }),
    [d?.boundary, streets, load.data, one],
  );

  return (
    <div class="setbody withmap">
      <div class="setcol scroll">
        <header>
          <h2>{t('set.areas')}</h2>
          <p class="muted">{t('areas.why')}</p>
        </header>
        {(load.error || error.value) && <Failure error={load.error || error.value} retry={load.reload} />}
        {load.loading && !load.data && <Skeleton rows={4} height={56} />}
        {load.data && rows.length === 0 && (
          <Empty icon="zones" title={t('areas.emptyTitle')}>
            <p>{t('areas.empty')}</p>
          </Empty>
        )}
        {rows.length > 0 && (
          <ul class="card rows">
            {rows.map((r) => (
              <li key={r.id} class="row pad">
                <button
                  type="button"
                  class="what grow"
                  aria-pressed={r.id === shown.value}
                  onClick={() => (shown.value = r.id === shown.value ? '' : r.id)}
                >
                  <strong>{r.name}</strong>
                  <span class="hint">{[tk('areaKind', r.kind), r.id].join(' · ')}</span>
                </button>
                {can('configure') && (
                  <button
                    type="button"
                    class="btn quiet icon sm"
                    aria-label={`${t('areas.remove')} ${r.name}`}
                    onClick={() => void attempt(() => api.deleteArea(u, r.id))}
                  >
                    <Icon name="trash" sm />
                  </button>
                )}
              </li>
            ))}
          </ul>
        )}
        {can('fleet') && (
          <div class="card pad form">
            <Field label={t('areas.file')} hint={t('areas.fileHint')}>
              <input
                class="in"
                type="file"
                accept=".geojson,.json"
                onChange={(e) => {
                  const file = e.currentTarget.files?.[0];
                  e.currentTarget.value = '';
                  if (file) void attempt(async () => api.saveAreas(u, await file.text()));
                }}
              />
            </Field>
          </div>
        )}
      </div>
      <MapHost scene={scene} label={t('areas.map', { n: rows.length })} />
    </div>
  );
}
