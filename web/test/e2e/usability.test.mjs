// Access: keyboard, phone, themes, languages, and axe on every page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, drawn, journey, open, settled, shot, violations } from './support/browser.mjs';

const pages = [
  '/vivo',
  '/plan',
  '/zonas',
  '/cobertura',
  '/ocurrencias',
  '/ocurrencias/nueva',
  '/evaluacion',
  '/ajustes/distrito',
  '/ajustes/unidades',
  '/ajustes/turnos',
  '/ajustes/usuarios',
  '/ajustes/datos',
  '/ajustes/calles',
  '/ajustes/auditoria',
  '/ajustes/cuenta',
];

/** quiet waits until nothing is loading any more. */
async function quiet(page) {
  await page.locator('main h1').first().waitFor({ state: 'attached' });
  await page.waitForLoadState('load');
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
}

journey('access', {}, (shared) => {
  for (const theme of ['light', 'dark']) {
    test(`axe finds nothing on any page, ${theme}`, async () => {
      const tab = await open(shared.browser, { role: 'admin', theme, size: 'office' });
      const found = [];
      for (const path of pages) {
        await tab.page.goto(base + path);
        await quiet(tab.page);
        for (const v of await violations(tab.page, theme)) found.push(`${path}: ${v}`);
      }
      const layers = ['/hotcells', '/police'].map((end) =>
        tab.page.waitForResponse((r) => new URL(r.url()).pathname.endsWith(end)),
      );
      await tab.page.goto(`${base}/vivo`);
      await settled(tab.page);
      await Promise.all(layers); // cells and police arrive after the streets
      await drawn(tab.page, 0);
      await shot(tab.page, theme === 'dark' ? 'vivo-oscuro' : 'vivo-claro');
      assert.deepEqual(tab.errors, []);
      await tab.close();
      assert.deepEqual(found, []);
    });

    test(`axe finds nothing before the login, ${theme}`, async () => {
      const tab = await open(shared.browser, { role: '', theme });
      const found = [];
      for (const path of ['/entrar', '/configurar?token=x', '/configurar']) {
        await tab.page.goto(base + path);
        await tab.page.locator('h1').waitFor();
        for (const v of await violations(tab.page, theme)) found.push(`${path}: ${v}`);
      }
      await tab.close();
      assert.deepEqual(found, []);
    });
  }

  test('T switches to dark and back, and the choice is kept', async () => {
    const { page, close } = await open(shared.browser);
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    await page.locator('.unit').first().waitFor();
    assert.equal(await theme(), 'light');
    await page.keyboard.press('t');
    assert.equal(await theme(), 'dark');
    await page.reload();
    await page.locator('.shiftbar').waitFor();
    assert.equal(await theme(), 'dark');
    await close();
  });

  test('places, help and search by keyboard alone', async () => {
    const { page, close } = await open(shared.browser);
    await page.locator('.unit').first().waitFor();
    for (const [key, path] of [
      ['p', /\/plan/],
      ['z', /\/zonas/],
      ['b', /\/cobertura/],
      ['o', /\/ocurrencias/],
      ['v', /\/vivo/],
    ]) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.waitForURL(path);
    }
    await page.keyboard.press('?');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.locator('input[type=search]').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('zzz no existe');
    await page.locator('.units .empty').waitFor();
    await close();
  });

  test('tabbing begins with the way to the content and reaches the list', async () => {
    const { page, close } = await open(shared.browser);
    await page.goto(`${base}/vivo`);
    await page.locator('.unit').first().waitFor();
    const seen = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      seen.push(await page.evaluate(() => document.activeElement?.className ?? ''));
    }
    assert.equal(seen[0], 'skip');
    assert.ok(
      seen.some((c) => c.split(' ').includes('unit')),
      seen.join(', '),
    );
    await close();
  });

  test('the page speaks English when asked', async () => {
    const { page, close } = await open(shared.browser);
    await page.locator('.usermenu > .btn').click();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('link', { name: 'Coverage' }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
    await close();
  });

  test('on a phone nothing is wider than the screen, and the list opens over the map', async () => {
    const { page, errors, close } = await open(shared.browser, { role: 'admin', size: 'phone' });
    for (const path of pages) {
      await page.goto(base + path);
      await quiet(page);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${path} is ${over} px too wide`);
    }
    await page.goto(`${base}/vivo`);
    await page.locator('.unit').first().waitFor();
    await settled(page);
    await shot(page, 'telefono');
    const before = (await page.locator('.side').boundingBox()).height;
    await page.locator('.grip').click();
    await page.waitForFunction(
      (h) => document.querySelector('.side').getBoundingClientRect().height > h + 40,
      before,
    );
    assert.deepEqual(errors, []);
    await close();
  });

  test('an expired session comes back to where one was', async () => {
    const { page, close } = await open(shared.browser);
    await page.goto(`${base}/zonas`);
    await page.locator('.pagehead').waitFor();
    await page.context().clearCookies();
    await page.goto(`${base}/cobertura?x=1`);
    await page.waitForURL(/\/entrar\?volver=%2Fcobertura%3Fx%3D1/);
    await close();
  });
});
