// Handing positions on to the ministry's GPS platform.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import * as api from '../../api/endpoints';
import { type RelaySettings, relay, saveRelay } from '../../api/keeping';
import { t, tk, tn } from '../../i18n';
import { dayTime, num } from '../../i18n/format';
import { district } from '../../state/session';
import { useLoad } from '../../ui/load';
import { Field, Note, Seg, submit } from '../../ui/parts';
import { SettingsPage, Table } from './marco';

export function Ministry() {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad(
    async (s) => {
      const [state, units] = await Promise.all([relay(u, s), api.units(u, s)]);
      return { ...state, units };
    },
    [u],
  );
  const draft = useSignal<RelaySettings | null>(null);
  const error = useSignal('');
  const saved = useSignal(false);
  useEffect(() => {
    if (load.data) draft.value = load.data.settings;
  }, [load.data]);
  const s = draft.value;
  const set = (change: Partial<RelaySettings>) => {
    if (s) draft.value = { ...s, ...change };
    saved.value = false;
  };
  const vehicle = (id: string, imei: string, plate: string) => {
    if (!s) return;
    const vehicles = { ...s.vehicles };
    if (imei || plate) vehicles[id] = { ...vehicles[id], imei, plate };
    else delete vehicles[id];
    set({ vehicles });
  };
  const save = async () => {
    if (!s) return;
    error.value = '';
    try {
      await saveRelay(u, s);
      saved.value = true;
      load.reload();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  const d = load.data;
  return (
    <SettingsPage title={t('set.ministry')} why={t('min.why')} load={load} error={error.value}>
      {s && d && (
        <>
          <p class="hint" role="status">
            {tn('min.waiting', d.waiting, num(d.waiting))}
            {d.oldest && ` · ${t('min.oldest', { time: dayTime(d.oldest) })}`}
          </p>
          {d.trouble && (
            <Note tone="warn" title={tk('min.trouble', d.trouble.kind)} code={d.trouble.detail}>
              {t('min.since', { time: dayTime(d.trouble.since) })}
            </Note>
          )}
          <form class="card pad form" onSubmit={submit(() => void save())}>
            <label class="check">
              <input type="checkbox" checked={s.on} onChange={(e) => set({ on: e.currentTarget.checked })} />
              <span>{t('min.on')}</span>
            </label>
            <Seg
              label={t('min.sink')}
              value={s.sink}
              options={[
                ['file', t('min.file')],
                ['https', t('min.https')],
              ]}
              onChange={(sink) => set({ sink })}
            />
            {s.sink === 'https' && (
              <Field label={t('min.url')}>
                <input
                  class="in"
                  type="url"
                  required
                  placeholder="https://"
                  value={s.url}
                  onInput={(e) => set({ url: e.currentTarget.value.trim() })}
                />
              </Field>
            )}
            <Field label={t('min.municipality')}>
              <input
                class="in"
                maxLength={40}
                value={s.municipality}
                onInput={(e) => set({ municipality: e.currentTarget.value.trim() })}
              />
            </Field>
            <Field label={t('min.batch')} hint={t('min.batchHint')}>
              <input
                class="in num"
                type="number"
                min={1}
                max={25}
                value={s.batch}
                onInput={(e) => set({ batch: Number(e.currentTarget.value) })}
              />
            </Field>
            <Table
              head={
                <>
                  <th>{t('min.unit')}</th>
                  <th>IMEI</th>
                  <th>{t('min.plate')}</th>
                </>
              }
            >
              {d.units.map((x) => {
                const v = s.vehicles[x.id];
                return (
                  <tr key={x.id}>
                    <td>{x.callSign}</td>
                    <td>
                      <input
                        class="in num"
                        inputMode="numeric"
                        aria-label={`IMEI ${x.callSign}`}
                        value={v?.imei ?? ''}
                        onInput={(e) =>
                          vehicle(x.id, e.currentTarget.value.trim(), v?.plate ?? x.plate ?? '')
                        }
                      />
                    </td>
                    <td>
                      <input
                        class="in"
                        maxLength={12}
                        aria-label={`${t('min.plate')} ${x.callSign}`}
                        value={v?.plate ?? ''}
                        onInput={(e) => vehicle(x.id, v?.imei ?? '', e.currentTarget.value.trim())}
                      />
                    </td>
                  </tr>
                );
              })}
            </Table>
            <button type="submit" class="btn pri">
              {t(saved.value ? 'min.saved' : 'save')}
            </button>
          </form>
          <h3>{t('min.gaps')}</h3>
          {d.gaps.length === 0 ? (
            <p class="muted">{t('min.noGaps')}</p>
          ) : (
            <Table
              head={
                <>
                  <th>{t('min.unit')}</th>
                  <th>{t('keep.period')}</th>
                  <th>{t('keep.reason')}</th>
                  <th class="r">{t('min.points')}</th>
                </>
              }
            >
              {d.gaps.map((g) => (
                <tr key={`${g.unit} ${g.start} ${g.reason}`}>
                  <td>{g.unit}</td>
                  <td class="num">
                    {dayTime(g.start)} – {dayTime(g.end)}
                  </td>
                  <td>{tk('min.reason', g.reason)}</td>
                  <td class="r num">{g.points ? num(g.points) : '—'}</td>
                </tr>
              ))}
            </Table>
          )}
        </>
      )}
    </SettingsPage>
  );
}
