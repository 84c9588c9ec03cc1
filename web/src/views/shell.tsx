// Shift bar, rail and the place of the view; the same everywhere.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { District } from '../api/types';
import { t, tk } from '../i18n';
import { clock, day, num, span } from '../i18n/format';
import { second } from '../state/clock';
import { connected, lastEvent, liveReady, liveShift, lostAt, trouble } from '../state/live';
import { prefs, setPrefs, shownTheme } from '../state/prefs';
import { go, parts } from '../state/router';
import { district, session } from '../state/session';
import { at } from '../state/timeline';
import { Icon, Mark } from '../ui/icons';
import { useKeys } from '../ui/keys';
import { Help } from './help';
import { places, planPath, visible } from './places';
import { UserMenu } from './user_menu';

export function Shell({ children }: { children: ComponentChildren }) {
  const help = useSignal(false);
  const goTo = useSignal(0);
  const d = district.value;

  useKeys({
    '?': () => {
      help.value = true;
    },
    t: () => setPrefs({ theme: shownTheme(prefs.value.theme) === 'dark' ? 'light' : 'dark' }),
    g: () => {
      goTo.value = Date.now();
    },
    '/': () => document.querySelector<HTMLInputElement>('input[type="search"]')?.focus(),
    'Ctrl+Alt+n': () => visible('ocurrencias') && go('/ocurrencias/nueva'),
    ...Object.fromEntries(
      places.map((p) => [
        p.key,
        () => {
          if (Date.now() - goTo.value > 1500) return false;
          goTo.value = 0;
          if (visible(p.id)) go(p.id === 'plan' && d ? planPath(d) : `/${p.id}`);
          return true;
        },
      ]),
    ),
  });

  return (
    <div class="shell">
      <a class="skip" href="#vista">
        {t('skip')}
      </a>
      <ShiftBar onHelp={() => (help.value = true)} />
      <Rail />
      <div class="view" id="vista" tabIndex={-1}>
        <Bands />
        {children}
      </div>
      {help.value && <Help onClose={() => (help.value = false)} />}
    </div>
  );
}

function ShiftBar({ onHelp }: { onHelp: () => void }) {
  const d = district.value;
  if (!d) return null;
  return (
    <header class="shiftbar">
      <div class="who">
        <strong class="ell">{d.name}</strong>
        <span class="ell">
          {d.province ? `${d.province} · ` : ''}
          {t('bar.ubigeo', { code: d.ubigeo })}
        </span>
      </div>
      <ShiftNow />
      <div class="grow" />
      <Connection />
      <Clock />
      <button
        type="button"
        class="btn quiet icon sm wide"
        onClick={onHelp}
        aria-label={t('help.open')}
        title={`${t('help.open')} (?)`}
      >
        <Icon name="help" />
      </button>
      <UserMenu name={session.value?.name || session.value?.username || ''} />
    </header>
  );
}

function ShiftNow() {
  const s = liveShift.value ?? district.value?.shift;
  if (!s) return null;
  const now = Math.floor(second.value / 10_000) * 10_000;
  const running = now >= s.start && now < s.end;
  return (
    <div class="shiftnow wide">
      <div class="row">
        <strong>{t('bar.shift', { name: s.name.toLowerCase() })}</strong>
        <span class="muted">
          {day(s.id)} · {clock(s.start)}–{clock(s.end)}
        </span>
        <span class="muted left">
          {running ? t('bar.left', { time: span(Math.floor((s.end - now) / 60000) * 60) }) : ''}
        </span>
      </div>
      <div class="thin" aria-hidden="true">
        <i style={{ width: `${at(s, now)}%` }} />
      </div>
    </div>
  );
}

function Connection() {
  if (district.value?.role === 'crew') return null;
  const open = connected.value;
  const age = Math.max(0, Math.round((Date.now() - lastEvent.peek()) / 1000));
  void second.value; // ages by the second, not by the message
  const words = open
    ? liveReady.value
      ? t('bar.connected')
      : t('bar.connecting')
    : lostAt.value
      ? t('bar.lost', { time: clock(lostAt.value) })
      : t('bar.connecting');
  return (
    <div class={`conn ${open ? '' : 'lost'}`}>
      <Icon name="signal" sm />
      <span role="status">{words}</span>
      {open && liveReady.value && age < 3600 && (
        <span class="wide num" aria-hidden="true">
          · {num(age)} s
        </span>
      )}
    </div>
  );
}

function Clock() {
  const now = second.value;
  return (
    <time class="clock num" dateTime={new Date(now).toISOString()}>
      {clock(now)}
      <small class="wide">:{clock(now, true).slice(-2)}</small>
    </time>
  );
}

function Rail() {
  const [first = ''] = parts.value;
  const d = district.value;
  const shown = places.filter((p) => visible(p.id));
  return (
    <nav class="rail" aria-label={t('nav.label')}>
      <a class="logo" href="/" aria-label="Serenazgo">
        <Mark size={30} />
      </a>
      {shown.map((p) => (
        <a
          key={p.id}
          href={p.id === 'plan' && d ? planPath(d) : `/${p.id}`}
          aria-current={first === p.id ? 'page' : undefined}
          class={p.id === 'ajustes' ? 'last' : ''}
        >
          <Icon name={p.icon} />
          <span>{t(p.label)}</span>
        </a>
      ))}
    </nav>
  );
}

/** Bands tell what degrades everything below: simulated data, a lost connection. */
function Bands() {
  const d = district.value;
  if (!d) return null;
  return (
    <aside aria-label={t('band.label')}>
      {d.simulated && (
        <p class="band sim">
          <Icon name="info" sm />
          <strong>{t('band.simulated')}</strong>
          <span class="wide">{simulatedWhy(d)}</span>
        </p>
      )}
      {trouble.value && (
        <p class="band degraded" role="alert">
          <Icon name="warn" sm />
          <strong>{tk('band.degraded', trouble.value.what)}</strong>
          <span class="wide">
            {t('band.degraded.since', { time: trouble.value.since ? clock(trouble.value.since) : '–' })}
          </span>
        </p>
      )}
      {!connected.value && lostAt.value > 0 && (
        <p class="band lost">
          <Icon name="warn" sm />
          <strong>{t('band.lost', { time: clock(lostAt.value) })}</strong>
        </p>
      )}
    </aside>
  );
}

/** simulatedWhy says what of a district's data is made up. */
function simulatedWhy(d: District): string {
  const [one, two] = d.simulatedKinds;
  return one ? tk('band.sim', two ? 'both' : one) : t('band.sim.other');
}
