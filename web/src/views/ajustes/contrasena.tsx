// One's own password.
import { useSignal } from '@preact/signals';
import * as api from '../../api/endpoints';
import { t } from '../../i18n';
import { session } from '../../state/session';
import { TextField } from '../../ui/fields';
import { notify } from '../../ui/notice';
import { Failure, submit } from '../../ui/parts';
import { PasswordPair, usePasswordPair } from '../../ui/password';

export function OwnPassword() {
  const present = useSignal('');
  const next = usePasswordPair();
  const error = useSignal('');
  const busy = useSignal(false);
  const ready = present.value !== '' && next.ready;

  const save = async () => {
    if (!ready || busy.value) return;
    busy.value = true;
    error.value = '';
    try {
      await api.changePassword(present.value, next.first.value);
      notify(t('account.passwordChanged'));
      present.value = '';
      next.clear();
    } catch (e) {
      error.value = (e as Error).message;
    }
    busy.value = false;
  };

  return (
    <form class="card pad form" onSubmit={submit(() => void save())}>
      <h3>{t('account.password')}</h3>
      <p class="muted">{t('account.passwordWhy')}</p>
      <input
        class="sr"
        type="text"
        autocomplete="username"
        tabIndex={-1}
        readOnly
        aria-hidden="true"
        value={session.value?.username ?? ''}
      />
      <TextField
        label={t('account.present')}
        type="password"
        autocomplete="current-password"
        value={present.value}
        onValue={(x) => (present.value = x)}
      />
      <PasswordPair pair={next} label={t('users.newPassword')} />
      {error.value && <Failure error={error.value} />}
      <div>
        <button type="submit" class="btn" disabled={!ready || busy.value}>
          {t('account.changePassword')}
        </button>
      </div>
    </form>
  );
}
