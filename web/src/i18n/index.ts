// Two languages in flat tables. Spanish is in the entry, English comes when asked for.
import { computed, signal } from '@preact/signals';
import es from '../../locales/es.json';
import { prefs } from '../state/prefs';

export type Key = keyof typeof es;
type Table = Record<string, string>;

const tables = signal<Record<string, Table>>({ es });
const current = computed<Table>(() => tables.value[prefs.value.lang] ?? es);

/** loadLang fetches the table of a language that is not in the entry. */
export async function loadLang(lang: string): Promise<void> {
  if (lang !== 'en' || tables.value.en) return;
  const en = (await import('../../locales/en.json')).default as Table;
  tables.value = { ...tables.value, en };
}

/** fill replaces {name} by its value and leaves unknown names readable. */
export function fill(text: string, values?: Record<string, string | number>): string {
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (all, name: string) => (name in values ? String(values[name]) : all));
}

/** t is the sentence of a key in the chosen language. */
export function t(key: Key, values?: Record<string, string | number>): string {
  return fill(current.value[key] ?? es[key] ?? key, values);
}

/** tn picks key.one or key.other by n, and fills {n}. */
export function tn(key: string, n: number, shown?: string): string {
  const form = `${key}.${n === 1 ? 'one' : 'other'}` as Key;
  return t(form, { n: shown ?? n });
}

/** tk is for keys made from data, such as a role; unknown ones show the raw word. */
export function tk(prefix: string, word: string): string {
  const key = `${prefix}.${word}`;
  return current.value[key] ?? (es as Table)[key] ?? word;
}
