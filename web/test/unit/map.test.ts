import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fleet, trailAt } from '../../src/map/fleet';
import {
  boundsOf,
  distance2,
  insideRing,
  latOf,
  lonOf,
  nearest,
  path,
  pathsOf,
  worldX,
  worldY,
} from '../../src/map/geo';
import { joinByName, shortName } from '../../src/map/names';
import { confusable, hues } from '../../src/map/palette';
import { uncovered } from '../../src/views/gaps';
import { heatLimits, levelOf } from '../../src/views/shapes';

test('projection goes there and back', () => {
  for (const [lon, lat] of [
    [-78.99, -8.08],
    [1.52, 42.5],
    [0, 0],
  ]) {
    assert.ok(Math.abs(lonOf(worldX(lon)) - lon) < 1e-9);
    assert.ok(Math.abs(latOf(worldY(lat)) - lat) < 1e-9);
  }
});

test('paths of every kind of geometry', () => {
  const ring = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 0],
  ];
  assert.equal(pathsOf({ type: 'LineString', coordinates: ring }).length, 1);
  assert.equal(pathsOf({ type: 'Polygon', coordinates: [ring, ring] }).length, 2);
  assert.equal(pathsOf({ type: 'MultiPolygon', coordinates: [[ring], [ring, ring]] }).length, 3);
  assert.equal(pathsOf({ type: 'Point', coordinates: [0, 0] }).length, 0);
  assert.equal(pathsOf(null).length, 0);
  assert.equal(boundsOf([]), null);
});

test('a point is in a ring or not', () => {
  const square = path([
    [0, 0],
    [2, 0],
    [2, 2],
    [0, 2],
    [0, 0],
  ]);
  assert.ok(insideRing(square, worldX(1), worldY(1)));
  assert.ok(!insideRing(square, worldX(3), worldY(1)));
});

test('the nearest street within a limit', () => {
  const streets = [
    path([
      [0, 0],
      [1, 0],
    ]),
    path([
      [0, 1],
      [1, 1],
    ]),
  ];
  assert.equal(nearest(streets, worldX(0.5), worldY(0.8), 0.01), 1);
  assert.equal(nearest(streets, worldX(0.5), worldY(0.5), 1e-5), -1);
  assert.equal(
    distance2(
      path([
        [0, 0],
        [0, 0],
      ]),
      worldX(0),
      worldY(0),
    ),
    0,
  );
});

test('sixteen rounds have sixteen hues, and near ones are never confusable', () => {
  const centres = Array.from({ length: 12 }, (_, i) => ({ x: i % 4, y: Math.floor(i / 4) }));
  const given = hues(centres);
  assert.equal(new Set(given).size, centres.length);
  for (let i = 1; i < given.length; i++) {
    const clash = confusable.some(
      ([a, b]) => (a === given[i] && b === given[i - 1]) || (b === given[i] && a === given[i - 1]),
    );
    assert.ok(!clash, `${given[i - 1]} beside ${given[i]}`);
  }
  assert.deepEqual(given, hues(centres));
});

test('names are abbreviated as Peruvian maps do', () => {
  assert.equal(shortName('Avenida Jaime Blanco'), 'Av. Jaime Blanco');
  assert.equal(shortName('Jirón Atahualpa'), 'Jr. Atahualpa');
  assert.equal(shortName('Prolongación Avenida A'), 'Prol. Av. A');
  assert.equal(shortName('Calle 9'), 'Ca. 9');
});

const streets = {
  ids: ['a', 'b', 'c', 'd'],
  names: ['Calle 1', 'Calle 1', 'Calle 2', ''],
  labels: ['Calle 1', 'Calle 1', 'Calle 2', 'calle entre Calle 1 y Calle 2'],
  classes: ['residential', 'residential', 'primary', 'residential'],
  metres: [100, 50, 80, 30],
  belongs: [true, true, true, false],
  paths: [
    path([
      [0, 0],
      [1, 0],
    ]),
    path([
      [2, 0],
      [1, 0],
    ]),
    path([
      [0, 1],
      [1, 1],
    ]),
    path([
      [0, 2],
      [1, 2],
    ]),
  ],
};

test('blocks of one name join into one line, the important first', () => {
  const lines = joinByName(streets);
  assert.deepEqual(
    lines.map((l) => [l.text, l.path.xy.length / 2]),
    [
      ['Ca. 2', 2],
      ['Ca. 1', 3],
    ],
  );
});

test('streets with nobody, longest first, outside the district left out', () => {
  assert.deepEqual(uncovered(streets, Uint8Array.from([0, 1, 0, 0])), [
    { name: 'Calle 1', missing: 100, total: 150, indices: [0] },
    { name: 'Calle 2', missing: 80, total: 80, indices: [2] },
  ]);
});

test('heat classes rise', () => {
  const cells = [3.4, 1, 0.2].map((expected, i) => ({
    id: `${i}`,
    rank: i,
    expected,
    count: 0,
    countYear: 0,
    harm: 0,
    low: 0,
    high: 0,
    few: false,
    hot: false,
    ring: [],
    place: '',
  }));
  const limits = heatLimits(cells);
  for (let i = 1; i < limits.length; i++) assert.ok(limits[i] > limits[i - 1], limits.join());
  assert.equal(levelOf(3.4, limits), 4);
  assert.equal(levelOf(0, limits), 0);
});

const mark = (lon: number, at: number) => ({
  id: 'A',
  label: 'A',
  lon,
  lat: 0,
  heading: null,
  state: 'patrol' as const,
  at,
});

test('a unit moves in a line to its new place and never beyond', () => {
  const f = new Fleet();
  f.update([mark(0, 0)], 0);
  f.update([mark(0.001, 1)], 1000);
  const d = f.units.get('A');
  assert.ok(d);
  f.step(1500);
  assert.ok(d.x > worldX(0) && d.x < worldX(0.001));
  assert.equal(f.step(60_000), false);
  assert.equal(d.x, worldX(0.001));
});

test('far jumps and reduced motion place at once; missing units go', () => {
  const f = new Fleet();
  f.update([mark(0, 0)], 0);
  f.update([mark(0.5, 1)], 1000);
  assert.equal(f.units.get('A')?.x, worldX(0.5));
  f.still = true;
  f.update([mark(0.5001, 2)], 2000);
  assert.equal(f.units.get('A')?.x, worldX(0.5001));
  f.update([], 3000);
  assert.equal(f.units.size, 0);
});

test('what is painted is painted again for a pixel or another look, not for nothing', () => {
  const f = new Fleet();
  f.update([mark(0, 0)], 0);
  assert.equal(f.changed, true);
  f.painted();
  assert.equal(f.changed, false);
  assert.equal(f.drift(), 0);
  f.update([mark(0.001, 1)], 1000);
  f.step(60_000);
  assert.equal(f.changed, false);
  assert.equal(f.drift(), worldX(0.001) - worldX(0));
  f.painted();
  f.update([{ ...mark(0.001, 2), state: 'stopped' as const }], 61_000);
  assert.equal(f.changed, true);
  assert.equal(f.drift(), 0);
  f.painted();
  f.update([], 62_000);
  assert.equal(f.changed, true);
});

test('a trail keeps the newest 256 points in order', () => {
  const f = new Fleet();
  for (let i = 0; i < 400; i++) f.update([mark(i / 10_000, i)], i * 1000);
  const d = f.units.get('A');
  assert.ok(d);
  assert.equal(d.trailSize, 256);
  assert.equal(trailAt(d, 255)[0], worldX(399 / 10_000));
  assert.equal(trailAt(d, 0)[0], worldX(144 / 10_000));
});
