import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LonLat } from '../../src/map/geo';
import {
  back,
  blank,
  done,
  formOf,
  lineOf,
  press,
  reform,
  type Sketch,
  sketchOf,
} from '../../src/state/sketch';

const zoom = 16; // a pixel is about 2.1e-5 degrees
const a: LonLat = [-79, -8];
const b: LonLat = [-78.999, -8];
const c: LonLat = [-78.999, -7.999];
const all = (s: Sketch, ...at: LonLat[]) => at.reduce((x, p) => press(x, p, zoom), s);

test('a place is where the map was pressed last', () => {
  const s = all(blank('point'), a, b);
  assert.deepEqual(lineOf(s), [b]);
  assert.equal(done(s), true);
  assert.equal(done(blank('point')), false);
});

test('a line wants two corners, an area three, and an area is closed', () => {
  assert.equal(done(all(blank('line'), a)), false);
  assert.equal(done(all(blank('line'), a, b)), true);
  assert.equal(done(all(blank('area'), a, b)), false);
  assert.deepEqual(lineOf(all(blank('area'), a, b, c)), [a, b, c, a]);
  assert.deepEqual(lineOf(all(blank('line'), a, b, c)), [a, b, c]);
  assert.deepEqual(lineOf(blank('area')), []);
});

test('a corner that is pressed is moved to where the map is pressed next', () => {
  const held = all(blank('line'), a, b, [-79.0001, -8]);
  assert.equal(held.held, 0);
  assert.equal(held.corners.length, 2);
  assert.equal(done(held), false);
  const put = press(held, c, zoom);
  assert.deepEqual(put, { form: 'line', corners: [c, b], held: -1 });
  // It may be put down beside another one.
  assert.deepEqual(press(held, b, zoom).corners, [b, b]);
  // From farther away the same press is at no corner.
  assert.equal(all(blank('line'), a, b, [-79.0009, -8]).corners.length, 3);
});

test('steps are taken back one by one', () => {
  const held = all(blank('area'), a, b, c, c);
  assert.equal(held.held, 2);
  const free = back(held);
  assert.deepEqual([free.held, free.corners.length], [-1, 3]);
  assert.deepEqual(back(free).corners, [a, b]);
  assert.deepEqual(back(blank('line')).corners, []);
});

test('another form keeps the corners that it can have', () => {
  const s = all(blank('area'), a, b, c);
  assert.deepEqual(reform(s, 'line').corners, [a, b, c]);
  assert.deepEqual(reform(s, 'point').corners, [c]);
});

test('what is drawn can be taken up again', () => {
  const area = sketchOf({ type: 'Polygon', coordinates: [[a, b, c, a]] });
  assert.deepEqual(area, { form: 'area', corners: [a, b, c], held: -1 });
  assert.deepEqual(lineOf(sketchOf({ type: 'LineString', coordinates: [a, b] }) as Sketch), [a, b]);
  assert.deepEqual(lineOf(sketchOf({ type: 'Point', coordinates: a }) as Sketch), [a]);
  assert.equal(
    sketchOf({
      type: 'Polygon',
      coordinates: [
        [a, b, c, a],
        [a, b, c, a],
      ],
    }),
    null,
  );
  assert.equal(sketchOf({ type: 'MultiPoint', coordinates: [a] }), null);
});

test('a street is drawn as a line and a lot as an area', () => {
  assert.deepEqual(['unlit', 'vacant_lot', 'bar', 'no such kind'].map(formOf), [
    'line',
    'area',
    'point',
    'point',
  ]);
});
