// Numbers, dates and lengths of time as Peru writes them. ICU's es-PE is not
// enough: it prints 24:07 with hour12:false and "97.8%" without a space.
import { prefs } from '../state/prefs';

const nbsp = '\u00a0';

function locale(): string {
  return prefs.value.lang === 'en' ? 'en-GB' : 'es-PE';
}

let zone = 'America/Lima';
/** setZone tells the time zone of the district; all clock times are in it. */
export function setZone(tz: string): void {
  zone = tz;
}

// A formatter takes a millisecond to make and memory that no count of the page
// shows; lists that age by the second would make thousands a minute. Each is
// made once.
const numbers = new Map<number, Intl.NumberFormat>();
const times = new Map<string, Intl.DateTimeFormat>();

function numberFormat(decimals: number): Intl.NumberFormat {
  let f = numbers.get(decimals);
  if (!f) {
    f = new Intl.NumberFormat('es-PE', {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      useGrouping: true,
    });
    numbers.set(decimals, f);
  }
  return f;
}

const shapes = {
  date: { year: 'numeric', month: '2-digit', day: '2-digit' },
  minute: { hour: '2-digit', minute: '2-digit' },
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

/** timeFormat writes instants in the district's zone. */
function timeFormat(lang: string, shape: keyof typeof shapes): Intl.DateTimeFormat {
  const key = `${lang} ${zone} ${shape}`;
  let f = times.get(key);
  if (!f) {
    f = new Intl.DateTimeFormat(lang, { timeZone: zone, hourCycle: 'h23', ...shapes[shape] });
    times.set(key, f);
  }
  return f;
}

const known = (x: number | null | undefined): x is number => typeof x === 'number' && Number.isFinite(x);

/** num prints with comma thousands and decimal point; unknown is a dash, never 0. */
export function num(x: number | null | undefined, decimals = 0): string {
  if (!known(x)) return '—';
  return numberFormat(decimals).format(Object.is(x, -0) ? 0 : x);
}

/** pct prints "97.8 %" with a no-break space; x is already a percentage. */
export function pct(x: number | null | undefined, decimals = 1): string {
  return known(x) ? `${num(x, decimals)}${nbsp}%` : '—';
}

export function km(metres: number | null | undefined): string {
  return known(metres) ? `${num(metres / 1000, 1)}${nbsp}km` : '—';
}

export function kmh(x: number | null | undefined): string {
  return known(x) ? `${num(x)}${nbsp}km/h` : '—';
}

/** span prints a length of time: "40 s", "48 min", "2 h 14 min". */
export function span(seconds: number | null | undefined): string {
  if (!known(seconds)) return '—';
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s}${nbsp}s`;
  const min = Math.floor(s / 60);
  if (min < 60) return `${min}${nbsp}min`;
  const h = Math.floor(min / 60);
  const m = min % 60;
  return m === 0 ? `${num(h)}${nbsp}h` : `${num(h)}${nbsp}h${nbsp}${m}${nbsp}min`;
}

type When = string | number | Date | null | undefined;

function instant(x: When): Date | null {
  if (x === null || x === undefined || x === '') return null;
  const d = x instanceof Date ? x : new Date(x);
  return Number.isNaN(d.getTime()) || d.getTime() < -6e13 ? null : d;
}

/** clock prints "02:47"; with seconds "02:47:18". */
export function clock(x: When, seconds = false): string {
  const d = instant(x);
  return d ? timeFormat(locale(), seconds ? 'second' : 'minute').format(d) : '—';
}

/** months are short without ICU's "sept." and without a capital. */
const monthsES = ['ene', 'feb', 'mar', 'abr', 'may', 'jun', 'jul', 'ago', 'set', 'oct', 'nov', 'dic'];
const daysES = ['dom', 'lun', 'mar', 'mié', 'jue', 'vie', 'sáb'];
const monthsEN = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const daysEN = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** dateOf is the local date "2026-11-21" of an instant. */
export function dateOf(x: When): string {
  const d = instant(x) ?? new Date();
  return timeFormat('en-CA', 'date').format(d);
}

/** day prints a local date as "sáb 21 nov". */
export function day(date: string): string {
  const m = /^(\d{4})-(\d{2})-(\d{2})/.exec(date);
  if (!m) return date;
  const d = new Date(Date.UTC(+m[1], +m[2] - 1, +m[3]));
  const en = prefs.value.lang === 'en';
  return `${(en ? daysEN : daysES)[d.getUTCDay()]} ${d.getUTCDate()} ${(en ? monthsEN : monthsES)[d.getUTCMonth()]}`;
}

/** date prints a local date as "21 nov 2026". */
export function date(local: string): string {
  return /^\d{4}-\d{2}-\d{2}/.test(local) ? `${+local.slice(8, 10)} ${month(local)}` : local;
}

/** month prints the month of a local date as "nov 2026". */
export function month(local: string): string {
  const name = (prefs.value.lang === 'en' ? monthsEN : monthsES)[+local.slice(5, 7) - 1];
  return name ? `${name} ${local.slice(0, 4)}` : local;
}

/** dayTime prints an instant as "21 nov, 22:14", with the year if it is not this one. */
export function dayTime(x: When, seconds = false): string {
  const d = instant(x);
  if (!d) return '—';
  const date = dateOf(d);
  const en = prefs.value.lang === 'en';
  const month = (en ? monthsEN : monthsES)[+date.slice(5, 7) - 1];
  const year = date.slice(0, 4) === dateOf(new Date()).slice(0, 4) ? '' : ` ${date.slice(0, 4)}`;
  return `${+date.slice(8, 10)} ${month}${year}, ${clock(d, seconds)}`;
}

/** addDays moves a local date by n days. */
export function addDays(date: string, n: number): string {
  const d = new Date(`${date}T00:00:00Z`);
  d.setUTCDate(d.getUTCDate() + n);
  return d.toISOString().slice(0, 10);
}

/** localInput is an instant for <input type="datetime-local"> in the district's zone. */
export function localInput(x: When): string {
  const d = instant(x);
  return d ? `${dateOf(d)}T${clock(d)}` : '';
}

/** fromLocalInput reads such a field back as an instant, in the district's zone. */
export function fromLocalInput(text: string): Date | null {
  const m = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text);
  if (!m) return null;
  const wanted = Date.UTC(+m[1], +m[2] - 1, +m[3], +m[4], +m[5]);
  let guess = wanted;
  for (let i = 0; i < 2; i++) {
    const shown = localInput(guess);
    const s = Date.parse(`${shown}:00Z`);
    guess += wanted - s;
  }
  return new Date(guess);
}

/** validDay tells whether a text is a day of the calendar, as AAAA-MM-DD. */
export function validDay(s: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(s)) return false;
  const at = Date.parse(`${s}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === s;
}
