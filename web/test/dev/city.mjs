// A made-up district for development: a street grid, or the files of a folder
// named by SERENAZGO_FIXTURE (segments.json, boundary.geojson, police.geojson).
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** random is a seeded generator (mulberry32), so that each start shows the same. */
export function random(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function grid() {
  const rand = random(7);
  const lon = -79;
  const lat = -8.09;
  const step = 0.001;
  const n = 28;
  const at = (i, j) => [
    lon + i * step + 0.00012 * Math.sin(j / 3),
    lat + j * step * 0.95 + 0.0001 * Math.sin(i / 4),
  ];
  const segments = [];
  const add = (a, b, name, cls) => {
    if (rand() < 0.08 && cls === 'residential') return;
    const metres = 111_000 * Math.hypot(b[0] - a[0], b[1] - a[1]);
    segments.push({
      id: `${segments.length}`,
      label: name,
      name,
      class: cls,
      metres,
      belongs: true,
      line: [...a, ...b],
    });
  };
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const big = j % 9 === 4;
      const tall = i % 9 === 4;
      if (i + 1 < n)
        add(at(i, j), at(i + 1, j), big ? `Avenida ${j}` : `Jirón ${j}`, big ? 'secondary' : 'residential');
      if (j + 1 < n)
        add(
          at(i, j),
          at(i, j + 1),
          tall ? `Prolongación ${i}` : `Calle ${i}`,
          tall ? 'tertiary' : 'residential',
        );
    }
  }
  const ring = [at(-1, -1), at(n, -1), at(n, n), at(-1, n), at(-1, -1)];
  const boundary = { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [ring] } };
  return { segments, boundary, police: [] };
}

function folder(dir) {
  const json = (name) => JSON.parse(readFileSync(join(dir, name), 'utf8'));
  const boundary = json('boundary.geojson');
  return {
    segments: json('segments.json').segments,
    boundary: boundary.features ? boundary.features[0] : boundary,
    police: existsSync(join(dir, 'police.geojson')) ? json('police.geojson').features : [],
  };
}

/** city gives the streets with lines as points, the boundary and its box. */
export function city() {
  const dir = process.env.SERENAZGO_FIXTURE;
  const { segments, boundary, police } = dir ? folder(dir) : grid();
  for (const s of segments) {
    s.points = [];
    for (let i = 0; i < s.line.length; i += 2) s.points.push([s.line[i], s.line[i + 1]]);
  }
  const box = [180, 90, -180, -90];
  for (const s of segments) {
    if (!s.belongs) continue;
    for (const [x, y] of s.points) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return { segments, boundary, police, bounds: box };
}

/** walks splits the streets among n units by angle and walks each share. */
export function walks(segments, n, bounds) {
  const cx = (bounds[0] + bounds[2]) / 2;
  const cy = (bounds[1] + bounds[3]) / 2;
  const shares = Array.from({ length: n }, () => []);
  for (const s of segments) {
    if (!s.belongs) continue;
    const [x, y] = s.points[0];
    const a = (Math.atan2(y - cy, x - cx) + Math.PI) / (2 * Math.PI);
    shares[Math.min(n - 1, Math.floor(a * n))].push(s);
  }
  const rand = random(3);
  return shares.map((share) => {
    const left = new Set(share.slice(0, 260));
    const out = [];
    let here = share[Math.floor(rand() * share.length)]?.points[0] ?? [cx, cy];
    while (left.size > 0) {
      let best = null;
      let turn = false;
      let far = Infinity;
      for (const s of left) {
        const a = Math.hypot(s.points[0][0] - here[0], s.points[0][1] - here[1]);
        const z = s.points[s.points.length - 1];
        const b = Math.hypot(z[0] - here[0], z[1] - here[1]);
        if (Math.min(a, b) < far) {
          far = Math.min(a, b);
          best = s;
          turn = b < a;
        }
      }
      left.delete(best);
      const line = turn ? [...best.points].reverse() : best.points;
      out.push({ segment: best, line, jump: far > 1e-6 ? [here, line[0]] : null });
      here = line[line.length - 1];
    }
    return out;
  });
}
