import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, blocks, hours, share } from '../../src/state/timeline';

const hour = 3_600_000;
const w = { start: 22 * hour, end: 30 * hour };

test('places are percentages, clipped to the window', () => {
  assert.equal(at(w, 22 * hour), 0);
  assert.equal(at(w, 26 * hour), 50);
  assert.equal(at(w, 40 * hour), 100);
  assert.equal(at(w, 0), 0);
  assert.equal(at({ start: 5, end: 5 }, 5), 0);
  assert.equal(share(w, 24 * hour), 0.25);
});

test('driving joins into bars of what it is for, a break stands between, stops lie on top', () => {
  const out = blocks(w, [
    { kind: 'service', start: 22 * hour, end: 23 * hour },
    { kind: 'deadhead', start: 23 * hour, end: 23.5 * hour },
    { kind: 'stop', start: 23.5 * hour, end: 24 * hour },
    { kind: 'fill', start: 24 * hour, end: 25 * hour },
    { kind: 'break', start: 25 * hour, end: 26 * hour },
    { kind: 'service', start: 26 * hour, end: 30 * hour },
  ]);
  assert.deepEqual(
    out.map((b) => [b.kind, b.left, b.width]),
    [
      ['patrol', 0, 25],
      ['fill', 25, 12.5],
      ['break', 37.5, 12.5],
      ['patrol', 50, 50],
      ['stop', 18.75, 6.25],
    ],
  );
});

test('a gap without a leg is a gap on the line', () => {
  const out = blocks(w, [
    { kind: 'service', start: 22 * hour, end: 23 * hour },
    { kind: 'service', start: 24 * hour, end: 25 * hour },
  ]);
  assert.equal(out.length, 2);
});

test('labels are every two hours, both ends included', () => {
  assert.deepEqual(
    hours(w).map((t) => t / hour),
    [22, 24, 26, 28, 30],
  );
  assert.deepEqual(
    hours({ start: 0, end: 3 * hour }).map((t) => t / hour),
    [0, 2],
  );
});
