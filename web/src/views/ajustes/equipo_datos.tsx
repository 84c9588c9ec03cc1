// What a device sends, as it came: for how many days it is kept, and the last of it.
import { useSignal } from '@preact/signals';
import * as dev from '../../api/devices';
import { t, tn } from '../../i18n';
import { dayTime, num } from '../../i18n/format';
import { district } from '../../state/session';
import { useLoad } from '../../ui/load';
import { Dialog, Empty, Failure, Field } from '../../ui/parts';

/** periods are the days that one may choose. */
const periods = [0, 1, 3, 7, 14, 30];

export function RawData({ device, onClose }: { device: string; onClose: () => void }) {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad((s) => dev.rawPayloads(u, device, s), [u, device]);
  const error = useSignal('');
  const keep = async (days: number) => {
    error.value = '';
    try {
      await dev.keepRaw(u, device, days);
      load.reload();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  const d = load.data;
  return (
    <Dialog title={t('raw.title', { device })} onClose={onClose}>
      <p class="hint">{t('raw.why')}</p>
      {d && (
        <Field label={t('raw.keep')}>
          <select
            class="in"
            value={String(d.days)}
            onChange={(e) => void keep(Number(e.currentTarget.value))}
          >
            {[...new Set([...periods, d.days])]
              .sort((a, b) => a - b)
              .map((n) => (
                <option key={n} value={String(n)}>
                  {n === 0 ? t('raw.off') : t('raw.days', { n: num(n) })}
                </option>
              ))}
          </select>
        </Field>
      )}
      {d && d.payloads.length === 0 && <Empty icon="list" title={t('raw.none')} />}
      {d?.payloads.map((p) => (
        <section key={p.id} class="col">
          <p class="hint">
            <span class="num">{dayTime(p.received, true)}</span> · {p.topic || p.client} ·{' '}
            {p.decoder || t('raw.undecoded')} · {tn('raw.fixes', p.fixes.length)}
          </p>
          <pre class="payload">{p.payload}</pre>
          {p.fixes.map((f, i) => (
            <p key={i} class="hint num">
              {dayTime(f.time, true)} {f.lat !== undefined && f.lon !== undefined && `${f.lat}, ${f.lon}`}{' '}
              {f.event ?? ''}
            </p>
          ))}
          {p.rejects.map((r, i) => (
            <p key={i} class="hint" lang="en">
              {r}
            </p>
          ))}
        </section>
      ))}
      {(error.value || load.error) && <Failure error={error.value || load.error} />}
    </Dialog>
  );
}
