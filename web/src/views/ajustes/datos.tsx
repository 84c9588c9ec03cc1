// Files in: incidents and police presence. Each is read on trial first; nothing
// changes until the report has been seen.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { APIError } from '../../api/client';
import type { ImportReport } from '../../api/endpoints';
import * as api from '../../api/endpoints';
import type { Table } from '../../api/imports';
import { type Progress, progress } from '../../api/incident_imports';
import { t, tk } from '../../i18n';
import { num } from '../../i18n/format';
import { can, district, reloadDistrict } from '../../state/session';
import { notify } from '../../ui/notice';
import { Field, Note } from '../../ui/parts';
import { PoliceTracks } from '../recorridos_pnp';
import { Files } from './archivos';
import { type Choice, Columns, mappingOf, noChoice } from './columnas';

export function Data() {
  const d = district.value;
  const u = d?.ubigeo ?? '';
  const imported = useSignal(0); // so that the list of files is read anew
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
            accept=".csv,.txt,.gz,.xlsx,.geojson,.json"
            hint={t('data.incidentsHint')}
            send={(f, dry, more) => api.importIncidents(u, f, dry, more)}
            watch={(token) => progress(u, token)}
            onDone={() => imported.value++}
          />
        )}
        {can('police') && (
          <Upload
            title={t('data.police')}
            why={t('data.policeWhy')}
            accept=".geojson,.json"
            hint={t('data.policeHint')}
            send={(f, dry) => api.importPolice(u, f, dry)}
          />
        )}
        {can('police') && <PoliceTracks />}
      </div>
      {can('plan') && <Files turn={imported.value} />}
    </div>
  );
}

interface Props {
  title: string;
  why: string;
  accept: string;
  hint: string;
  send: (f: File, dry: boolean, more: Record<string, string>) => Promise<ImportReport>;
  watch?: (token: string) => Promise<Progress>; // how far an upload is
  onDone?: () => void; // after it was taken in
}

export function Upload({ title, why, accept, hint, send, watch, onDone }: Props) {
  const file = useSignal<File | null>(null);
  const report = useSignal<ImportReport | null>(null);
  const done = useSignal(false);
  const error = useSignal<Error | null>(null);
  const busy = useSignal(false);
  const token = useSignal(''); // of the upload under way
  const choice = useSignal<Choice>(noChoice);
  const table = useSignal<Table | null>(null); // stays when a choice leads nowhere

  const run = async (f: File, forReal: boolean) => {
    busy.value = true;
    error.value = null;
    token.value = Math.random().toString(36).slice(2);
    try {
      const more: Record<string, string> = { mapping: mappingOf(table.value, choice.value) };
      if (watch) more.token = token.value;
      report.value = await send(f, !forReal, more);
      table.value = report.value.table;
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
    token.value = '';
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
            choice.value = noChoice;
            table.value = null;
            if (f) void run(f, false);
          }}
        />
      </Field>
      {busy.value && <Busy token={token.value} watch={watch} />}
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
      {report.value && !table.value?.missing.length && <Report r={report.value} done={done.value} />}
      {table.value && !done.value && (
        <Columns
          table={table.value}
          choice={choice.value}
          busy={busy.value}
          onChoose={(c) => {
            choice.value = c;
            if (file.value) void run(file.value, false);
          }}
        />
      )}
      {report.value && !done.value && file.value && (
        <div>
          <button
            type="button"
            class="btn pri"
            disabled={busy.value || !report.value.accepted}
            onClick={() => file.value && void run(file.value, true)}
          >
            {t('data.import')}
          </button>
        </div>
      )}
    </section>
  );
}

/** Busy tells how far the service is with a file. */
function Busy({ token, watch }: { token: string; watch: Props['watch'] }) {
  const at = useSignal<Progress | null>(null);
  useEffect(() => {
    if (!watch || !token) return;
    const timer = setInterval(() => {
      watch(token).then(
        (p) => (at.value = p),
        () => {}, // how far it is matters less than that it goes on
      );
    }, 1000);
    return () => clearInterval(timer);
  }, [token]);
  const p = at.value;
  if (!p || p.stage === 'none') return <p role="status">{t('data.reading')}</p>;
  return (
    <p role="status">
      {p.stage === 'read'
        ? t('data.readRows', { n: num(p.done) })
        : t('data.savedRows', { n: num(p.done), of: num(p.total) })}
      {p.total > 0 && <progress value={p.done} max={p.total} aria-label={t('data.import')} />}
    </p>
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
