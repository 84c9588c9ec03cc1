// Who is using the page, and in which district.
import { computed, signal } from '@preact/signals';
import { setCSRF, whenLoggedOut } from '../api/client';
import * as api from '../api/endpoints';
import type { District, Membership, Role, Session } from '../api/types';
import { setZone } from '../i18n/format';
import { go, place } from './router';

export const session = signal<Session | null>(null);
export const district = signal<District | null>(null);
export const ready = signal(false);
export const startError = signal('');

export const role = computed<Role | null>(() => district.value?.role ?? null);

const lastDistrict = 'serenazgo.district';
/** entered remembers a login, so that a stranger's first visit asks the service nothing in vain. */
const entered = 'serenazgo.entered';

// The service's clock, which a demonstration may run faster than the day.
let base = { here: Date.now(), there: Date.now(), rate: 1 };

/** now is the service's time. */
export const now = (): number => base.there + (Date.now() - base.here) * base.rate;

/** setNow sets the clock by a message of the service. */
export function setNow(there: number, rate = base.rate): void {
  base = { here: Date.now(), there, rate };
}

function chosen(list: Membership[]): Membership | undefined {
  const asked = place.value.query.get('d') ?? localStorage.getItem(lastDistrict);
  return list.find((m) => m.ubigeo === asked) ?? list[0];
}

function adopt(s: Session): void {
  setCSRF(s.csrf);
  localStorage.setItem(entered, '1');
  session.value = s;
}

/** openDistrict loads a district and makes it the one shown. */
export async function openDistrict(ubigeo: string): Promise<void> {
  const d = await api.district(ubigeo);
  setZone(d.timeZone);
  setNow(d.serverTime, d.clockRate);
  localStorage.setItem(lastDistrict, ubigeo);
  district.value = d;
}

export async function reloadDistrict(): Promise<void> {
  if (district.value) await openDistrict(district.value.ubigeo);
}

async function enter(s: Session): Promise<void> {
  adopt(s);
  const m = chosen(s.districts);
  if (m) await openDistrict(m.ubigeo);
}

/** start asks whether a session is open already. */
export async function start(): Promise<void> {
  whenLoggedOut(() => {
    if (!session.value) return;
    session.value = null;
    district.value = null;
    const back = location.pathname + location.search;
    go(`/entrar?volver=${encodeURIComponent(back)}&vencida=1`, true);
  });
  try {
    const s = localStorage.getItem(entered) ? await api.session() : null;
    if (s) await enter(s);
    else localStorage.removeItem(entered);
  } catch (e) {
    startError.value = (e as Error).message;
  }
  ready.value = true;
}

export async function login(username: string, password: string): Promise<void> {
  await enter(await api.login(username, password));
  const back = place.value.query.get('volver') ?? '';
  go(back.startsWith('/') && !back.startsWith('//') ? back : '/', true);
}

export async function setup(token: string, body: api.Setup): Promise<void> {
  await enter(await api.setup(token, body));
  go('/ajustes/distrito', true);
}

export async function logout(): Promise<void> {
  await api.logout();
  localStorage.removeItem(entered);
  session.value = null;
  district.value = null;
  setCSRF('');
  go('/entrar', true);
}

/** can tells whether the role may do what changes things. */
const abilities = {
  plan: ['admin', 'supervisor'],
  register: ['admin', 'supervisor', 'operator'],
  configure: ['admin'],
  fleet: ['admin', 'supervisor'],
  trails: ['admin', 'supervisor', 'operator'],
  correct: ['admin', 'supervisor'],
  police: ['admin', 'supervisor', 'liaison'],
  audit: ['admin', 'auditor'],
  meetings: ['admin', 'supervisor', 'liaison', 'auditor'],
  convene: ['admin', 'supervisor'],
  meet: ['admin', 'supervisor', 'liaison'],
  accounts: ['admin'],
} as const satisfies Record<string, readonly Role[]>;

export function can(what: keyof typeof abilities): boolean {
  return role.value !== null && (abilities[what] as readonly Role[]).includes(role.value);
}
