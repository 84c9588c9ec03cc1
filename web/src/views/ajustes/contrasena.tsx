// One's own password.
import { useSignal } from '@preact/signals';
import * as api from '../../api/endpoints';
import { t } from '../../i18n';
import { session } from '../../state/session';
import { TextField } from '../../ui/fields';
import { notify } from '../../ui/notice';
import { Failure, submit } from '../../ui/parts';

export function OwnPassword() {
  const present = useSignal('');
  const next = useSignal('');
  const again = useSignal('');
  const error = useSignal('');
  const busy = useSignal(false);
  const short = next.value !== '' && next.value.length < 10;
  const differ = again.value !== '' && again.value !== next.value;
  const ready = present.value !== '' && next.value.length >= 10 && again.value === next.value;

  const save = async () => {
    if (!ready || busy.value) return;
    busy.value = true;
    error.value = '';
    try {
      await api.changePassword(present.value, next.value);
      notify(t('account.passwordChanged'));
      present.value = next.value = again.value = '';
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
      <TextField
        label={t('users.newPassword')}
        hint={t('users.passwordHint')}
        error={short ? t('setup.short') : ''}
        type="password"
        autocomplete="new-password"
        value={next.value}
        onValue={(x) => (next.value = x)}
      />
      <TextField
        label={t('setup.again')}
        error={differ ? t('setup.differ') : ''}
        type="password"
        autocomplete="new-password"
        value={again.value}
        onValue={(x) => (again.value = x)}
      />
      {error.value && <Failure error={error.value} />}
      <div>
        <button type="submit" class="btn" disabled={!ready || busy.value}>
          {t('account.changePassword')}
        </button>
      </div>
    </form>
  );
}
