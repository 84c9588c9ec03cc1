// What this person prefers on this computer.
import { useSignal } from '@preact/signals';
import { t } from '../../i18n';
import { prefs, setPrefs } from '../../state/prefs';
import { session } from '../../state/session';
import { TextField } from '../../ui/fields';
import { notify } from '../../ui/notice';
import { submit } from '../../ui/parts';
import { roleWord } from '../role_word';
import { OwnPassword } from './contrasena';

export function Account() {
  const raster = useSignal(prefs.value.raster);
  const error = useSignal('');
  const s = session.value;
  const save = () => {
    const url = raster.value.trim();
    if (url && !/^https:\/\/[^{}]+.*\{z\}.*\{x\}.*\{y\}/.test(url)) {
      error.value = t('account.rasterBad');
      return;
    }
    error.value = '';
    setPrefs({ raster: url });
    notify(t('saved'));
  };
  return (
    <div class="setbody scroll">
      <header>
        <h2>{t('set.account')}</h2>
      </header>
      <section class="card pad">
        <h3>{s?.name || s?.username}</h3>
        <ul>
          {s?.districts.map((d) => (
            <li key={d.ubigeo} class="muted">
              {d.name} · {d.ubigeo} · {roleWord(d.role)}
            </li>
          ))}
        </ul>
      </section>
      <OwnPassword />
      <form class="card pad form" onSubmit={submit(save)}>
        <h3>{t('account.map')}</h3>
        <p class="muted">{t('account.why')}</p>
        <TextField
          label={t('account.raster')}
          hint={t('account.rasterHint')}
          error={error.value}
          type="url"
          placeholder="https://mapas.ejemplo.pe/{z}/{x}/{y}.png"
          value={raster.value}
          onValue={(x) => (raster.value = x)}
        />
        <div>
          <button type="submit" class="btn">
            {t('save')}
          </button>
        </div>
      </form>
    </div>
  );
}
