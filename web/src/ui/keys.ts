// Keyboard. Single letters work only outside text fields, and can be switched off.
import { useEffect, useRef } from 'preact/hooks';
import { prefs } from '../state/prefs';

/** Keys are what to do; false says that the key was not meant, so that others may have it. */
export type Keys = Record<string, (e: KeyboardEvent) => unknown>;

function typing(e: KeyboardEvent): boolean {
  const el = e.target as HTMLElement | null;
  return !!el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));
}

/** nameOf is "Ctrl+Enter", "j", "?", "Shift+ArrowLeft". */
export function nameOf(e: KeyboardEvent): string {
  const mods = (e.ctrlKey || e.metaKey ? 'Ctrl+' : '') + (e.altKey ? 'Alt+' : '');
  const shift = e.shiftKey && e.key.length > 1 ? 'Shift+' : '';
  return mods + shift + (e.key.length === 1 ? e.key.toLowerCase() : e.key);
}

/** useKeys listens while a view is shown. */
export function useKeys(keys: Keys): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const down = (e: KeyboardEvent) => {
      if (e.defaultPrevented || document.querySelector('dialog[open]')) return;
      const name = nameOf(e);
      const plain = !/^(Ctrl|Alt)\+/.test(name);
      if (plain && (typing(e) || !prefs.value.keys) && name !== 'Escape') return;
      // A focused button keeps Enter and Space for itself.
      if ((name === 'Enter' || name === ' ') && (e.target as HTMLElement)?.closest?.('button,a,summary'))
        return;
      const f = current.current[name];
      if (!f) return;
      if (f(e) !== false) e.preventDefault();
    };
    addEventListener('keydown', down);
    return () => removeEventListener('keydown', down);
  }, []);
}
