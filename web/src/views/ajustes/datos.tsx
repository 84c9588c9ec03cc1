// Files in: incidents and police presence. Each is read on trial first; nothing
// changes until the report has been seen.
import { useSignal } from '@preact/signals';
import { APIError } from '../../api/client';
import type { ImportReport } from '../../api/endpoints';
import * as api from '../../api/endpoints';
import { t, tk } from '../../i18n';
import { num } from '../../i18n/format';
import { can, district, reloadDistrict } from '../../state/session';
import { notify } from '../../ui/notice';
import { Field, Note } from '../../ui/parts';

export function Data() {
  const d = district.value;
  return (
    <div class="setbody scroll">
      <header>
        <h2>{t('set.data')}</h2>
        <p class="muted">{t('data.why')}</p>
      </header>
      {d?.simulated && (
        <Note title={t('data.simulated')}>
          {d.simulatedKinds.map((k) => (
            <p key={k}>{tk('data.sim', k)}</p>
          ))}
        </Note>
      )}
      <div class="cards">
        {can('plan') && (
          <Upload
            title={t('data.incidents')}
            why={t('data.incidentsWhy')}
            accept=".csv,.txt"
            hint={t('data.incidentsHint')}
            trial={(f) => api.importIncidents(d?.ubigeo ?? '', f, true)}
            real={(f) => api.importIncidents(d?.ubigeo ?? '', f, false)}
          />
        )}
        {can('police') && (
          <Upload
            title={t('data.police')}
            why={t('data.policeWhy')}
            accept=".geojson,.json"
            hint={t('data.policeHint')}
            trial={(f) => api.importPolice(d?.ubigeo ?? '', f, true)}
            real={(f) => api.importPolice(d?.ubigeo ?? '', f, false)}
          />
        )}
      </div>
    </div>
  );
}

interface Props {
  title: string;
  why: string;
  accept: string;
  hint: string;
  trial: (f: File) => Promise<ImportReport>;
  real: (f: File) => Promise<ImportReport>;
  onDone?: () => void; // after it was taken in
}

export function Upload({ title, why, accept, hint, trial, real, onDone }: Props) {
  const file = useSignal<File | null>(null);
  const report = useSignal<ImportReport | null>(null);
  const done = useSignal(false);
  const error = useSignal<Error | null>(null);
  const busy = useSignal(false);

  const run = async (f: File, forReal: boolean) => {
    busy.value = true;
    error.value = null;
    try {
      report.value = await (forReal ? real(f) : trial(f));
      done.value = forReal;
      if (forReal) {
        notify(t('data.imported'));
        await reloadDistrict();
        onDone?.();
      }
    } catch (e) {
      report.value = null;
      error.value = e as Error;
    }
    busy.value = false;
  };

  return (
    <section class="card pad form">
      <h3>{title}</h3>
      <p class="muted">{why}</p>
      <Field label={t('data.file')} hint={hint}>
        <input
          class="in"
          type="file"
          accept={accept}
          onChange={(e) => {
            const f = e.currentTarget.files?.[0] ?? null;
            file.value = f;
            report.value = null;
            done.value = false;
            error.value = null;
            if (f) void run(f, false);
          }}
        />
      </Field>
      {busy.value && <p role="status">{t('data.reading')}</p>}
      {error.value && (
        <Note tone="err" title={t('data.failed')}>
          <p>{error.value.message}</p>
          {error.value instanceof APIError && error.value.details.length > 0 && (
            <ul>
              {error.value.details.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          )}
          <p>{t('data.unchanged')}</p>
        </Note>
      )}
      {report.value && <Report r={report.value} done={done.value} />}
      {report.value && !done.value && file.value && (
        <div>
          <button
            type="button"
            class="btn pri"
            disabled={busy.value || report.value.accepted === 0}
            onClick={() => file.value && void run(file.value, true)}
          >
            {t('data.import')}
          </button>
        </div>
      )}
    </section>
  );
}

function Report({ r, done }: { r: ImportReport; done: boolean }) {
  return (
    <div class="col">
      <Note tone={r.rejected > 0 ? 'warn' : 'ok'} title={done ? t('data.didEnter') : t('data.willEnter')}>
        <p>{r.message}</p>
        {r.duplicates > 0 && <p>{t('data.duplicates', { n: num(r.duplicates) })}</p>}
      </Note>
      {r.reasons.length > 0 && (
        <details>
          <summary>{t('data.seeLeftOut', { n: num(r.rejected + r.duplicates) })}</summary>
          <table class="tbl small">
            <thead>
              <tr>
                <th>{t('data.reason')}</th>
                <th>{t('data.rows')}</th>
              </tr>
            </thead>
            <tbody>
              {r.reasons.map((x) => (
                <tr key={x.where[0] ?? x.reason}>
                  <td>{x.reason}</td>
                  <td class="num">
                    {x.where.join(', ')}
                    {x.rows > x.where.length && ` ${t('data.more', { n: num(x.rows - x.where.length) })}`}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
      {r.notes.map((n) => (
        <p key={n} class="hint">
          {n}
        </p>
      ))}
    </div>
  );
}
