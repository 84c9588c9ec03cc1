import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slides } from '../../src/views/evaluacion_proyector';

// Capitals are cards, small letters what stands between them.
const card = (c: string) => c === c.toUpperCase();

for (const [page, want] of [
  ['', []],
  ['abC', ['abC']],
  ['abCdEF', ['abC', 'dE', 'F']],
  ['aBcd', ['aBcd']],
  ['ab', ['ab']],
] as const)
  test(`slides of "${page}"`, () => {
    assert.deepEqual(
      slides([...page], card).map((g) => g.join('')),
      want,
    );
  });
