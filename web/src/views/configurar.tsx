// First run: the one-time link makes the first administrator.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { setupWorks } from '../api/endpoints';
import { t } from '../i18n';
import { place } from '../state/router';
import { setup } from '../state/session';
import { TextField } from '../ui/fields';
import { Mark } from '../ui/icons';
import { Note, submit } from '../ui/parts';
import { PasswordPair, usePasswordPair } from '../ui/password';

export default function Configurar() {
  const token = place.value.query.get('token') ?? '';
  const name = useSignal('');
  const user = useSignal('admin');
  const password = usePasswordPair();
  const ubigeo = useSignal('');
  const districtName = useSignal('');
  const error = useSignal('');
  const busy = useSignal(false);
  const works = useSignal<boolean | null>(null); // null: not known yet

  useEffect(() => {
    if (!token) return;
    setupWorks(token).then(
      (w) => (works.value = w),
      (e) => (error.value = (e as Error).message),
    );
  }, [token]);

  const send = async () => {
    if (!password.ready) return;
    busy.value = true;
    error.value = '';
    try {
      await setup(token, {
        username: user.value.trim(),
        name: name.value.trim(),
        password: password.first.value,
        ...(ubigeo.value.trim() ? { ubigeo: ubigeo.value.trim(), district: districtName.value.trim() } : {}),
      });
    } catch (e) {
      error.value = (e as Error).message;
    }
    busy.value = false;
  };

  return (
    <main class="front">
      <div class="backdrop" />
      <form class="card login" onSubmit={submit(() => void send())}>
        <div class="brand">
          <Mark size={36} />
          <h1>{t('setup.title')}</h1>
        </div>
        {token && works.value === false && (
          <Note tone="err" title={t('setup.used')}>
            {t('setup.usedWhy')}
          </Note>
        )}
        {works.value === false && <a href="/entrar">{t('setup.toLogin')}</a>}
        {token ? (
          works.value !== false && <p class="muted">{t('setup.lead')}</p>
        ) : (
          <Note tone="err" title={t('setup.noToken')}>
            {t('setup.noTokenWhy')}
          </Note>
        )}
        {error.value && <Note tone="err">{error.value}</Note>}
        {token && works.value !== false && (
          <>
            <TextField
              label={t('setup.name')}
              autocomplete="name"
              required
              value={name.value}
              onValue={(x) => (name.value = x)}
            />
            <TextField
              label={t('login.user')}
              hint={t('users.usernameHint')}
              autocomplete="username"
              autocapitalize="none"
              required
              value={user.value}
              onValue={(x) => (user.value = x)}
            />
            <PasswordPair pair={password} label={t('login.password')} required />
            <details>
              <summary>{t('setup.newDistrict')}</summary>
              <div class="form two">
                <TextField
                  label={t('setup.ubigeo')}
                  hint={t('setup.ubigeoHint')}
                  inputmode="numeric"
                  pattern="[0-9]{6}"
                  value={ubigeo.value}
                  onValue={(x) => (ubigeo.value = x)}
                />
                <TextField
                  label={t('setup.district')}
                  value={districtName.value}
                  onValue={(x) => (districtName.value = x)}
                />
              </div>
            </details>
            <button type="submit" class="btn pri tall" disabled={busy.value || !password.ready}>
              {t('setup.do')}
            </button>
          </>
        )}
      </form>
    </main>
  );
}
