// The district: its streets as read from the file, what is wrong with them, and a new file.

import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import * as api from '../../api/endpoints';
import { t, tk } from '../../i18n';
import { dayTime, num, pct } from '../../i18n/format';
import { pathsOf } from '../../map/geo';
import { presence } from '../../map/scene';
import { can, district, reloadDistrict } from '../../state/session';
import { useStreets } from '../../state/streets';
import { useLoad } from '../../ui/load';
import { MapHost } from '../../ui/maphost';
import { notify } from '../../ui/notice';
import { Failure, Field, Note, Skeleton, submit } from '../../ui/parts';

export function District() {
  const d = district.value;
  const u = d?.ubigeo ?? '';
  const load = useLoad((s) => api.streetReport(u, s), [u, d?.streets]);
  const streets = useStreets();
  const scene = useMemo(
    () => ({
      boundary: pathsOf(d?.boundary as never),
      streets,
      states: streets
        ? Uint8Array.from(streets.belongs, (b) => (b ? presence.municipal : presence.outside))
        : null,
    }),
    [d?.boundary, streets],
  );
  if (!d) return null;
  const r = load.data;
  return (
    <div class="setbody withmap">
      <div class="setcol scroll">
        <header>
          <h2>{t('set.district')}</h2>
          <p class="muted">
            {d.name}
            {d.province ? `, ${d.province}` : ''} · {t('bar.ubigeo', { code: d.ubigeo })} · {d.timeZone}
          </p>
        </header>
        {load.error && <Failure error={load.error} retry={load.reload} />}
        {load.loading && !r && <Skeleton rows={4} height={56} />}
        {r && (
          <>
            <dl class="bigfacts">
              <Fact value={r.km === null ? '—' : `${num(r.km, 1)} km`} name={t('rep.km')} />
              <Fact value={num(r.segments)} name={t('rep.segments')} />
              <Fact value={num(r.junctions)} name={t('rep.junctions')} />
              <Fact value={pct(r.unnamedPct)} name={t('rep.unnamed')} />
              <Fact value={pct(r.onewayPct)} name={t('rep.oneway')} />
              <Fact
                value={r.unreachableKm === null ? '—' : `${num(r.unreachableKm, 1)} km`}
                name={t('rep.unreachable')}
              />
            </dl>
            {r.warnings.length > 0 && (
              <Note tone="warn" title={t('rep.warnings')}>
                <ul>
                  {r.warnings.slice(0, 12).map((w) => (
                    <li key={w}>{w}</li>
                  ))}
                </ul>
              </Note>
            )}
            {r.classes.length > 0 && (
              <details class="card">
                <summary class="pad">{t('rep.byClass')}</summary>
                <table class="tbl small">
                  <tbody>
                    {r.classes.map((c) => (
                      <tr key={c.name}>
                        <td>{tk('class', c.name)}</td>
                        <td class="r num">{num(c.km, 1)} km</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </details>
            )}
            <p class="hint">
              {t('rep.source', {
                source: r.source || '—',
                when: dayTime(r.importedAt),
                version: r.version || '—',
              })}
            </p>
          </>
        )}
        {can('configure') && (r || load.error) && <Replace ubigeo={u} paths={r?.paths ?? false} />}
      </div>
      <MapHost scene={scene} label={t('rep.map')} />
    </div>
  );
}

function Fact({ value, name }: { value: string; name: string }) {
  return (
    <div>
      <dd class="num">{value}</dd>
      <dt>{name}</dt>
    </div>
  );
}

function Replace({ ubigeo, paths }: { ubigeo: string; paths: boolean }) {
  const onFoot = useSignal(paths);
  const extract = useSignal<File | null>(null);
  const boundary = useSignal<File | null>(null);
  const error = useSignal('');
  const busy = useSignal(false);
  const send = async () => {
    if (!extract.value) return;
    busy.value = true;
    error.value = '';
    try {
      await api.importStreets(ubigeo, extract.value, boundary.value, onFoot.value);
      notify(t('rep.replaced'));
      await reloadDistrict();
    } catch (e) {
      error.value = (e as Error).message;
    }
    busy.value = false;
  };
  return (
    <form class="card pad form" onSubmit={submit(() => void send())}>
      <h3>{t('rep.replace')}</h3>
      <p class="muted">{t('rep.replaceWhy')}</p>
      <Field label={t('rep.extract')} hint=".osm · .osm.gz · .osm.bz2 · .osm.pbf">
        <input
          class="in"
          type="file"
          accept=".osm,.gz,.bz2,.pbf"
          onChange={(e) => (extract.value = e.currentTarget.files?.[0] ?? null)}
        />
      </Field>
      <Field label={t('rep.boundary')} hint={t('rep.boundaryHint')}>
        <input
          class="in"
          type="file"
          accept=".geojson,.json"
          onChange={(e) => (boundary.value = e.currentTarget.files?.[0] ?? null)}
        />
      </Field>
      <label class="check">
        <input
          type="checkbox"
          checked={onFoot.value}
          onChange={(e) => (onFoot.value = e.currentTarget.checked)}
        />
        {t('rep.paths')}
      </label>
      {error.value && (
        <Note tone="err" title={t('rep.failed')}>
          <p>{error.value}</p>
          <p>{t('rep.unchanged')}</p>
        </Note>
      )}
      <div>
        <button type="submit" class="btn pri" disabled={!extract.value || busy.value}>
          {busy.value ? t('rep.reading') : t('rep.replaceDo')}
        </button>
      </div>
    </form>
  );
}
