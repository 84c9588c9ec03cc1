import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import * as f from '../../src/i18n/format';

const nb = '\u00a0';

beforeEach(() => f.setZone('America/Lima'));

test('numbers have comma thousands and a decimal point', () => {
  assert.equal(f.num(12345.6, 1), '12,345.6');
  assert.equal(f.num(1306), '1,306');
  assert.equal(f.num(-0), '0');
});

test('what is not known is a dash, never zero', () => {
  for (const x of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.equal(f.num(x), '—');
    assert.equal(f.pct(x), '—');
    assert.equal(f.km(x), '—');
    assert.equal(f.span(x), '—');
  }
  assert.equal(f.clock(null), '—');
  assert.equal(f.clock('nonsense'), '—');
});

test('a percentage has a no-break space', () => {
  assert.equal(f.pct(97.84), `97.8${nb}%`);
  assert.equal(f.pct(100, 0), `100${nb}%`);
});

test('days and months with their year', () => {
  assert.equal(f.date('2026-09-05'), '5 set 2026');
  assert.equal(f.date('not a date'), 'not a date');
  assert.equal(f.month('2025-12-31'), 'dic 2025');
  assert.equal(f.month('2025-13-01'), '2025-13-01');
});

test('lengths of time', () => {
  const cases: [number, string][] = [
    [0, `0${nb}s`],
    [59.4, `59${nb}s`],
    [60, `1${nb}min`],
    [48 * 60 + 30, `48${nb}min`],
    [2 * 3600 + 14 * 60, `2${nb}h${nb}14${nb}min`],
    [8 * 3600, `8${nb}h`],
    [-5, `0${nb}s`],
  ];
  for (const [s, text] of cases) assert.equal(f.span(s), text);
});

test('midnight is 00, not 24', () => {
  assert.equal(f.clock('2026-11-21T05:07:09Z'), '00:07');
  assert.equal(f.clock('2026-11-21T05:07:09Z', true), '00:07:09');
});

test('September is set, days and months have no point', () => {
  assert.equal(f.day('2026-09-05'), 'sáb 5 set');
  assert.equal(f.day('2026-11-21/noche'), 'sáb 21 nov');
});

test('the date is the district’s, not the reader’s', () => {
  assert.equal(f.dateOf('2026-11-22T03:00:00Z'), '2026-11-21');
  f.setZone('Europe/Andorra');
  assert.equal(f.dateOf('2026-11-22T03:00:00Z'), '2026-11-22');
});

test('a typed local time is an instant of the district', () => {
  assert.equal(f.fromLocalInput('2026-11-21T22:14')?.toISOString(), '2026-11-22T03:14:00.000Z');
  f.setZone('Europe/Andorra');
  assert.equal(f.fromLocalInput('2026-07-01T12:00')?.toISOString(), '2026-07-01T10:00:00.000Z');
  assert.equal(f.fromLocalInput('2026-12-01T12:00')?.toISOString(), '2026-12-01T11:00:00.000Z');
  assert.equal(f.fromLocalInput('mañana'), null);
});

test('typed times come back as typed', () => {
  for (const zone of ['America/Lima', 'Europe/Andorra', 'Asia/Kathmandu']) {
    f.setZone(zone);
    for (const text of ['2026-01-31T23:59', '2026-06-15T00:00', '2026-11-21T02:47']) {
      assert.equal(f.localInput(f.fromLocalInput(text)), text);
    }
  }
});

test('days are added over months and years', () => {
  assert.equal(f.addDays('2026-12-31', 1), '2027-01-01');
  assert.equal(f.addDays('2028-03-01', -1), '2028-02-29');
});

test('a day is valid if the calendar has it', () => {
  for (const s of ['2026-11-21', '2028-02-29']) assert.equal(f.validDay(s), true, s);
  for (const s of ['2026-99-99', '2026-02-29', '2026-11-31', '26-11-21', '2026-11-21x', '', 'noche']) {
    assert.equal(f.validDay(s), false, s);
  }
});
