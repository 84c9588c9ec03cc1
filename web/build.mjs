// Bundles the page into dist/ with hashed names, and the unit tests into test/out/.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');

const page = {
  absWorkingDir: root,
  entryPoints: { main: 'src/main.tsx', boot: 'src/boot.ts', style: 'src/styles/index.css' },
  outdir: 'dist/assets',
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  publicPath: '/assets',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: ['es2022', 'chrome109', 'firefox115', 'safari16'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.svg': 'file', '.png': 'file' },
  minify: true,
  metafile: true,
  legalComments: 'linked',
  logLevel: 'warning',
};

/** clean empties dist but keeps .gitkeep, without which a fresh clone does not compile. */
async function clean() {
  await mkdir(dist, { recursive: true });
  for (const name of await readdir(dist)) {
    if (name !== '.gitkeep') await rm(join(dist, name), { recursive: true, force: true });
  }
}

/** outputOf finds the hashed file made from an entry point. */
function outputOf(meta, entry, ext) {
  const hit = Object.entries(meta.outputs).find(([f, o]) => o.entryPoint === entry && f.endsWith(ext));
  if (!hit) throw new Error(`no ${ext} output for ${entry}`);
  return hit[0];
}

async function writeIndex(meta) {
  let html = await readFile(join(root, 'src/index.html'), 'utf8');
  for (const [mark, entry, ext] of [
    ['%MAIN%', 'src/main.tsx', '.js'],
    ['%BOOT%', 'src/boot.ts', '.js'],
    ['%STYLE%', 'src/styles/index.css', '.css'],
  ]) {
    html = html.replaceAll(mark, `/assets/${basename(outputOf(meta, entry, ext))}`);
  }
  await writeFile(join(dist, 'index.html'), html);
  const icon = await readFile(join(root, 'src/favicon.svg'));
  await writeFile(join(dist, 'favicon.svg'), icon);
}

/** entrySize adds up, gzipped, what the browser must load before the first view. */
async function entrySize(meta) {
  const seen = new Set();
  const walk = (file) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const i of meta.outputs[file]?.imports ?? []) if (i.kind === 'import-statement') walk(i.path);
  };
  walk(outputOf(meta, 'src/main.tsx', '.js'));
  walk(outputOf(meta, 'src/boot.ts', '.js'));
  walk(outputOf(meta, 'src/styles/index.css', '.css'));
  let bytes = 0;
  for (const f of seen) bytes += gzipSync(await readFile(join(root, f))).length;
  return bytes;
}

async function buildPage() {
  await clean();
  const { metafile } = await esbuild.build(page);
  await writeIndex(metafile);
  const kb = (await entrySize(metafile)) / 1024;
  console.log(`dist: entry ${kb.toFixed(1)} KB gzip, ${Object.keys(metafile.outputs).length} files`);
  if (kb > 150)
    throw new Error(`the entry is ${kb.toFixed(1)} KB gzip; the limit is 150 KB: load a view lazily`);
}

async function buildTests() {
  const dir = join(root, 'test/unit');
  await rm(join(root, 'test/out'), { recursive: true, force: true });
  const files = (await readdir(dir)).filter((f) => f.endsWith('.test.ts'));
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: files.map((f) => `test/unit/${f}`),
    outdir: 'test/out',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  });
}

const args = new Set(process.argv.slice(2));
if (args.has('--tests')) {
  await buildTests();
} else if (args.has('--watch')) {
  await clean();
  const ctx = await esbuild.context({
    ...page,
    minify: false,
    sourcemap: true,
    plugins: [{ name: 'index', setup: (b) => b.onEnd((r) => r.metafile && writeIndex(r.metafile)) }],
  });
  await ctx.watch();
} else {
  await buildPage();
}
