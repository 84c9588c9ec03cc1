// What the browser tests share: one Chromium, logins, collected console errors.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, describe } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const base = (process.env.SERENAZGO_URL ?? '').replace(/\/$/, '');
export const shotsDir = join(dirname(fileURLToPath(import.meta.url)), '../../../../docs/images');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const programs = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

export async function launch() {
  const executablePath = programs.find((p) => p && existsSync(p));
  if (!executablePath)
    throw new Error('no Chromium: install it (Debian: apt-get install chromium) or name it in CHROMIUM');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** login gives user and password of a role: from SERENAZGO_<ROLE>="user:password", else of the demonstration. */
export async function login(role) {
  const set = process.env[`SERENAZGO_${role.toUpperCase()}`];
  if (set) {
    const [username, ...rest] = set.split(':');
    return { username, password: rest.join(':') };
  }
  const info = await (await fetch(`${base}/api/v1/public`)).json();
  const hit = info.logins.find((l) => l.role === role);
  if (!hit) throw new Error(`no login for ${role}: set SERENAZGO_${role.toUpperCase()}="user:password"`);
  return hit;
}

export const sizes = {
  desktop: { width: 1440, height: 900 },
  office: { width: 1366, height: 768 },
  phone: { width: 390, height: 844 },
};

/** open gives a page in a context of its own, logged in as a role unless role is empty. */
export async function open(browser, { role = 'supervisor', size = 'desktop', theme = 'light' } = {}) {
  const context = await browser.newContext({
    viewport: sizes[size],
    locale: 'es-PE',
    hasTouch: size === 'phone',
    isMobile: size === 'phone',
  });
  await context.addInitScript((t) => {
    if (!localStorage.getItem('serenazgo.prefs'))
      localStorage.setItem('serenazgo.prefs', JSON.stringify({ theme: t }));
  }, theme);
  const page = await context.newPage();
  const errors = [];
  page.on('console', (m) => {
    if (m.type() === 'error') errors.push(`${m.text()} (${m.location().url})`);
  });
  page.on('pageerror', (e) => errors.push(String(e)));
  if (role) {
    await page.goto(`${base}/entrar`);
    await enter(page, await login(role));
  }
  return { page, errors, close: () => context.close() };
}

/**
 * journey describes tests that share one browser and, if page is given, one
 * tab: its page, errors and close, which are there once the tests run. It is
 * skipped where the service, or a setting that it needs, is not named.
 */
export function journey(name, { needs = {}, page }, tests) {
  const absent = Object.entries({ SERENAZGO_URL: base, ...needs }).find(([, value]) => !value)?.[0];
  describe(name, { skip: absent ? `${absent} is not set` : false }, () => {
    const tab = {};
    before(async () => {
      tab.browser = await launch();
      if (page) Object.assign(tab, await open(tab.browser, page));
    });
    after(async () => {
      await tab.browser?.close();
    });
    tests(tab);
  });
}

export async function enter(page, { username, password }) {
  await page.locator('[name=username]').fill(username);
  await page.locator('[name=password]').fill(password);
  await page.locator('form button[type=submit]').click();
  await page.waitForURL((u) => !u.pathname.startsWith('/entrar'));
}

/** settled waits until the map has drawn its streets. */
export async function settled(page) {
  await page.locator('.map canvas.leaflet-tile').first().waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.querySelectorAll('.map .leaflet-tile-loaded').length > 2);
}

/** inked counts the drawn pixels of one of the map's canvases: 0 static, 1 trails, 2 units. */
export function inked(page, sheet) {
  return page.evaluate((i) => {
    const c = document.querySelectorAll('.leaflet-serenazgo-pane canvas')[i];
    if (!c?.width) return 0;
    const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height);
    let n = 0;
    for (let k = 3; k < data.length; k += 4) if (data[k] > 0) n++;
    return n;
  }, sheet);
}

/** drawn waits until one of the map's canvases shows something, and the same two frames later. */
export async function drawn(page, sheet) {
  let last = 0;
  for (let ink = await inked(page, sheet); ink === 0 || ink !== last; ink = await inked(page, sheet)) {
    last = ink;
    await page.evaluate(() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go))));
  }
}

/** rules is what axe holds a page against; in the dark only colours are others. */
const rules = {
  light: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  dark: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
};

/** violations are what axe finds on the page as it stands. */
export async function violations(page, theme = 'light') {
  // The page's policy forbids foreign scripts; evaluate is the debugger's door.
  await page.evaluate(axeSource);
  const found = await page.evaluate((runOnly) => globalThis.axe.run(document, { runOnly }), rules[theme]);
  return found.violations.map(
    (v) =>
      `${v.id}: ${v.nodes
        .map((n) => n.target.join(' '))
        .slice(0, 4)
        .join(' | ')} — ${v.nodes[0]?.failureSummary ?? ''}`,
  );
}

export async function shot(page, name) {
  if (!process.env.SERENAZGO_SHOTS) return;
  mkdirSync(shotsDir, { recursive: true });
  await page.screenshot({ path: join(shotsDir, `${name}.png`) });
}
