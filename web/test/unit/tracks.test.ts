import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeTracks, type Track } from '../../src/api/tracks';
import { latOf, lonOf } from '../../src/map/geo';
import { placeAt, silences } from '../../src/state/replay';

const origin = Date.parse('2026-11-21T03:00:00Z');

/** compact writes points [tenths, lon, lat, km/h, gap] as the service does. */
function compact(unit: string, points: [number, number, number, number, boolean][]): ArrayBuffer {
  const head = new TextEncoder().encode(
    JSON.stringify({
      origin: new Date(origin).toISOString(),
      tracks: [{ unit, fixes: 9, doubtful: 1, tolerance_m: 3, points: points.length }],
    }),
  );
  const out: number[] = [...new TextEncoder().encode('SZT1'), 0, 0, 0, 0, ...head];
  const varint = (n: number) => {
    let z = n < 0 ? -2 * n - 1 : 2 * n;
    while (z >= 128) {
      out.push((z % 128) + 128);
      z = Math.floor(z / 128);
    }
    out.push(z);
  };
  let [t, x, y] = [0, 0, 0];
  for (const [at, lon, lat, speed, gap] of points) {
    varint(gap ? -(at - t) - 1 : at - t);
    varint(Math.round(lon * 1e6) - x);
    varint(Math.round(lat * 1e6) - y);
    out.push(speed);
    [t, x, y] = [at, Math.round(lon * 1e6), Math.round(lat * 1e6)];
  }
  const bytes = new Uint8Array(out);
  new DataView(bytes.buffer).setUint32(4, head.length, true);
  return bytes.buffer;
}

const read = (): Track =>
  decodeTracks(
    compact('C01', [
      [0, -79.01, -8.08, 18, false],
      [600, -79.0, -8.08, 40, false],
      [36_000_000, -79.0, -8.09, 255, true],
    ]),
  )[0];

test('the compact form is read back', () => {
  const t = read();
  assert.equal(t.unit, 'C01');
  assert.deepEqual([...t.at], [origin, origin + 60_000, origin + 3_600_000_000]);
  assert.ok(Math.abs(lonOf(t.x[0]) + 79.01) < 1e-9 && Math.abs(latOf(t.y[2]) + 8.09) < 1e-9);
  assert.deepEqual([...t.speed], [18, 40, 255]);
  assert.deepEqual([...t.gap], [0, 0, 1]);
  assert.throws(() => decodeTracks(new ArrayBuffer(3)));
  const whole = compact('C01', [[0, -79, -8, 0, false]]);
  assert.throws(() => decodeTracks(whole.slice(0, whole.byteLength - 4)));
});

test('a unit is between its points, and nowhere in a gap', () => {
  const t = read();
  assert.equal(placeAt(t, origin - 1), null);
  const half = placeAt(t, origin + 30_000);
  assert.ok(half && Math.abs(lonOf(half.x) + 79.005) < 1e-6);
  assert.ok(half.kmh && half.kmh > 60 && half.kmh < 72, String(half.kmh));
  assert.ok(Math.abs((half.heading ?? 0) - 90) < 1e-6);
  const lost = placeAt(t, origin + 160_000);
  assert.ok(lost && lost.age === 100_000 && lost.kmh === null);
});

test('silences are where no unit is known', () => {
  const p = { from: origin - 3_600_000, to: origin + 7_200_000 };
  assert.deepEqual(silences([read()], p), [
    { from: p.from, to: origin },
    { from: origin + 60_000, to: p.to },
  ]);
  assert.deepEqual(silences([], p), [p]);
});
