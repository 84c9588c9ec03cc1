// The user's menu: theme, language, districts, account, way out.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n';
import { type Lang, prefs, setPrefs, type Theme } from '../state/prefs';
import { setQuery } from '../state/router';
import { district, logout, openDistrict, session } from '../state/session';
import { Icon } from '../ui/icons';
import { notify } from '../ui/notice';
import { Seg } from '../ui/parts';
import { roleWord } from './role_word';

export function UserMenu({ name }: { name: string }) {
  const open = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open.value) return;
    const away = (e: Event) => {
      if (e instanceof KeyboardEvent) {
        if (e.key !== 'Escape') return;
        button.current?.focus();
      } else if (box.current?.contains(e.target as Node)) return;
      open.value = false;
    };
    addEventListener('pointerdown', away);
    addEventListener('keydown', away);
    return () => {
      removeEventListener('pointerdown', away);
      removeEventListener('keydown', away);
    };
  }, [open.value]);

  return (
    <div class="usermenu" ref={box}>
      <button
        type="button"
        ref={button}
        class="btn quiet"
        aria-expanded={open.value}
        aria-controls="menu-usuario"
        onClick={() => (open.value = !open.value)}
      >
        <Icon name="user" />
        <span class="ell name">{name}</span>
      </button>
      {open.value && <Menu close={() => (open.value = false)} />}
    </div>
  );
}

function Menu({ close }: { close: () => void }) {
  const p = prefs.value;
  const d = district.value;
  const list = session.value?.districts ?? [];
  const leave = () => {
    logout().catch((e: Error) => notify(e.message));
  };
  return (
    <section class="menu card" id="menu-usuario" aria-label={t('menu.label')}>
      {d && <p class="hint">{t('menu.role', { role: roleWord(d.role), district: d.name })}</p>}
      <div class="col">
        <span class="lab">{t('menu.theme')}</span>
        <Seg<Theme>
          label={t('menu.theme')}
          value={p.theme}
          options={[
            ['auto', t('theme.auto')],
            ['light', t('theme.light')],
            ['dark', t('theme.dark')],
          ]}
          onChange={(theme) => setPrefs({ theme })}
        />
      </div>
      <div class="col">
        <span class="lab">{t('menu.language')}</span>
        <Seg<Lang>
          label={t('menu.language')}
          value={p.lang}
          options={[
            ['es', 'Español'],
            ['en', 'English'],
          ]}
          onChange={(lang) => setPrefs({ lang })}
        />
      </div>
      <label class="check">
        <input type="checkbox" checked={p.dim} onChange={(e) => setPrefs({ dim: e.currentTarget.checked })} />
        {t('menu.dim')}
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={p.keys}
          onChange={(e) => setPrefs({ keys: e.currentTarget.checked })}
        />
        {t('menu.keys')}
      </label>
      {list.length > 1 && (
        <label class="field">
          <span class="lab">{t('menu.district')}</span>
          <select
            class="in"
            value={d?.ubigeo}
            onChange={(e) => {
              setQuery({ d: null });
              openDistrict(e.currentTarget.value).catch((err: Error) => notify(err.message));
              close();
            }}
          >
            {list.map((m) => (
              <option key={m.ubigeo} value={m.ubigeo}>
                {m.name} · {m.ubigeo}
              </option>
            ))}
          </select>
        </label>
      )}
      <button type="button" class="btn" onClick={leave}>
        <Icon name="out" sm />
        {t('menu.logout')}
      </button>
    </section>
  );
}
