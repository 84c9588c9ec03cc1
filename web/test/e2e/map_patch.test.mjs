// Where the presence of streets changes, only their part of the map is drawn
// again: the picture must be the one that drawing all of it gives.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { launch } from './support/browser.mjs';

const map = join(dirname(fileURLToPath(import.meta.url)), '../../src/map');

const drawing = `
import { path } from './geo';
import { placeNames } from './names';
import { paintStatic } from './paint';
import { palette } from './palette';
import { boxesOf, changedStreets } from './patch';
import { emptyScene } from './scene';

let seed = 7;
const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
const size = 700;
const deg = (px) => -79 + px * 1e-5;
const paths = [];
for (let i = 0; i < 900; i++) {
  const x = random() * size * 2, y = random() * size * 2;
  const along = random() < 0.5;
  paths.push(path([[deg(x), -8 - y * 1e-5], [deg(x + (along ? 60 : 3)), -8 - (y + (along ? 4 : 60)) * 1e-5]]));
}
const streets = {
  ids: paths.map((_, i) => String(i)), labels: paths.map(String), metres: paths.map(() => 60), belongs: paths.map(() => true),
  names: paths.map((_, i) => (i % 3 ? '' : 'Jirón ' + (i % 40))), classes: paths.map((_, i) => (i % 5 ? 'residential' : 'primary')), paths,
};
const states = Uint8Array.from(paths, () => Math.floor(random() * 5));
const round = { number: 1, hue: 3, work: paths.slice(0, 90), again: [], transfer: [], stops: [], centre: { x: 0, y: 0 } };
const sector = { kind: 'sector', name: 'A', trust: 1, at: null, paths: [path([[deg(100), -8.001], [deg(600), -8.002], [deg(400), -8.006]])] };
const scene = { ...emptyScene, streets, states, rounds: [round], roundStyle: 'neutral', police: [sector] };

/** painted draws a scene, then changes of presence one after the other; it gives the boxes drawn for them. */
function painted(first, changes) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  const ctx = canvas.getContext('2d', { willReadFrequently: true });
  const one = paths[0];
  const scale = 60 / (one.maxX - one.minX + one.maxY - one.minY);
  const whole = { ctx, scale, ox: Math.min(...paths.map((p) => p.minX)) * scale + 300, oy: Math.min(...paths.map((p) => p.minY)) * scale + 300,
    width: size, height: size, zoom: 16, part: { x0: 0, y0: 0, x1: size, y1: size } };
  const names = placeNames(whole, streets);
  const p = palette(false);
  paintStatic(whole, first, names, p);
  let boxes = 0;
  let last = first;
  for (const next of changes) {
    const parts = boxesOf(whole, changedStreets(last, next).map((i) => paths[i]), 1);
    if (!parts) throw new Error('all of it would be drawn');
    for (const part of parts) {
      ctx.save();
      ctx.beginPath();
      ctx.rect(part.x0, part.y0, part.x1 - part.x0, part.y1 - part.y0);
      ctx.clip();
      ctx.clearRect(part.x0, part.y0, part.x1 - part.x0, part.y1 - part.y0);
      paintStatic({ ...whole, part }, next, names, p);
      ctx.restore();
    }
    boxes += parts.length;
    last = next;
  }
  ctx.globalCompositeOperation = 'destination-over'; // on white, so that colours nearly transparent weigh little
  ctx.fillStyle = '#fff';
  ctx.fillRect(0, 0, size, size);
  return { pixels: ctx.getImageData(0, 0, size, size).data, boxes, names: names.length };
}

globalThis.compare = () => {
  const scenes = [scene];
  for (let n = 0; n < 5; n++) {
    const s = scenes.at(-1).states.slice();
    for (let k = 0; k < 6; k++) s[Math.floor(random() * s.length)] = 1 + Math.floor(random() * 3);
    scenes.push({ ...scene, states: s });
  }
  const patched = painted(scenes[0], scenes.slice(1));
  const whole = painted(scenes.at(-1), []);
  const before = painted(scenes[0], []);
  const differ = (a, b) => {
    let n = 0;
    let by = 0;
    let seen = 0;
    for (let i = 0; i < a.length; i += 4) {
      const d = Math.max(...[0, 1, 2, 3].map((k) => Math.abs(a[i + k] - b[i + k])));
      if (d > 0) n++;
      if (d > 12) seen++;
      by = Math.max(by, d);
    }
    return { n, by, seen };
  };
  return { boxes: patched.boxes, names: patched.names, changed: differ(before.pixels, whole.pixels), wrong: differ(patched.pixels, whole.pixels) };
};
`;

test('a part drawn again is the picture drawn whole', async () => {
  const { outputFiles } = await esbuild.build({
    stdin: { contents: drawing, resolveDir: map, loader: 'ts' },
    bundle: true,
    write: false,
  });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: outputFiles[0].text });
    const r = await page.evaluate(() => globalThis.compare());
    assert.ok(
      r.boxes > 3 && r.names > 0 && r.changed.seen > 500,
      `the drawing tests nothing: ${JSON.stringify(r)}`,
    );
    // Edges are smoothed a little otherwise when lines are drawn together with fewer others.
    const told = JSON.stringify(r);
    assert.ok(r.wrong.by <= 48, `a pixel differs by ${r.wrong.by} of 255: ${told}`);
    assert.ok(r.wrong.seen <= r.changed.seen / 30, `${r.wrong.seen} pixels differ visibly: ${told}`);
  } finally {
    await browser.close();
  }
});
