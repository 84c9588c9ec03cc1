// From what percentage the traffic light of the joint review is green, amber or red.
import { useSignal } from '@preact/signals';
import { type Bands, bandsOf, saveBands } from '../../api/bands';
import { t } from '../../i18n';
import { dayTime, num } from '../../i18n/format';
import { can, district } from '../../state/session';
import { useLoad } from '../../ui/load';
import { notify } from '../../ui/notice';
import { Field, submit } from '../../ui/parts';
import { SettingsPage } from './marco';

export function TrafficLight() {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad((s) => bandsOf(u, s), [u]);
  const draft = useSignal<Bands | null>(null);
  const error = useSignal('');
  const d = load.data;
  const v = draft.value ?? d?.bands;
  const admin = can('configure');
  const attempt = async (bands: Bands | null) => {
    error.value = '';
    try {
      await saveBands(u, bands);
      draft.value = null;
      notify(t('saved'));
      load.reload();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  /** own gives an indicator bands of its own, or takes them away. */
  const own = (key: string, pair: [number, number] | null) => {
    if (!v) return;
    const { [key]: _, ...rest } = v.of ?? {};
    draft.value = { ...v, of: pair ? { ...rest, [key]: pair } : rest };
  };
  const figure = (label: string, value: number, max: number, onValue: (n: number) => void) => (
    <input
      class="in num bandin"
      type="number"
      min={0}
      max={max}
      step="any"
      required
      disabled={!admin}
      aria-label={label}
      value={String(value)}
      onInput={(e) => onValue(Number(e.currentTarget.value))}
    />
  );
  return (
    <SettingsPage title={t('set.light')} why={t('light.why')} load={load} error={error.value}>
      {d && v && (
        <form class="card pad col" onSubmit={submit(() => void attempt(v))}>
          <p class="muted">
            {d.version > 0
              ? t('light.own', {
                  n: num(d.version),
                  who: d.set_by || '—',
                  at: d.set_at ? dayTime(d.set_at) : '—',
                })
              : t('light.profile', { profile: d.profile })}
          </p>
          <div class="row wrap low">
            <Field label={`● ${t('light.green')}`}>
              {figure(t('light.green'), v.green, 100, (n) => (draft.value = { ...v, green: n }))}
            </Field>
            <Field label={`▲ ${t('light.amber')}`}>
              {figure(t('light.amber'), v.amber, 100, (n) => (draft.value = { ...v, amber: n }))}
            </Field>
            <Field label={t('light.hot')}>
              {figure(t('light.hot'), v.hot_minutes, 480, (n) => (draft.value = { ...v, hot_minutes: n }))}
            </Field>
            <Field label={t('light.gap')}>
              {figure(
                t('light.gap'),
                v.hot_gap_minutes,
                1440,
                (n) => (draft.value = { ...v, hot_gap_minutes: n }),
              )}
            </Field>
          </div>
          <p class="hint">{t('light.red', { amber: num(v.amber) })}</p>
          <div class="scroll">
            <table class="tbl small">
              <thead>
                <tr>
                  <th>{t('eval.indicator')}</th>
                  <th>{t('light.bands')}</th>
                  <th>{t('light.green')}</th>
                  <th>{t('light.amber')}</th>
                </tr>
              </thead>
              <tbody>
                {d.indicators.map((i) => {
                  const pair = v.of?.[i.key];
                  const none = i.common ? t('light.common') : t('light.none');
                  return (
                    <tr key={i.key}>
                      <td>{i.name}</td>
                      <td>
                        <select
                          class="in auto"
                          aria-label={`${t('light.bands')}: ${i.name}`}
                          disabled={!admin}
                          value={pair ? 'own' : ''}
                          onChange={(e) => own(i.key, e.currentTarget.value ? [v.green, v.amber] : null)}
                        >
                          <option value="">{none}</option>
                          <option value="own">{t('light.ofItsOwn')}</option>
                        </select>
                      </td>
                      <td>
                        {pair
                          ? figure(`${t('light.green')}: ${i.name}`, pair[0], 100, (n) =>
                              own(i.key, [n, pair[1]]),
                            )
                          : '—'}
                      </td>
                      <td>
                        {pair
                          ? figure(`${t('light.amber')}: ${i.name}`, pair[1], 100, (n) =>
                              own(i.key, [pair[0], n]),
                            )
                          : '—'}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
          {admin && (
            <div class="row wrap">
              <button type="submit" class="btn pri" disabled={draft.value === null}>
                {t('save')}
              </button>
              {d.version > 0 && (
                <button type="button" class="btn" onClick={() => void attempt(null)}>
                  {t('light.reset')}
                </button>
              )}
            </div>
          )}
        </form>
      )}
    </SettingsPage>
  );
}
