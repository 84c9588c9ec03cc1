// One account, as an administrator changes it: role, open or closed, a new password.
import { useSignal } from '@preact/signals';
import type { UserRow } from '../../api/endpoints';
import * as api from '../../api/endpoints';
import type { Role } from '../../api/types';
import { t, tk } from '../../i18n';
import { district } from '../../state/session';
import { Choice } from '../../ui/fields';
import { notify } from '../../ui/notice';
import { Dialog, Failure, submit } from '../../ui/parts';
import { minPassword, NewPassword } from '../../ui/password';
import { roles } from './usuarios';

interface Props {
  user: UserRow;
  onClose: () => void;
  onSaved: () => void;
}

export function EditUser({ user, onClose, onSaved }: Props) {
  const u = district.value?.ubigeo ?? '';
  const role = useSignal<Role>(user.role);
  const password = useSignal('');
  const error = useSignal('');
  const busy = useSignal(false);

  const run = async (action: () => Promise<unknown>, done: string) => {
    busy.value = true;
    error.value = '';
    try {
      await action();
      notify(done);
      onSaved();
    } catch (e) {
      error.value = (e as Error).message;
    }
    busy.value = false;
  };

  return (
    <Dialog title={user.name || user.username} onClose={onClose}>
      <form
        class="form"
        onSubmit={submit(
          () => void run(() => api.changeUser(u, user.username, { role: role.value }), t('users.changed')),
        )}
      >
        <Choice
          label={t('users.role')}
          hint={tk('roleWhy', role.value)}
          value={role.value}
          options={roles.map((r) => [r, tk('role', r)] as const)}
          onValue={(x) => (role.value = x)}
        />
        <div>
          <button type="submit" class="btn" disabled={busy.value || role.value === user.role}>
            {t('users.saveRole')}
          </button>
        </div>
      </form>
      <form
        class="form"
        onSubmit={submit(
          () =>
            void run(() => api.setUserPassword(u, user.username, password.value), t('users.passwordChanged')),
        )}
      >
        <NewPassword
          label={t('users.newPassword')}
          hint={t('users.newPasswordHint')}
          value={password.value}
          onValue={(x) => (password.value = x)}
        />
        <div>
          <button type="submit" class="btn" disabled={busy.value || password.value.length < minPassword}>
            {t('users.setPassword')}
          </button>
        </div>
      </form>
      <div class="form">
        <p class="muted">{user.disabled ? t('users.enableWhy') : t('users.disableWhy')}</p>
        <div>
          <button
            type="button"
            class="btn"
            disabled={busy.value}
            onClick={() =>
              void run(
                () => api.changeUser(u, user.username, { disabled: !user.disabled }),
                user.disabled ? t('users.enabled') : t('users.nowDisabled'),
              )
            }
          >
            {user.disabled ? t('users.enable') : t('users.disable')}
          </button>
        </div>
      </div>
      {error.value && <Failure error={error.value} />}
    </Dialog>
  );
}
