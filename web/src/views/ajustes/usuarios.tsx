// Accounts of the district and their roles.
import { useSignal } from '@preact/signals';
import type { UserRow } from '../../api/endpoints';
import * as api from '../../api/endpoints';
import type { Role } from '../../api/types';
import { t, tk } from '../../i18n';
import { can, district, session } from '../../state/session';
import { Choice, TextField } from '../../ui/fields';
import { useLoad } from '../../ui/load';
import { notify } from '../../ui/notice';
import { Dialog, Failure, submit } from '../../ui/parts';
import { minPassword, NewPassword } from '../../ui/password';
import { ActionsHead, AddButton, SettingsPage, Table } from './marco';
import { EditUser } from './usuario';

export const roles: readonly Role[] = ['admin', 'supervisor', 'operator', 'crew', 'liaison', 'auditor'];

export function Users() {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad((s) => api.users(u, s), [u]);
  const adding = useSignal(false);
  const editing = useSignal<UserRow | null>(null);
  return (
    <SettingsPage
      title={t('set.users')}
      why={t('users.why')}
      aside={can('accounts') && <AddButton label={t('users.add')} onClick={() => (adding.value = true)} />}
      load={load}
    >
      {load.data && (
        <Table
          head={
            <>
              <th>{t('users.name')}</th>
              <th class="wide">{t('users.username')}</th>
              <th>{t('users.role')}</th>
              {can('accounts') && <ActionsHead label={t('users.change')} />}
            </>
          }
        >
          {load.data.map((x) => (
            <tr key={x.username}>
              <td>
                <strong>{x.name || x.username}</strong>
                {x.username === session.value?.username && <span class="hint"> {t('users.you')}</span>}
                {x.disabled && <span class="chip">{t('users.disabled')}</span>}
              </td>
              <td class="wide">{x.username}</td>
              <td>{tk('role', x.role)}</td>
              {can('accounts') && (
                <td class="r">
                  {x.username === session.value?.username ? (
                    <a class="btn sm" href="/ajustes/cuenta">
                      {t('set.account')}
                    </a>
                  ) : (
                    <button
                      type="button"
                      class="btn sm"
                      onClick={() => (editing.value = x)}
                      aria-label={`${t('users.change')}: ${x.name || x.username}`}
                    >
                      {t('users.change')}
                    </button>
                  )}
                </td>
              )}
            </tr>
          ))}
        </Table>
      )}
      <section class="card pad">
        <h3>{t('users.whatRoles')}</h3>
        <dl class="roles">
          {roles.map((r) => (
            <div key={r}>
              <dt>{tk('role', r)}</dt>
              <dd class="muted">{tk('roleWhy', r)}</dd>
            </div>
          ))}
        </dl>
      </section>
      {editing.value && (
        <EditUser
          user={editing.value}
          onClose={() => (editing.value = null)}
          onSaved={() => {
            editing.value = null;
            load.reload();
          }}
        />
      )}
      {adding.value && (
        <Add
          onClose={() => (adding.value = false)}
          onSaved={() => {
            adding.value = false;
            load.reload();
          }}
        />
      )}
    </SettingsPage>
  );
}

function Add({ onClose, onSaved }: { onClose: () => void; onSaved: () => void }) {
  const u = district.value?.ubigeo ?? '';
  const name = useSignal('');
  const username = useSignal('');
  const password = useSignal('');
  const role = useSignal<Role>('operator');
  const error = useSignal('');
  const save = async () => {
    try {
      await api.addUser(u, {
        name: name.value.trim(),
        username: username.value.trim(),
        password: password.value,
        role: role.value,
      });
      notify(t('users.added'));
      onSaved();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  return (
    <Dialog
      title={t('users.add')}
      onClose={onClose}
      footer={
        <>
          <button type="button" class="btn" onClick={onClose}>
            {t('cancel')}
          </button>
          <button
            type="submit"
            form="usuario"
            class="btn pri"
            disabled={!username.value.trim() || password.value.length < minPassword}
          >
            {t('users.add')}
          </button>
        </>
      }
    >
      <form id="usuario" class="form" onSubmit={submit(() => void save())}>
        <TextField label={t('users.name')} value={name.value} onValue={(x) => (name.value = x)} />
        <TextField
          label={t('users.username')}
          hint={t('users.usernameHint')}
          autocomplete="off"
          required
          value={username.value}
          onValue={(x) => (username.value = x)}
        />
        <NewPassword
          label={t('login.password')}
          required
          value={password.value}
          onValue={(x) => (password.value = x)}
        />
        <Choice
          label={t('users.role')}
          hint={tk('roleWhy', role.value)}
          value={role.value}
          options={roles.map((r) => [r, tk('role', r)] as const)}
          onValue={(x) => (role.value = x)}
        />
      </form>
      {error.value && <Failure error={error.value} />}
    </Dialog>
  );
}
