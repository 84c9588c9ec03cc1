// The word for a plan must not promise more than its figures say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradeOf, poolOf, reachOf, rotationOf, short } from '../../src/state/verdict';

const cases: [string, Parameters<typeof gradeOf>[0], string][] = [
  ['every street, at the bound', { coverage_pct: 100, coverage_bound_pct: 100, gap_pct: 0.2 }, 'best'],
  ['every street, a little long', { coverage_pct: 100, coverage_bound_pct: 100, gap_pct: 3 }, 'near'],
  ['every street, twice as long', { coverage_pct: 100, coverage_bound_pct: 100, gap_pct: 80 }, 'more'],
  [
    'three cars, far below what they can',
    { coverage_pct: 56.6, coverage_bound_pct: 68.2, gap_pct: -40.2 },
    'more',
  ],
  [
    'three cars, nearly what they can',
    { coverage_pct: 67.9, coverage_bound_pct: 68.2, gap_pct: -40.2 },
    'best',
  ],
  ['streets left out that could be had', { coverage_pct: 96, coverage_bound_pct: 100, gap_pct: 0.1 }, 'fair'],
  [
    'two cars that do their part of a rotation',
    {
      coverage_pct: 38.4,
      coverage_bound_pct: 47.3,
      rotation: { shifts: 3, part_km: 174.2, done_km: 174.2 },
    } as never,
    'best',
  ],
  ['no figures', {}, 'unknown'],
];
for (const [name, figures, want] of cases) {
  test(`grade: ${name}`, () => assert.equal(gradeOf(figures), want));
}

test('what units can reach is read, and missing figures are none', () => {
  const r = reachOf({
    verdict: {
      ceiling_pct: 83,
      too_far_km: 1.5,
      shifts_at_least: 2,
      enough: [{ mode: 'car', have: 6, missing: 2 }],
    },
  });
  assert.deepEqual(r, { ceiling: 83, tooFar: 1.5, shifts: 2, enough: [{ mode: 'car', missing: 2 }] });
  assert.equal(reachOf({ coverage_pct: 3 }), null);
  assert.equal(short({ coverage_bound_pct: 83 }), true);
  assert.equal(short({ coverage_bound_pct: 100 }), false);
});

test('a rotation is told only where one shift is not enough', () => {
  assert.equal(rotationOf({ rotation: null }), null);
  const rotation = { shifts: 3, at_least: 3, part_km: 170.2, done_km: 170.2, left_km: 0 };
  assert.deepEqual(rotationOf({ rotation }), { shifts: 3, least: 3, part: 170.2, done: 170.2, left: 0 });
});

test('a pool is told only where there was a choice', () => {
  assert.equal(poolOf({ pool: null }), null);
  assert.equal(poolOf({ pool: { days: 3, plans: [{ kept: true }, { kept: false }] } }), null);
  const pool = { days: 13, alike: 0.12, chosen: 1, plans: [{ kept: true }, { kept: true }, { kept: false }] };
  assert.deepEqual(poolOf({ pool }), { plans: 2, days: 13, alike: 0.12 });
});
