// For how long positions are kept, and which periods must not be forgotten.
import { useSignal } from '@preact/signals';
import { makeHold, releaseHold, retention, saveRejectedRetention, saveRetention } from '../../api/keeping';
import { t, tn } from '../../i18n';
import { dayTime, fromLocalInput, num } from '../../i18n/format';
import { can, district } from '../../state/session';
import { useLoad } from '../../ui/load';
import { Field, submit } from '../../ui/parts';
import { ActionsHead, SettingsPage, Table } from './marco';

export function Keeping() {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad((s) => retention(u, s), [u]);
  const error = useSignal('');
  const days = useSignal('');
  const rejected = useSignal('');
  const hold = useSignal({ from: '', to: '', reason: '' });
  const d = load.data;
  const attempt = async (f: () => Promise<unknown>) => {
    error.value = '';
    try {
      await f();
      load.reload();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  const keepHold = () => {
    const from = fromLocalInput(hold.value.from);
    const to = fromLocalInput(hold.value.to);
    if (!from || !to) return;
    void attempt(async () => {
      await makeHold(u, from, to, hold.value.reason);
      hold.value = { from: '', to: '', reason: '' };
    });
  };
  const admin = can('configure');
  return (
    <SettingsPage title={t('set.keeping')} why={t('keep.why')} load={load} error={error.value}>
      {d && (
        <>
          <form
            class="card pad row wrap"
            onSubmit={submit(() => void attempt(() => saveRetention(u, Number(days.value || d.days))))}
          >
            <Field label={t('keep.days')} hint={d.days ? undefined : t('keep.default')}>
              <input
                class="in num"
                type="number"
                min={1}
                max={3650}
                required
                disabled={!admin}
                value={days.value || String(d.days ?? '')}
                onInput={(e) => (days.value = e.currentTarget.value)}
              />
            </Field>
            {admin && (
              <button type="submit" class="btn pri">
                {t('save')}
              </button>
            )}
            {d.oldest && <p class="hint">{t('keep.oldest', { day: d.oldest })}</p>}
          </form>
          <form
            class="card pad row wrap"
            onSubmit={submit(
              () => void attempt(() => saveRejectedRetention(u, Number(rejected.value || d.rejected_days))),
            )}
          >
            <Field label={t('keep.rejectedDays')} hint={t('keep.rejectedWhy')}>
              <input
                class="in num"
                type="number"
                min={1}
                max={3650}
                required
                disabled={!admin}
                value={rejected.value || String(d.rejected_days)}
                onInput={(e) => (rejected.value = e.currentTarget.value)}
              />
            </Field>
            {admin && (
              <button type="submit" class="btn pri">
                {t('save')}
              </button>
            )}
          </form>
          <h3>{t('keep.holds')}</h3>
          <p class="muted">{t('keep.holdsWhy')}</p>
          {admin && (
            <form class="card pad row wrap" onSubmit={submit(keepHold)}>
              <Field label={t('trail.from')}>
                <input
                  class="in"
                  type="datetime-local"
                  required
                  value={hold.value.from}
                  onChange={(e) => (hold.value = { ...hold.value, from: e.currentTarget.value })}
                />
              </Field>
              <Field label={t('trail.to')}>
                <input
                  class="in"
                  type="datetime-local"
                  required
                  value={hold.value.to}
                  onChange={(e) => (hold.value = { ...hold.value, to: e.currentTarget.value })}
                />
              </Field>
              <Field label={t('keep.reason')}>
                <input
                  class="in"
                  required
                  maxLength={200}
                  placeholder={t('keep.reasonHint')}
                  value={hold.value.reason}
                  onInput={(e) => (hold.value = { ...hold.value, reason: e.currentTarget.value })}
                />
              </Field>
              <button type="submit" class="btn">
                {t('keep.hold')}
              </button>
            </form>
          )}
          {d.holds.length > 0 && (
            <Table
              head={
                <>
                  <th>{t('keep.period')}</th>
                  <th>{t('keep.reason')}</th>
                  <th>{t('keep.state')}</th>
                  <ActionsHead />
                </>
              }
            >
              {d.holds.map((h) => (
                <tr key={h.id}>
                  <td class="num">
                    {dayTime(h.start)} – {dayTime(h.end)}
                  </td>
                  <td>{h.reason}</td>
                  <td>
                    {h.released_at ? t('keep.released', { time: dayTime(h.released_at) }) : t('keep.held')}
                  </td>
                  <td class="r">
                    {admin && !h.released_at && (
                      <button
                        type="button"
                        class="btn sm"
                        onClick={() => void attempt(() => releaseHold(u, h.id))}
                      >
                        {t('keep.release')}
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </Table>
          )}
          <h3>{t('keep.runs')}</h3>
          {d.runs.length === 0 ? (
            <p class="muted">{t('keep.noRuns')}</p>
          ) : (
            <ul class="card pad">
              {d.runs.map((r) => (
                <li key={r.started} class="num">
                  {dayTime(r.started)} · {t('keep.progress', { done: num(r.done), days: num(r.days) })}
                  {r.held > 0 && ` · ${tn('keep.heldDays', r.held, num(r.held))}`}
                  {!!r.files && ` · ${tn('keep.files', r.files, num(r.files))}`}
                  {!!r.files_held && ` · ${tn('keep.filesHeld', r.files_held, num(r.files_held))}`}
                  {r.error && ` · ${r.error}`}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </SettingsPage>
  );
}
