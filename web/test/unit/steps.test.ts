import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanRound } from '../../src/api/types';
import { path } from '../../src/map/geo';
import type { Streets } from '../../src/map/scene';
import {
  doneOf,
  firstStep,
  pathOf,
  type Standing,
  shiftOfPath,
  steps,
  stepsOf,
} from '../../src/state/plan_step';
import { stopBeside } from '../../src/views/plan_pick';
import { sketchShapes } from '../../src/views/shapes';

const fresh: Standing = { roster: false, police: 0, state: 'none' };

test('the address names shift and step', () => {
  for (const s of steps) {
    assert.deepEqual(shiftOfPath(pathOf('2026-11-21/noche', s).split('/').filter(Boolean)), {
      shift: '2026-11-21/noche',
      step: s,
    });
  }
  assert.deepEqual(shiftOfPath(['plan', '2026-11-21', 'noche', 'firmar']), {
    shift: '2026-11-21/noche',
    step: null,
  });
  assert.deepEqual(shiftOfPath(['plan', '2026-11-21']), { shift: '', step: null });
});

test('work goes on at the first step that is not done', () => {
  const cases: [string, Standing, string | null][] = [
    ['nothing is known', { roster: null, police: null, state: null }, null],
    ['versions are not read yet', { ...fresh, state: null }, null],
    ['the roster is not read yet', { ...fresh, roster: null }, null],
    ['nobody said who goes out', fresh, 'rol'],
    ['the roster stands', { ...fresh, roster: true }, 'generar'],
    ['there is a draft', { ...fresh, state: 'draft' }, 'revisar'],
    ['it was handed out', { ...fresh, state: 'published' }, 'revisar'],
  ];
  for (const [name, standing, want] of cases) assert.equal(firstStep('supervisor', standing), want, name);
  assert.equal(firstStep('liaison', fresh), 'pnp');
  assert.equal(firstStep('auditor', fresh), 'revisar');
  assert.equal(firstStep('crew', fresh), null);
});

test('a role has the steps that it works in', () => {
  assert.deepEqual(stepsOf('admin'), steps);
  assert.deepEqual(stepsOf('liaison'), ['pnp']);
  assert.ok(!stepsOf('operator').includes('aprobar'));
  assert.deepEqual(stepsOf(null), []);
});

test('what is done follows the plan', () => {
  const done = (s: Standing) => steps.filter((x) => doneOf(s)[x]).join(' ');
  assert.equal(done({ roster: null, police: null, state: null }), '');
  assert.equal(done({ roster: true, police: 3, state: 'none' }), 'rol pnp');
  assert.equal(done({ roster: false, police: 0, state: 'draft' }), 'rol generar');
  assert.equal(done({ roster: true, police: 1, state: 'approved' }), 'rol pnp generar revisar');
  assert.equal(done({ roster: true, police: 1, state: 'published' }), 'rol pnp generar revisar aprobar');
});

test('a stop comes one earlier, or one later by the next one coming earlier', () => {
  const leg = (seq: number, kind: string) => ({ seq, kind });
  const round = {
    unit: 'C1',
    legs: [
      leg(1, 'service'),
      leg(2, 'stop'),
      leg(3, 'service'),
      leg(4, 'break'),
      leg(5, 'fill'),
      leg(6, 'stop'),
    ],
  } as unknown as PlanRound;
  assert.deepEqual(stopBeside(round, 6, -1), { op: 'retime_stop', unit: 'C1', stop: 6, before: 4 });
  assert.deepEqual(stopBeside(round, 2, 1), { op: 'retime_stop', unit: 'C1', stop: 4, before: 2 });
  assert.equal(stopBeside(round, 2, -1), null);
  assert.equal(stopBeside(round, 6, 1), null);
  assert.equal(stopBeside(round, 3, 1), null);
});

test('what a calculation has is drawn on the streets that the page knows', () => {
  const line = path([
    [0, 0],
    [1, 0],
  ]);
  const streets = { ids: ['a', 'b'], paths: [line, line] } as unknown as Streets;
  const shapes = sketchShapes(
    [
      { number: 1, unit: 'C1', call_sign: 'Uno', segments: ['b', 'gone'] },
      { number: 18, unit: 'C2', call_sign: 'Dos', segments: [] },
    ],
    streets,
  );
  assert.deepEqual(
    shapes.map((s) => [s.number, s.hue, s.work.length]),
    [
      [1, 1, 1],
      [18, 2, 0],
    ],
  );
});
