import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeFor, gapsOf, minutesOf } from '../../src/state/shift_rules';

const shift = (start: string, end: string) => ({ code: 'x', name: 'X', start, end });

test('a shift has its hours, across midnight too', () => {
  assert.equal(minutesOf(shift('06:00', '14:30')), 510);
  assert.equal(minutesOf(shift('22:00', '06:00')), 480);
  assert.equal(minutesOf(shift('07:00', '07:00')), 1440);
  assert.equal(minutesOf(shift('', '07:00')), null);
});

test('hours without a shift', () => {
  assert.deepEqual(gapsOf([shift('06:00', '14:00'), shift('14:00', '06:00')]), []);
  assert.deepEqual(gapsOf([shift('07:00', '07:00')]), []);
  assert.deepEqual(gapsOf([shift('20:00', '04:00')]), [['04:00', '20:00']]);
  assert.deepEqual(gapsOf([shift('06:00', '10:00'), shift('12:00', '23:00')]), [
    ['10:00', '12:00'],
    ['23:00', '06:00'],
  ]);
  assert.deepEqual(gapsOf([shift('06:00', '')]), [], 'nothing is said while times are not whole');
});

test('the code of a new shift', () => {
  assert.equal(codeFor('Mañana y Día', []), 'manana-y-dia');
  assert.equal(codeFor('Noche', ['noche', 'noche-2']), 'noche-3');
  assert.equal(codeFor('¡!', []), 'turno');
  assert.match(codeFor('ñ'.repeat(40), []), /^[a-z0-9-]{1,32}$/);
});
