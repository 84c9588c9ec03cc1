// Login on the dimmed street map of the district. The role is never asked.
import { useSignal } from '@preact/signals';
import * as api from '../api/endpoints';
import { t } from '../i18n';
import { place } from '../state/router';
import { login, startError } from '../state/session';
import { TextField } from '../ui/fields';
import { Mark } from '../ui/icons';
import { useLoad } from '../ui/load';
import { Note, submit } from '../ui/parts';
import { Backdrop } from './backdrop';
import { roleWord } from './role_word';

export default function Entrar() {
  const user = useSignal('');
  const password = useSignal('');
  const error = useSignal('');
  const busy = useSignal(false);
  const info = useLoad(() => api.publicInfo(), []);
  const expired = place.value.query.has('vencida');

  const send = async () => {
    busy.value = true;
    error.value = '';
    try {
      await login(user.value.trim(), password.value);
    } catch (e) {
      error.value = (e as Error).message;
      password.value = '';
    }
    busy.value = false;
  };

  return (
    <main class="front">
      <Backdrop info={info.data} />
      <form class="card login" onSubmit={submit(() => void send())}>
        <div class="brand">
          <Mark size={36} />
          <h1>Serenazgo</h1>
        </div>
        <p class="muted">{t('login.lead')}</p>
        {expired && !error.value && <Note>{t('error.session')}</Note>}
        {startError.value && <Note tone="err">{startError.value}</Note>}
        {error.value && <Note tone="err">{error.value}</Note>}
        <TextField
          label={t('login.user')}
          name="username"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          value={user.value}
          onValue={(x) => (user.value = x)}
        />
        <TextField
          label={t('login.password')}
          name="password"
          type="password"
          autocomplete="current-password"
          required
          value={password.value}
          onValue={(x) => (password.value = x)}
        />
        <button type="submit" class="btn pri tall" disabled={busy.value}>
          {busy.value ? t('login.entering') : t('login.enter')}
        </button>
        {info.data?.setupNeeded && <Note>{t('login.setup')}</Note>}
        {info.data && info.data.logins.length > 0 ? (
          <div class="demologins">
            <p class="hint">{t('login.demo')}</p>
            {info.data.logins.map((l) => (
              <button
                key={l.username}
                type="button"
                class="btn sm"
                onClick={() => {
                  user.value = l.username;
                  password.value = l.password;
                  void send();
                }}
              >
                {roleWord(l.role)}
              </button>
            ))}
          </div>
        ) : (
          <p class="hint">{t('login.forgot')}</p>
        )}
      </form>
    </main>
  );
}
