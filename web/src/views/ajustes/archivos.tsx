// Files of incidents that came in: what each gave, the rows left out to be
// corrected, and taking a file back.
import { useSignal } from '@preact/signals';
import * as api from '../../api/incident_imports';
import { t } from '../../i18n';
import { date, dateOf, dayTime, num } from '../../i18n/format';
import { district, reloadDistrict } from '../../state/session';
import { useLoad } from '../../ui/load';
import { notify } from '../../ui/notice';
import { Failure, Skeleton } from '../../ui/parts';

export function Files({ turn }: { turn: number }) {
  const u = district.value?.ubigeo ?? '';
  const list = useLoad((s) => api.imports(u, s), [u, turn]);
  const asked = useSignal(''); // the import whose undoing is to be confirmed
  const error = useSignal('');
  const busy = useSignal(false);

  const undo = async (id: string) => {
    busy.value = true;
    error.value = '';
    try {
      const n = await api.undo(u, id);
      notify(t('files.undone', { n: num(n) }));
      asked.value = '';
      list.reload();
      await reloadDistrict();
    } catch (e) {
      error.value = (e as Error).message;
    }
    busy.value = false;
  };

  if (list.data?.length === 0) return null;
  return (
    <section class="card pad form" aria-label={t('files.title')}>
      <h3>{t('files.title')}</h3>
      {list.error && <Failure error={list.error} retry={list.reload} />}
      {error.value && <Failure error={error.value} />}
      {list.loading && !list.data && <Skeleton rows={3} height={48} />}
      <ul class="rows">
        {(list.data ?? []).map((f) => (
          <li key={f.id} class="pad">
            <div class="row wrap">
              <span class="grow">
                <strong class="wraps">{f.file}</strong>
                <span class="hint">
                  {dayTime(f.at)}
                  {f.by && ` · ${f.by}`} · {t('files.gave', { n: num(f.inserted), rows: num(f.rows) })}
                  {f.rejectedUntil && ` · ${t('files.until', { day: date(dateOf(f.rejectedUntil)) })}`}
                  {f.forgottenAt && ` · ${t('files.forgotten', { day: date(dateOf(f.forgottenAt)) })}`}
                  {f.undoneAt && ` · ${t('files.wasUndone', { at: dayTime(f.undoneAt) })}`}
                </span>
              </span>
              {f.rejectedUntil && (
                <a class="btn sm" href={api.rejectedURL(u, f.id)} download>
                  {t('files.rejected', { n: num(f.rejected) })}
                </a>
              )}
              {!f.undoneAt && asked.value !== f.id && (
                <button type="button" class="btn sm" onClick={() => (asked.value = f.id)}>
                  {t('files.undo')}
                </button>
              )}
            </div>
            {asked.value === f.id && (
              <div class="row wrap">
                <span class="grow">{t('files.sure', { n: num(f.inserted) })}</span>
                <button
                  type="button"
                  class="btn sm pri"
                  disabled={busy.value}
                  onClick={() => void undo(f.id)}
                >
                  {t('files.yes')}
                </button>
                <button
                  type="button"
                  class="btn sm quiet"
                  disabled={busy.value}
                  onClick={() => (asked.value = '')}
                >
                  {t('cancel')}
                </button>
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
