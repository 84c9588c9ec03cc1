// What one person prefers on one computer; kept in localStorage, never sent.
import { signal } from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';
export type Lang = 'es' | 'en';

export interface Prefs {
  theme: Theme;
  lang: Lang;
  dim: boolean;
  keys: boolean; // single-letter shortcuts
  raster: string; // URL template of a raster map under the streets; empty: none
  layers: string[] | null; // of the live page; null: the default ones
}

const store = 'serenazgo.prefs';
const defaults: Prefs = { theme: 'auto', lang: 'es', dim: false, keys: true, raster: '', layers: null };

/** loadPrefs reads what was kept; anything unreadable gives the defaults. */
export function loadPrefs(): Prefs {
  try {
    const kept = JSON.parse(localStorage.getItem(store) ?? '{}') as Partial<Prefs>;
    return { ...defaults, ...kept };
  } catch {
    return { ...defaults };
  }
}

export const prefs = signal<Prefs>(typeof localStorage === 'undefined' ? { ...defaults } : loadPrefs());

/** isNight tells whether the console is dark by itself: 19:00 to 06:00. */
export function isNight(hour: number): boolean {
  return hour >= 19 || hour < 6;
}

/** shownTheme resolves "auto" by the hour. */
export function shownTheme(theme: Theme, hour = new Date().getHours()): 'light' | 'dark' {
  return theme === 'auto' ? (isNight(hour) ? 'dark' : 'light') : theme;
}

export const dark = signal(false);

export function applyPrefs(p: Prefs): void {
  const root = document.documentElement;
  const shown = shownTheme(p.theme);
  root.dataset.theme = shown;
  root.dataset.dim = p.dim ? '1' : '0';
  root.lang = p.lang === 'es' ? 'es-PE' : 'en';
  dark.value = shown === 'dark';
}

export function setPrefs(change: Partial<Prefs>): void {
  const next = { ...prefs.value, ...change };
  prefs.value = next;
  applyPrefs(next);
  try {
    localStorage.setItem(store, JSON.stringify(next));
  } catch {
    // A browser that keeps nothing still shows the choice until it is closed.
  }
}
