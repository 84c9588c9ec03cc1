// Where the browser's processor time goes while a page is drawn: a trace of all its
// processes, each thread's time given to the innermost event that ran.

const categories = [
  'toplevel',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'cc',
  'blink',
  'viz',
  'gpu',
];

/** traced records while work runs and gives [name, processor ms] of the dearest events. */
export async function traced(browser, work, most = 25) {
  const session = await browser.newBrowserCDPSession();
  const events = [];
  session.on('Tracing.dataCollected', (e) => events.push(...e.value));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: [...categories, '__metadata'] },
  });
  await work();
  const complete = new Promise((done) => session.on('Tracing.tracingComplete', done));
  await session.send('Tracing.end');
  await complete;
  return [...selfTimes(events)].sort((a, b) => b[1] - a[1]).slice(0, most);
}

/** selfTimes sums up, by thread and event, its processor time less that of the events inside. */
function selfTimes(events) {
  const threads = new Map();
  const names = new Map();
  for (const e of events) {
    const key = `${e.pid}:${e.tid}`;
    if (e.name === 'thread_name') names.set(key, e.args.name);
    if (e.ph !== 'X' || !e.tdur) continue;
    if (!threads.has(key)) threads.set(key, []);
    threads.get(key).push(e);
  }
  const sums = new Map();
  const add = (key, e, us) => {
    const name = `${names.get(key) ?? key} ${e.name}`;
    sums.set(name, (sums.get(name) ?? 0) + us / 1000);
  };
  for (const [key, list] of threads) {
    list.sort((a, b) => a.ts - b.ts || b.dur - a.dur);
    const around = [];
    for (const e of list) {
      while (around.length > 0 && around.at(-1).ts + around.at(-1).dur <= e.ts) around.pop();
      add(key, e, e.tdur);
      if (around.length > 0) add(key, around.at(-1), -e.tdur);
      around.push(e);
    }
  }
  return sums;
}
