// How fast the live map draws: on a running service with many moving units,
//   SERENAZGO_URL=http://127.0.0.1:8080 node test/frames.mjs [seconds]
// prints one JSON object: the milliseconds between frames, and what one frame
// costs the page's main thread in processor time, which does not depend on what
// else the machine does.
import { base, launch, open, settled } from './e2e/support/browser.mjs';

const seconds = Number(process.argv[2] ?? 20);
const browser = await launch();
try {
  const { page } = await open(browser, { role: 'supervisor', size: 'desktop' });
  await page.goto(`${base}/vivo?capas=unidades,pnp,zonas,rondas,cobertura`);
  await settled(page);
  await page.locator('.units .unit[data-place]').first().waitFor();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const used = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map((m) => [m.name, m.value]));
  };
  const before = await used();
  const gaps = await page.evaluate(
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
  const after = await used();
  const sorted = gaps.toSorted((a, b) => a - b);
  const quantile = (p) => Number(sorted[Math.ceil(p * sorted.length) - 1].toFixed(1));
  const each = (name) => Number(((1000 * (after[name] - before[name])) / gaps.length).toFixed(2));
  console.log(
    JSON.stringify({
      units: await page.locator('.units .unit').count(),
      frames: gaps.length,
      interval_p50_ms: quantile(0.5),
      interval_p95_ms: quantile(0.95),
      interval_max_ms: quantile(1),
      thread_ms_per_frame: each('TaskDuration'),
      script_ms_per_frame: each('ScriptDuration'),
      layout_ms_per_frame: each('LayoutDuration'),
    }),
  );
} finally {
  await browser.close();
}
