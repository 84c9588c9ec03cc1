// Arithmetic of a shift's time line: where an instant lies, in percent, and
// which hours to write below.

export interface Window {
  start: number; // ms
  end: number;
}

/** at is the place of an instant in a window, 0..100, clipped. */
export function at(w: Window, t: number): number {
  if (w.end <= w.start) return 0;
  return Math.max(0, Math.min(100, ((t - w.start) / (w.end - w.start)) * 100));
}

export interface Block {
  left: number; // percent
  width: number;
  kind: string;
}

interface Piece {
  kind: string;
  start: number;
  end: number;
}

/** blocks joins the pieces of a round into bars: patrol (streets visited first), fill (the second tour),
 * stop marks on them and breaks between them. */
export function blocks(w: Window, pieces: readonly Piece[], joinMs = 90_000): Block[] {
  const out: Block[] = [];
  let open: Piece | null = null;
  const close = () => {
    if (!open) return;
    const left = at(w, open.start);
    out.push({ left, width: Math.max(0.4, at(w, open.end) - left), kind: open.kind });
    open = null;
  };
  for (const p of pieces) {
    if (p.kind === 'break') {
      close();
      const left = at(w, p.start);
      out.push({ left, width: Math.max(0.8, at(w, p.end) - left), kind: 'break' });
      continue;
    }
    const kind = p.kind === 'stop' ? 'stop' : p.kind === 'fill' ? 'fill' : 'patrol';
    if (kind === 'stop') {
      // A stop is a mark on the bar, which goes on below it.
      const left = at(w, p.start);
      out.push({ left, width: Math.max(0.8, at(w, p.end) - left), kind: 'stop' });
    }
    const last = open as Piece | null;
    if (last && p.start - last.end <= joinMs && (kind === 'stop' || kind === last.kind))
      last.end = Math.max(last.end, p.end);
    else {
      close();
      open = { kind: kind === 'stop' ? (last?.kind ?? 'patrol') : kind, start: p.start, end: p.end };
    }
  }
  close();
  // Bars first, so that stop marks are painted over them.
  return out.sort((a, b) => Number(a.kind === 'stop') - Number(b.kind === 'stop') || a.left - b.left);
}

/** hours are the instants at which a label is written: every n hours from the start. */
export function hours(w: Window, n = 2): number[] {
  const out: number[] = [];
  for (let t = w.start; t <= w.end; t += n * 3_600_000) out.push(t);
  return out;
}

/** share is how much of a window has passed, 0..1. */
export function share(w: Window, t: number): number {
  return at(w, t) / 100;
}
