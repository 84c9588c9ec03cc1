// One report that is mailed every day or week.
import { useSignal } from '@preact/signals';
import * as api from '../../api/mail';
import { t, tk } from '../../i18n';
import { district } from '../../state/session';
import { Choice, TextField } from '../../ui/fields';
import { notify } from '../../ui/notice';
import { Dialog, Failure, Field, submit } from '../../ui/parts';

/** newReport is one with an id that none has yet. */
export function newReport(reports: readonly api.MailReport[]): api.MailReport {
  let n = 1;
  while (reports.some((r) => r.id === `informe-${n}`)) n++;
  return {
    id: `informe-${n}`,
    name: t('mail.defaultName'),
    every: 'day',
    weekday: 1,
    clock: '07:00',
    recipients: [],
    active: true,
  };
}

interface Props {
  report: api.MailReport;
  isNew: boolean;
  onClose: () => void;
  onSaved: () => void;
}

export function EditReport({ report, isNew, onClose, onSaved }: Props) {
  const u = district.value?.ubigeo ?? '';
  const draft = useSignal(report);
  const recipients = useSignal(report.recipients.join('\n'));
  const error = useSignal('');
  const v = draft.value;
  const set = (change: Partial<api.MailReport>) => {
    draft.value = { ...v, ...change };
  };
  const run = async (action: () => Promise<void>) => {
    error.value = '';
    try {
      await action();
      notify(t('saved'));
      onSaved();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  const list = recipients.value.split(/[\s,;]+/).filter((x) => x !== '');
  return (
    <Dialog
      title={isNew ? t('mail.add') : report.name}
      onClose={onClose}
      footer={
        <>
          {!isNew && (
            <button
              type="button"
              class="btn"
              onClick={() => void run(() => api.deleteMailReport(u, report.id))}
            >
              {t('mail.remove')}
            </button>
          )}
          <button type="submit" form="informe" class="btn pri" disabled={list.length === 0}>
            {t('save')}
          </button>
        </>
      }
    >
      <form
        id="informe"
        class="form two"
        onSubmit={submit(() => void run(() => api.saveMailReport(u, { ...v, recipients: list })))}
      >
        <TextField
          label={t('mail.name')}
          required
          maxLength={80}
          value={v.name}
          onValue={(x) => set({ name: x })}
        />
        <Choice
          label={t('mail.every')}
          value={v.every}
          options={[
            ['day', t('mail.daily')],
            ['week', t('mail.weekly')],
          ]}
          onValue={(every) => set({ every })}
        />
        {v.every === 'week' && (
          <Choice
            label={t('mail.day')}
            value={String(v.weekday)}
            options={[1, 2, 3, 4, 5, 6, 0].map((d) => [String(d), tk('mail.weekday', String(d))] as const)}
            onValue={(x) => set({ weekday: Number(x) })}
          />
        )}
        <TextField
          label={t('mail.clock')}
          type="time"
          required
          value={v.clock}
          onValue={(x) => set({ clock: x })}
        />
        <Field label={t('mail.recipients')} hint={t('mail.recipientsHint')}>
          <textarea
            class="in"
            rows={3}
            value={recipients.value}
            onInput={(e) => (recipients.value = e.currentTarget.value)}
          />
        </Field>
        <label class="check">
          <input
            type="checkbox"
            checked={v.active}
            onChange={(e) => set({ active: e.currentTarget.checked })}
          />
          {t('mail.active')}
        </label>
      </form>
      {error.value && <Failure error={error.value} />}
    </Dialog>
  );
}
