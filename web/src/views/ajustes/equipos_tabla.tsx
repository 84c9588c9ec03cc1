// A table of devices: read on trial first, with every bad row, then for good.
import { useSignal } from '@preact/signals';
import * as dev from '../../api/devices';
import { fill, t, tk } from '../../i18n';
import { district } from '../../state/session';
import { notify } from '../../ui/notice';
import { Failure, Field } from '../../ui/parts';

/** wrong words a row's mistake; codes are those of the service. */
const wrong = (b: dev.BadRow) => fill(tk('dev.bad', b.code), { value: b.value ?? '', other: b.other ?? '' });

export function DeviceTable({ onDone }: { onDone: () => void }) {
  const u = district.value?.ubigeo ?? '';
  const file = useSignal<File | null>(null);
  const report = useSignal<dev.DeviceImport | null>(null);
  const error = useSignal('');
  const run = async (f: File, trial: boolean) => {
    error.value = '';
    try {
      report.value = await dev.importDevices(u, f, trial);
      if (!trial) {
        file.value = null;
        notify(t('data.imported'));
        onDone();
      }
    } catch (e) {
      report.value = null;
      error.value = (e as Error).message;
    }
  };
  return (
    <section class="card pad form">
      <h3>{t('dev.table')}</h3>
      <p class="muted">{t('dev.tableWhy')}</p>
      <Field label={t('data.file')} hint={t('dev.tableHint')}>
        <input
          class="in"
          type="file"
          accept=".csv,.txt"
          onChange={(e) => {
            file.value = e.currentTarget.files?.[0] ?? null;
            report.value = null;
            if (file.value) void run(file.value, true);
          }}
        />
      </Field>
      {error.value && <Failure error={error.value} />}
      {report.value && (
        <div role="status">
          <p>{report.value.message}</p>
          {report.value.bad.length > 0 && (
            <ul>
              {report.value.bad.slice(0, 50).map((b) => (
                <li key={b.line}>
                  {t('dev.line', { n: b.line })}: {wrong(b)} <code>{b.raw}</code>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
      {file.value && report.value && (
        <button type="button" class="btn pri" onClick={() => file.value && void run(file.value, false)}>
          {t('dev.tableSave')}
        </button>
      )}
    </section>
  );
}
