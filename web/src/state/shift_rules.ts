// What the page knows of shifts by itself: how long they are, which hours have
// none, and the code of a new one. What may be saved, the service decides.
import type { ShiftDef } from './shifts';

const day = 24 * 60;

function minute(clock: string): number | null {
  const m = /^(\d\d):(\d\d)$/.exec(clock);
  return m ? Number(m[1]) * 60 + Number(m[2]) : null;
}

/** minutesOf is how long a shift is; one that ends when it starts has 24 hours. */
export function minutesOf(s: ShiftDef): number | null {
  const a = minute(s.start);
  const b = minute(s.end);
  return a === null || b === null ? null : b > a ? b - a : b - a + day;
}

/** gapsOf gives the hours of the day without a shift, as clock times. */
export function gapsOf(list: readonly ShiftDef[]): [string, string][] {
  const on = new Uint8Array(day);
  for (const s of list) {
    const from = minute(s.start);
    const length = minutesOf(s);
    if (from === null || length === null) return [];
    for (let k = 0; k < length; k++) on[(from + k) % day] = 1;
  }
  const out: [string, string][] = [];
  const clock = (m: number) =>
    `${String(Math.floor((m % day) / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`;
  for (let m = 0; m < day; m++) {
    if (on[m] || !on[(m + day - 1) % day]) continue; // not the first minute of a gap
    let n = 1;
    while (!on[(m + n) % day]) n++;
    out.push([clock(m), clock(m + n)]);
  }
  return out;
}

/** codeFor makes the code of a new shift out of its name, none of taken. */
export function codeFor(name: string, taken: readonly string[]): string {
  const base =
    name
      .normalize('NFD')
      .replace(/[\u0300-\u036f]/g, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 28)
      .replace(/-+$/, '') || 'turno';
  let code = base;
  for (let n = 2; taken.includes(code); n++) code = `${base}-${n}`;
  return code;
}
