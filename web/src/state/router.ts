// Where the page is. Everything worth sharing is in the address.
import { computed, signal } from '@preact/signals';

export interface Place {
  path: string;
  query: URLSearchParams;
}

function read(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}

export const place = signal<Place>(
  typeof location === 'undefined' ? { path: '/', query: new URLSearchParams() } : read(),
);

export const parts = computed(() => place.value.path.split('/').filter(Boolean));

/** go opens a place of the page; replace does not add to the history. */
export function go(to: string, replace = false): void {
  if (to === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  place.value = read();
}

/** setQuery changes some fields of the address and keeps the others. */
export function setQuery(change: Record<string, string | null>, replace = true): void {
  const q = new URLSearchParams(location.search);
  for (const [k, v] of Object.entries(change)) {
    if (v === null || v === '') q.delete(k);
    else q.set(k, v);
  }
  const s = q.toString();
  go(location.pathname + (s ? `?${s}` : ''), replace);
}

/** link makes an anchor of the page open its place without loading again. */
export function onLink(e: MouseEvent): void {
  const a = (e.target as Element | null)?.closest?.('a');
  if (!a || e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey) return;
  if (a.target || a.origin !== location.origin || a.hasAttribute('download')) return;
  if (a.hash || a.pathname.startsWith('/api/')) return;
  e.preventDefault();
  go(a.pathname + a.search);
}

/** startRouter follows the browser's back and forward. */
export function startRouter(): void {
  addEventListener('popstate', () => {
    place.value = read();
  });
  document.addEventListener('click', onLink);
}
