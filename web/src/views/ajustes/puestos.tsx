// Fixed posts: places where a unit stands at fixed times. Every plan keeps them.
import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { units as loadUnits } from '../../api/endpoints';
import * as api from '../../api/places';
import { t } from '../../i18n';
import { type LonLat, pathsOf } from '../../map/geo';
import type { MapView } from '../../map/view';
import { can, district } from '../../state/session';
import { codeFor } from '../../state/shift_rules';
import { useStreets } from '../../state/streets';
import { Icon } from '../../ui/icons';
import { useLoad } from '../../ui/load';
import { MapHost } from '../../ui/maphost';
import { notify } from '../../ui/notice';
import { Empty, Failure, Skeleton } from '../../ui/parts';
import { PostForm, weekdays } from './puesto';

const fresh = (): api.FixedPost => ({
  id: '',
  name: '',
  place: [0, 0],
  from: '',
  to: '',
  days: [],
  units: [],
});

export function Posts() {
  const d = district.value;
  const u = d?.ubigeo ?? '';
  const map = useRef<MapView | null>(null);
  const streets = useStreets();
  const load = useLoad((s) => api.posts(u, s), [u]);
  const fleet = useLoad((s) => loadUnits(u, s), [u]);
  const draft = useSignal<api.FixedPost | null>(null);
  const error = useSignal('');
  const rows = load.data ?? [];
  const may = can('fleet');
  const one = draft.value;
  const placed = one !== null && (one.place[0] !== 0 || one.place[1] !== 0);

  // The list is saved whole: a change is made to what is there now, not to what
  // was there when the page was opened.
  const store = async (change: (now: api.FixedPost[]) => api.FixedPost[]) => {
    error.value = '';
    try {
      await api.savePosts(u, change(await api.posts(u)));
      notify(t('saved'));
      draft.value = null;
      load.reload();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  const save = (p: api.FixedPost) =>
    store((now) => {
      if (p.id) return now.map((r) => (r.id === p.id ? p : r));
      const id = codeFor(
        p.name,
        now.map((r) => r.id),
      );
      return [...now, { ...p, id }];
    });
  const scene = useMemo(
    () => ({
      boundary: pathsOf(d?.boundary as never),
      streets,
      pins: [
        ...rows
          .filter((r) => r.id !== one?.id)
          .map((r) => ({ at: r.place, kind: 'base' as const, label: r.name })),
        ...(one && placed ? [{ at: one.place as LonLat, kind: 'draft' as const }] : []),
      ],
    }),
    [d?.boundary, streets, load.data, one],
  );

  return (
    <div class="setbody withmap">
      <div class="setcol scroll">
        <header>
          <h2>{t('set.posts')}</h2>
          <p class="muted">{t('posts.why')}</p>
        </header>
        {(load.error || error.value) && <Failure error={load.error || error.value} retry={load.reload} />}
        {one ? (
          <PostForm
            post={one}
            placed={placed}
            units={fleet.data ?? []}
            onChange={(p) => (draft.value = p)}
            onCancel={() => (draft.value = null)}
            onSave={() => void save(one)}
          />
        ) : (
          <>
            {may && load.data && (
              <div class="row">
                <button type="button" class="btn pri" onClick={() => (draft.value = fresh())}>
                  <Icon name="plus" sm />
                  {t('posts.add')}
                </button>
              </div>
            )}
            {load.loading && !load.data && <Skeleton rows={4} height={56} />}
            {load.data && rows.length === 0 && (
              <Empty icon="pin" title={t('posts.emptyTitle')}>
                <p>{t('posts.empty')}</p>
              </Empty>
            )}
            {rows.length > 0 && (
              <ul class="card rows">
                {rows.map((r) => (
                  <li key={r.id} class="row pad">
                    <button type="button" class="what grow" onClick={() => map.current?.show(r.place, 16)}>
                      <strong>{r.name}</strong>
                      <span class="hint num">
                        {[
                          `${r.from}–${r.to}`,
                          r.days.length ? r.days.map((x) => weekdays()[x]).join(', ') : t('posts.everyDay'),
                          ...(r.units.length ? [r.units.join(', ')] : []),
                        ].join(' · ')}
                      </span>
                    </button>
                    {may && (
                      <>
                        <button
                          type="button"
                          class="btn sm"
                          aria-label={`${t('edit')} ${r.name}`}
                          onClick={() => (draft.value = r)}
                        >
                          {t('edit')}
                        </button>
                        <button
                          type="button"
                          class="btn quiet icon sm"
                          aria-label={`${t('posts.remove')} ${r.name}`}
                          onClick={() => void store((now) => now.filter((x) => x.id !== r.id))}
                        >
                          <Icon name="trash" sm />
                        </button>
                      </>
                    )}
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </div>
      <MapHost
        scene={scene}
        label={t('posts.map', { n: rows.length })}
        cursor={one ? 'crosshair' : ''}
        onMap={(m) => {
          map.current = m;
        }}
        onHit={(h) => {
          if (one) draft.value = { ...one, place: h.at };
        }}
      >
        {one && !placed && <p class="card maphint">{t('posts.click')}</p>}
      </MapHost>
    </div>
  );
}
