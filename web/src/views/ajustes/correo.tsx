// The mail server of the district, a test of it, and the reports it sends.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { APIError } from '../../api/client';
import * as api from '../../api/mail';
import { t, tk } from '../../i18n';
import { dayTime } from '../../i18n/format';
import { district } from '../../state/session';
import { Choice, TextField } from '../../ui/fields';
import { useLoad } from '../../ui/load';
import { notify } from '../../ui/notice';
import { Failure, submit } from '../../ui/parts';
import { EditReport, newReport } from './correo_informe';
import { ActionsHead, AddButton, SettingsPage, Table } from './marco';

const noServer: api.MailServer = {
  host: '',
  port: 587,
  security: 'starttls',
  username: '',
  has_password: false,
  sender: '',
};

export function MailPage() {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad((s) => api.mail(u, s), [u]);
  const editing = useSignal<api.MailReport | null>(null);
  const reports = load.data?.reports ?? [];
  return (
    <SettingsPage
      title={t('set.mail')}
      why={t('mail.why')}
      load={load}
      aside={
        load.data?.server && (
          <AddButton label={t('mail.add')} onClick={() => (editing.value = newReport(reports))} />
        )
      }
    >
      {load.data && (
        <>
          {reports.length > 0 && (
            <Table
              head={
                <>
                  <th>{t('mail.name')}</th>
                  <th>{t('mail.when')}</th>
                  <th class="wide">{t('mail.recipients')}</th>
                  <th>{t('mail.last')}</th>
                  <ActionsHead />
                </>
              }
            >
              {reports.map((r) => (
                <tr key={r.id}>
                  <td>
                    <strong>{r.name}</strong>
                    {!r.active && <span class="chip">{t('mail.paused')}</span>}
                  </td>
                  <td>
                    {r.every === 'week' ? tk('mail.weekday', String(r.weekday)) : t('mail.daily')}{' '}
                    <span class="num">{r.clock}</span>
                  </td>
                  <td class="wide">{r.recipients.join(', ')}</td>
                  <td>
                    {r.last ? `${tk('mail.state', r.last.state)} · ${dayTime(r.last.due)}` : '—'}
                    {r.last?.error && <div class="hint">{r.last.error}</div>}
                  </td>
                  <td class="r">
                    <button
                      type="button"
                      class="btn sm"
                      aria-label={`${t('edit')} ${r.name}`}
                      onClick={() => (editing.value = r)}
                    >
                      {t('edit')}
                    </button>
                  </td>
                </tr>
              ))}
            </Table>
          )}
          <Server key={load.data.server?.host} server={load.data.server ?? noServer} onSaved={load.reload} />
          {load.data.server && <Trial />}
        </>
      )}
      {editing.value && (
        <EditReport
          report={editing.value}
          isNew={!reports.includes(editing.value)}
          onClose={() => (editing.value = null)}
          onSaved={() => {
            editing.value = null;
            load.reload();
          }}
        />
      )}
    </SettingsPage>
  );
}

function Server({ server, onSaved }: { server: api.MailServer; onSaved: () => void }) {
  const u = district.value?.ubigeo ?? '';
  const draft = useSignal(server);
  const password = useSignal('');
  const error = useSignal('');
  useEffect(() => {
    draft.value = server;
  }, [server]);
  const v = draft.value;
  const set = (change: Partial<api.MailServer>) => {
    draft.value = { ...v, ...change };
  };
  const save = async () => {
    error.value = '';
    try {
      await api.saveMailServer(u, v, password.value);
      password.value = '';
      notify(t('saved'));
      onSaved();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  return (
    <form class="card pad col" onSubmit={submit(() => void save())}>
      <h3>{t('mail.server')}</h3>
      <div class="form two">
        <TextField
          label={t('mail.host')}
          required
          placeholder="smtp.ejemplo.pe"
          value={v.host}
          onValue={(x) => set({ host: x.trim() })}
        />
        <Choice
          label={t('mail.security')}
          value={v.security}
          options={[
            ['starttls', 'STARTTLS (587)'],
            ['tls', 'TLS (465)'],
          ]}
          onValue={(security) => set({ security, port: security === 'tls' ? 465 : 587 })}
        />
        <TextField
          label={t('mail.port')}
          type="number"
          min={1}
          max={65535}
          required
          value={v.port}
          onValue={(x) => set({ port: Number(x) })}
        />
        <TextField
          label={t('mail.sender')}
          required
          placeholder="central@ejemplo.pe"
          value={v.sender}
          onValue={(x) => set({ sender: x.trim() })}
        />
        <TextField
          label={t('mail.user')}
          hint={t('mail.userHint')}
          autocomplete="off"
          value={v.username}
          onValue={(x) => set({ username: x.trim() })}
        />
        <TextField
          label={t('login.password')}
          hint={v.has_password ? t('mail.keepPassword') : undefined}
          type="password"
          autocomplete="off"
          value={password.value}
          onValue={(x) => (password.value = x)}
        />
      </div>
      {error.value && <Failure error={error.value} />}
      <div>
        <button type="submit" class="btn pri">
          {t('save')}
        </button>
      </div>
    </form>
  );
}

function Trial() {
  const u = district.value?.ubigeo ?? '';
  const to = useSignal('');
  const error = useSignal('');
  const busy = useSignal(false);
  const send = async () => {
    error.value = '';
    busy.value = true;
    try {
      await api.testMail(u, to.value.trim());
      notify(t('mail.tested', { to: to.value.trim() }));
    } catch (e) {
      error.value = [(e as Error).message, ...(e instanceof APIError ? e.details : [])].join(' ');
    }
    busy.value = false;
  };
  return (
    <form class="card pad row wrap low" onSubmit={submit(() => void send())}>
      <TextField
        label={t('mail.testTo')}
        required
        placeholder="jefe@ejemplo.pe"
        value={to.value}
        onValue={(x) => (to.value = x)}
      />
      <button type="submit" class="btn" disabled={busy.value}>
        {t('mail.test')}
      </button>
      {error.value && <Failure error={error.value} />}
    </form>
  );
}
