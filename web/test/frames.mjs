// How fast the live map draws: on a running service with many moving units,
//   SERENAZGO_URL=http://127.0.0.1:8080 node test/frames.mjs [seconds] [--trace]
// prints one JSON object: the milliseconds between frames, beside those of an
// empty page in the same browser (its screen's beat, which no page can go below),
// and what one frame costs the page's main thread in processor time, which does
// not depend on what else the machine does. With --trace the dearest events of
// all threads follow, in ms of processor time a frame.
import { base, launch, open, settled } from './e2e/support/browser.mjs';
import { traced } from './frames_trace.mjs';

const seconds = Number(process.argv[2] ?? 20);
const browser = await launch();
try {
  const { page } = await open(browser, { role: 'supervisor', size: 'desktop' });
  await page.goto(`${base}/favicon.svg`);
  const empty = quantiles(await frames(page, Math.min(5, seconds)));
  await page.goto(`${base}/vivo?capas=unidades,pnp,zonas,rondas,cobertura`);
  await settled(page);
  await page.locator('.units .unit[data-place]').first().waitFor();
  await page.waitForTimeout(3000); // the first pictures of all layers
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const used = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map((m) => [m.name, m.value]));
  };
  const before = await used();
  const gaps = await frames(page, seconds);
  const after = await used();
  const each = (name) => Number(((1000 * (after[name] - before[name])) / gaps.length).toFixed(2));
  console.log(
    JSON.stringify({
      units: await page.locator('.units .unit').count(),
      frames: gaps.length,
      interval_ms: quantiles(gaps),
      empty_page_interval_ms: empty,
      late_pct: Number(((100 * gaps.filter((g) => g > 25).length) / gaps.length).toFixed(2)), // a beat or more missed
      thread_ms_per_frame: each('TaskDuration'),
      script_ms_per_frame: each('ScriptDuration'),
      layout_ms_per_frame: each('LayoutDuration'),
      style_ms_per_frame: each('RecalcStyleDuration'),
      heap_mb: Number((after.JSHeapUsedSize / 1e6).toFixed(1)),
    }),
  );
  if (process.argv.includes('--trace')) {
    let n = 0;
    const dearest = await traced(browser, async () => {
      n = (await frames(page, Math.min(10, seconds))).length;
    });
    for (const [name, ms] of dearest) console.log((ms / n).toFixed(3).padStart(8), name);
  }
} finally {
  await browser.close();
}

/** frames gives the milliseconds between a page's frames. */
function frames(page, seconds) {
  return page.evaluate(
    (ms) =>
      new Promise((done) => {
        const times = [];
        const step = (now) => {
          times.push(now);
          if (now - times[0] < ms) requestAnimationFrame(step);
          else done(times.slice(1).map((t, i) => t - times[i]));
        };
        requestAnimationFrame(step);
      }),
    1000 * seconds,
  );
}

function quantiles(gaps) {
  const sorted = gaps.toSorted((a, b) => a - b);
  const at = (p) => Number(sorted[Math.ceil(p * sorted.length) - 1].toFixed(1));
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
