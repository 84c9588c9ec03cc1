// Hours without anybody: what is unknown is no zero, and the worst sector comes first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Absence } from '../../src/api/evaluation';
import { byShare, shareAbsent } from '../../src/views/evaluacion_horas';

const week = (): number[][] => Array.from({ length: 7 }, () => Array(24).fill(0));

function area(sector: string, hours: number, nobody: number): Absence {
  const w = { hours: week(), nobody: week(), unknown: week(), cell_hours: week(), seen_cell_hours: week() };
  return { sector, cells: 4, hours, nobody, unknown: 0, police_known: 0, longest: 0, week: w };
}

test('the share of cells without anybody is told of hours that were measured', () => {
  const a = area('', 13, 0);
  const of = (day: number, hour: number, cells: number, seen: number) => {
    (a.week.cell_hours[day] as number[])[hour] = cells;
    (a.week.seen_cell_hours[day] as number[])[hour] = seen;
  };
  of(5, 3, 52, 13);
  of(6, 23, 52, 52);
  assert.equal(shareAbsent(a, 5, 3), 75);
  assert.equal(shareAbsent(a, 6, 23), 0);
  assert.equal(shareAbsent(a, 0, 0), null);
});

test('sectors stand by the share of their hours without anybody', () => {
  const all = [area('', 100, 0), area('a', 100, 4), area('b', 10, 5), area('c', 0, 0)];
  assert.deepEqual(
    byShare(all).map((a) => a.sector),
    ['b', 'a', 'c'],
  );
});
