// The projector: one block of a page to read at a time, in big letters, turned
// with the keyboard.
import { useEffect, useState } from 'preact/hooks';
import { useKeys } from '../ui/keys';

/** slides groups the blocks of a page: what stands before a card is shown with it. */
export function slides<T>(blocks: T[], isCard: (b: T) => boolean): T[][] {
  const out: T[][] = [];
  let open: T[] = [];
  for (const b of blocks) {
    open.push(b);
    if (isCard(b)) {
      out.push(open);
      open = [];
    }
  }
  const last = out[out.length - 1];
  if (open.length > 0 && last) last.push(...open);
  else if (open.length > 0) out.push(open);
  return out;
}

const blocksOf = () =>
  slides([...document.querySelectorAll<HTMLElement>('.reading > .body > .col > *')], (b) =>
    b.matches('section, .card'),
  );

/** useProjector turns the projector on and off, and its slides. */
export function useProjector(): { at: number | null; toggle: () => void; turn: (by: number) => void } {
  const [at, setAt] = useState<number | null>(null);
  const toggle = () => setAt((n) => (n === null ? 0 : null));
  const turn = (by: number) =>
    setAt((n) => (n === null ? null : Math.max(0, Math.min(n + by, blocksOf().length - 1))));
  useEffect(() => {
    const root = document.documentElement;
    if (at === null) return;
    root.dataset.projector = '';
    const show = () =>
      blocksOf().forEach((group, i) => {
        for (const b of group) b.classList.toggle('offslide', i !== at);
      });
    show();
    const column = document.querySelector('.reading > .body > .col');
    const grown = new MutationObserver(show); // what is loaded later
    if (column) grown.observe(column, { childList: true });
    return () => {
      grown.disconnect();
      delete root.dataset.projector;
      for (const b of document.querySelectorAll('.offslide')) b.classList.remove('offslide');
    };
  }, [at]);
  const on = (f: () => void) => () => (at === null ? false : f());
  useKeys({
    p: toggle,
    Escape: on(toggle),
    ArrowRight: on(() => turn(1)),
    ArrowDown: on(() => turn(1)),
    PageDown: on(() => turn(1)),
    ' ': on(() => turn(1)),
    ArrowLeft: on(() => turn(-1)),
    ArrowUp: on(() => turn(-1)),
    PageUp: on(() => turn(-1)),
  });
  return { at, toggle, turn };
}
