// One's own password.
import { useSignal } from '@preact/signals';
import * as api from '../../api/endpoints';
import { t } from '../../i18n';
import { session } from '../../state/session';
import { notify } from '../../ui/notice';
import { Failure, Field, submit } from '../../ui/parts';

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
      <Field label={t('account.present')}>
        <input
          class="in"
          type="password"
          autocomplete="current-password"
          value={present.value}
          onInput={(e) => (present.value = e.currentTarget.value)}
        />
      </Field>
      <Field
        label={t('users.newPassword')}
        hint={t('users.passwordHint')}
        error={short ? t('setup.short') : ''}
      >
        <input
          class="in"
          type="password"
          autocomplete="new-password"
          value={next.value}
          onInput={(e) => (next.value = e.currentTarget.value)}
        />
      </Field>
      <Field label={t('setup.again')} error={differ ? t('setup.differ') : ''}>
        <input
          class="in"
          type="password"
          autocomplete="new-password"
          value={again.value}
          onInput={(e) => (again.value = e.currentTarget.value)}
        />
      </Field>
      {error.value && <Failure error={error.value} />}
      <div>
        <button type="submit" class="btn" disabled={!ready || busy.value}>
          {t('account.changePassword')}
        </button>
      </div>
    </form>
  );
}
