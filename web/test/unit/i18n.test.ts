import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import en from '../../locales/en.json';
import es from '../../locales/es.json';
import { fill } from '../../src/i18n';

const marks = (s: string) => [...s.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

function sources(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) =>
    e.isDirectory() ? sources(join(dir, e.name)) : /\.tsx?$/.test(e.name) ? [join(dir, e.name)] : [],
  );
}

test('both languages have the same keys', () => {
  assert.deepEqual(Object.keys(en).sort(), Object.keys(es).sort());
});

test('no sentence is empty, and both fill the same values', () => {
  for (const [k, v] of Object.entries(es)) {
    const other = (en as Record<string, string>)[k];
    assert.ok(v.trim() && other.trim(), k);
    assert.deepEqual(marks(v), marks(other), k);
  }
});

test('every key used in the source exists', () => {
  const known = new Set(Object.keys(es));
  for (const file of sources(join(process.cwd(), 'src'))) {
    const text = readFileSync(file, 'utf8');
    for (const [, key] of text.matchAll(/\bt\(\s*'([a-zA-Z]+\.[a-zA-Z.]+)'/g)) {
      assert.ok(known.has(key), `${file}: ${key}`);
    }
    for (const [, key] of text.matchAll(/\btn\(\s*'([a-zA-Z.]+)'/g)) {
      assert.ok(known.has(`${key}.one`) && known.has(`${key}.other`), `${file}: ${key}`);
    }
  }
});

test('words that the house does not use stay out of the Spanish', () => {
  for (const [k, v] of Object.entries(es)) {
    assert.doesNotMatch(v, /dashboard|tracking|deadhead|hotspot|elemento|usuario no válido/i, k);
  }
});

test('fill leaves unknown names readable', () => {
  assert.equal(fill('faltan {km} km de {x}', { km: '31.2' }), 'faltan 31.2 km de {x}');
});
