// First run: the one-time link makes the first administrator.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { setupWorks } from '../api/endpoints';
import { t } from '../i18n';
import { place } from '../state/router';
import { setup } from '../state/session';
import { Mark } from '../ui/icons';
import { Field, Note, submit } from '../ui/parts';

export default function Configurar() {
  const token = place.value.query.get('token') ?? '';
  const name = useSignal('');
  const user = useSignal('admin');
  const password = useSignal('');
  const again = useSignal('');
  const ubigeo = useSignal('');
  const districtName = useSignal('');
  const error = useSignal('');
  const busy = useSignal(false);
  const works = useSignal<boolean | null>(null); // null: not known yet
  const short = password.value !== '' && password.value.length < 10;
  const differ = again.value !== '' && again.value !== password.value;

  useEffect(() => {
    if (!token) return;
    setupWorks(token).then(
      (w) => (works.value = w),
      (e) => (error.value = (e as Error).message),
    );
  }, [token]);

  const send = async () => {
    if (short || again.value !== password.value) return;
    busy.value = true;
    error.value = '';
    try {
      await setup(token, {
        username: user.value.trim(),
        name: name.value.trim(),
        password: password.value,
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
            <Field label={t('setup.name')}>
              <input
                class="in"
                autocomplete="name"
                required
                value={name.value}
                onInput={(e) => (name.value = e.currentTarget.value)}
              />
            </Field>
            <Field label={t('login.user')} hint={t('users.usernameHint')}>
              <input
                class="in"
                autocomplete="username"
                autocapitalize="none"
                required
                value={user.value}
                onInput={(e) => (user.value = e.currentTarget.value)}
              />
            </Field>
            <Field
              label={t('login.password')}
              hint={t('users.passwordHint')}
              error={short ? t('setup.short') : ''}
            >
              <input
                class="in"
                type="password"
                autocomplete="new-password"
                required
                value={password.value}
                onInput={(e) => (password.value = e.currentTarget.value)}
              />
            </Field>
            <Field label={t('setup.again')} error={differ ? t('setup.differ') : ''}>
              <input
                class="in"
                type="password"
                autocomplete="new-password"
                required
                value={again.value}
                onInput={(e) => (again.value = e.currentTarget.value)}
              />
            </Field>
            <details>
              <summary>{t('setup.newDistrict')}</summary>
              <div class="form two">
                <Field label={t('setup.ubigeo')} hint={t('setup.ubigeoHint')}>
                  <input
                    class="in"
                    inputmode="numeric"
                    pattern="[0-9]{6}"
                    value={ubigeo.value}
                    onInput={(e) => (ubigeo.value = e.currentTarget.value)}
                  />
                </Field>
                <Field label={t('setup.district')}>
                  <input
                    class="in"
                    value={districtName.value}
                    onInput={(e) => (districtName.value = e.currentTarget.value)}
                  />
                </Field>
              </div>
            </details>
            <button type="submit" class="btn pri tall" disabled={busy.value || short || differ}>
              {t('setup.do')}
            </button>
          </>
        )}
      </form>
    </main>
  );
}
