// What the police really drove: files of their tracks, by which complementarity
// is measured instead of expected.
import { useSignal } from '@preact/signals';
import { importTracks } from '../api/endpoints';
import { dropTracks, trackFiles } from '../api/police_tracks';
import { t } from '../i18n';
import { dayTime, num } from '../i18n/format';
import { district } from '../state/session';
import { useLoad } from '../ui/load';
import { Failure } from '../ui/parts';
import { SureButton } from '../ui/sure';
import { Upload } from './ajustes/datos';

export function PoliceTracks() {
  const u = district.value?.ubigeo ?? '';
  const list = useLoad((s) => trackFiles(u, s), [u], u);
  const error = useSignal('');
  const drop = async (id: number) => {
    error.value = '';
    try {
      await dropTracks(u, id);
      list.reload();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  return (
    <>
      <Upload
        title={t('tracks.title')}
        why={t('tracks.why')}
        accept=".csv,.txt,.gpx"
        hint={t('tracks.hint')}
        send={(f, dry) => importTracks(u, f, dry)}
        onDone={list.reload}
      />
      {list.error && <Failure error={list.error} retry={list.reload} />}
      {error.value && <Failure error={error.value} />}
      {(list.data ?? []).length > 0 && (
        <section class="card pad" aria-label={t('tracks.files')}>
          <ul class="rows">
            {list.data?.map((f) => (
              <li key={f.id} class="row wrap">
                <span class="grow">
                  <strong class="wraps">{f.name}</strong>
                  <span class="hint">
                    {[
                      `${dayTime(f.first)} – ${dayTime(f.last)}`,
                      t('tracks.fixes', { n: num(f.fixes) }),
                      f.units.map((x) => x.replace(/^pnp:/, '')).join(', '),
                      f.by,
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                </span>
                <SureButton
                  label={t('meet.do.remove')}
                  ask={t('tracks.dropSure')}
                  name={t('tracks.drop', { name: f.name })}
                  onSure={() => void drop(f.id)}
                />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
