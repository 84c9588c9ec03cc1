import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockOf } from '../../src/views/semana';
import { niceTop, runs, sinceFirst } from '../../src/views/zonas_serie';

test('a line breaks where a value is not known', () => {
  assert.deepEqual(runs([3, 5, null, 0, null, null, 2]), [
    [
      [0, 3],
      [1, 5],
    ],
    [[3, 0]],
    [[6, 2]],
  ]);
  assert.deepEqual(runs([]), []);
  assert.deepEqual(runs([null]), []);
});

test('the axis ends at a round number that is not below the most', () => {
  const cases: [number, number][] = [
    [1, 1],
    [3, 4],
    [8, 8],
    [9, 10],
    [84, 100],
    [41, 50],
    [1234, 2000],
  ];
  for (const [most, top] of cases) assert.equal(niceTop(most), top);
});

test('two hours of which one is hidden are hidden', () => {
  assert.equal(blockOf(3, 0), 3);
  assert.equal(blockOf(null, 9), null);
  assert.equal(blockOf(9, null), null);
});

test('periods before the first incident are left out, later empty ones are not', () => {
  const p = (count: number | null, before: number | null) => ({
    start: '2026-11-02',
    count,
    before,
    year_ago: null,
    open: false,
  });
  assert.deepEqual(sinceFirst([p(0, null), p(0, null), p(4, null), p(0, 4)]), [p(4, null), p(0, 4)]);
  assert.deepEqual(sinceFirst([p(0, null)]), []);
});
