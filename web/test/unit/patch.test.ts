import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Frame } from '../../src/map/frame';
import type { Path } from '../../src/map/geo';
import { boxesOf, changedStreets } from '../../src/map/patch';
import { emptyScene } from '../../src/map/scene';

const frame = {
  scale: 1,
  ox: 0,
  oy: 0,
  width: 400,
  height: 400,
  zoom: 14,
  part: { x0: 0, y0: 0, x1: 400, y1: 400 },
} as Frame;

const line = (minX: number, minY: number, maxX: number, maxY: number) =>
  ({ minX, minY, maxX, maxY, xy: Float64Array.of(minX, minY, maxX, maxY) }) as Path;

test('only a change of presence alone is told street by street', () => {
  const a = { ...emptyScene, states: Uint8Array.of(0, 1, 2) };
  assert.deepEqual(changedStreets(a, { ...a, states: Uint8Array.of(0, 3, 0) }), [1, 2]);
  assert.deepEqual(changedStreets(a, { ...a }), []);
  assert.equal(changedStreets(a, { ...a, states: Uint8Array.of(0, 1) }), null);
  assert.equal(changedStreets(a, { ...a, states: null }), null);
  assert.equal(changedStreets(a, { ...a, selectedRound: 3 }), null);
});

test('boxes reach beyond their line, meet and join, and lie on pixels of the screen', () => {
  assert.deepEqual(boxesOf(frame, [line(20.3, 20, 40, 20)], 1), [{ x0: 12, y0: 12, x1: 48, y1: 28 }]);
  assert.deepEqual(boxesOf(frame, [line(20.3, 20, 40, 20)], 2), [{ x0: 12, y0: 12, x1: 48, y1: 28 }]);
  const far = [line(20, 20, 40, 20), line(200, 200, 220, 200)];
  assert.equal(boxesOf(frame, far, 1)?.length, 2);
  // The third lies between the first two and joins all.
  const chain = [line(20, 20, 40, 20), line(80, 20, 100, 20), line(50, 20, 70, 20)];
  assert.deepEqual(boxesOf(frame, chain, 1), [{ x0: 12, y0: 12, x1: 108, y1: 28 }]);
});

test('what lies outside needs nothing; too much is drawn as a whole', () => {
  assert.deepEqual(boxesOf(frame, [line(500, 20, 600, 20)], 1), []);
  assert.equal(boxesOf(frame, [line(0, 0, 390, 390)], 1), null);
});
