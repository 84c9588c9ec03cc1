// The main job in a browser: log in, watch units and coverage, plan, register.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, enter, inked, journey, login, settled, shot } from './support/browser.mjs';

const addDays = (date, n) =>
  new Date(Date.parse(`${date}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);

journey('a shift', { page: { role: '' } }, (tab) => {
  test('a wrong password is refused in words, the right one enters', async () => {
    const { page, errors } = tab;
    await page.goto(`${base}/`);
    await page.waitForURL(/\/entrar/);
    await shot(page, 'entrar');
    await page.locator('[name=username]').fill('supervisor');
    await page.locator('[name=password]').fill('no es esta');
    await page.locator('form button[type=submit]').click();
    await page.getByRole('alert').waitFor();
    // The browser itself reports the refusal (401) as an error of the console.
    assert.ok(
      errors.every((e) => e.includes('/api/v1/session')),
      errors.join('\n'),
    );
    errors.length = 0;
    await enter(page, await login('supervisor'));
    await page.waitForURL(/\/vivo/);
  });

  test('units are listed with their state in words, and one is seen to move', async () => {
    const { page } = tab;
    const rows = page.locator('.units .unit');
    await rows.first().waitFor();
    assert.match(await rows.first().textContent(), /En patrulla|Detenido|Tránsito|Sin señal|Fuera de línea/);
    await settled(page);
    const places = () =>
      page
        .locator('.units .unit')
        .evaluateAll((all) => Object.fromEntries(all.map((r) => [r.id, r.dataset.place])));
    // A shift that has just begun may not have heard its units yet.
    await page.locator('.units .unit[data-place]').first().waitFor({ timeout: 60_000 });
    const first = await places();
    await page.waitForFunction(
      (old) =>
        [...document.querySelectorAll('.units .unit')].some(
          (r) => old[r.id] && r.dataset.place && old[r.id] !== r.dataset.place,
        ),
      first,
      { timeout: 60_000 },
    );
    assert.ok((await inked(page, 2)) > 500, 'the canvas of units is empty');
  });

  test('following a unit opens its detail and its address can be shared', async () => {
    const { page } = tab;
    await page.keyboard.press('j');
    await page.locator('.detail').waitFor();
    assert.match(page.url(), /[?&]u=/);
    await page.keyboard.press('Escape');
    await page.locator('.detail').waitFor({ state: 'detached' });
  });

  test('coverage rises', async () => {
    const { page } = tab;
    await page.waitForFunction(
      () => /\d/.test(document.querySelector('.meter .val strong')?.textContent ?? ''),
      null,
      {
        timeout: 60_000,
      },
    );
    // Late in a shift the streets are all covered; then zones and stops still go on.
    const values = () => page.locator('.meter .val strong').allTextContents();
    const first = (await values()).map(Number);
    await page.waitForFunction(
      (old) =>
        [...document.querySelectorAll('.meter .val strong')].some((v, i) => Number(v.textContent) > old[i]),
      first,
      { timeout: 180_000 },
    );
    await shot(page, 'vivo');
  });

  test('every layer draws', async () => {
    const { page } = tab;
    await page.goto(`${base}/vivo?capas=unidades`);
    await settled(page);
    await page.waitForFunction(() => document.querySelectorAll('.units .unit').length > 0);
    let last = await inked(page, 0);
    for (const layers of [
      'unidades,pnp',
      'unidades,pnp,zonas',
      'unidades,pnp,zonas,rondas',
      'unidades,pnp,zonas,rondas,cobertura',
    ]) {
      await page.goto(`${base}/vivo?capas=${layers}`);
      await settled(page);
      let now = 0;
      for (let i = 0; i < 40 && now <= last; i++) {
        await page.waitForTimeout(250);
        now = await inked(page, 0);
      }
      assert.ok(now > last, `${layers}: ${now} pixels after ${last}`);
      last = now;
    }
    await shot(page, 'vivo-cobertura');
  });

  test('a plan is generated, read and approved', async () => {
    const { page } = tab;
    await page.goto(`${base}/plan`);
    await page.waitForURL(/\/plan\/\d{4}-\d\d-\d\d\/\w+/);
    const [, date, code] = /\/plan\/([\d-]+)\/(\w+)/.exec(page.url());
    await page.locator('.round').first().waitFor({ timeout: 30_000 });
    await shot(page, 'plan');
    await page.goto(`${base}/plan/${addDays(date, 1)}/${code}/generar`);
    await page.locator('.solver select').selectOption('5');
    await page.locator('.planhead .btn.pri').click();
    await page.locator('.strip.busy').waitFor();
    await page.waitForURL(/\/revisar\b/, { timeout: 120_000 });
    await page.locator('.verdict h2').waitFor();
    assert.match(
      await page.locator('.verdict h2').textContent(),
      /posible|Aceptable|calcular más|calculado/i,
    );
    await page.locator('.round').first().waitFor();
    await page.keyboard.press('j');
    await page.locator('.drawer .timetable li').first().waitFor();
    await shot(page, 'plan-ronda');
    await page.keyboard.press('Control+Enter');
    await page.waitForURL(/\/aprobar\b/);
    await page.locator('.sign .picklist li').first().waitFor();
    await page.getByRole('button', { name: 'Solo aprobar' }).click();
    await page.locator('.sign h2', { hasText: '¿Entregar el plan' }).waitFor();
  });

  test('an incident is registered in seconds', async () => {
    const { page } = tab;
    await page.goto(`${base}/ocurrencias/nueva`);
    await settled(page);
    const words = `Faltas › Prueba ${Date.now() % 100_000}`;
    await page.keyboard.type(words);
    await page.locator('.mapbox').click({ position: { x: 300, y: 260 } });
    await page.locator('.picked:not(.none)').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.waitForURL(/\/ocurrencias$/);
    await page
      .locator('.cellrow', { hasText: words.split('› ')[1] })
      .first()
      .waitFor();
    await shot(page, 'ocurrencias');
  });

  test('zones and coverage have a list that moves the map', async () => {
    const { page } = tab;
    await page.goto(`${base}/zonas`);
    await page.locator('.cellrow').first().click();
    assert.match(page.url(), /[?&]c=/);
    await shot(page, 'zonas');
    await page.goto(`${base}/cobertura`);
    await page.locator('.cells.scroll .cellrow').first().click(); // a street; above are cells
    assert.match(page.url(), /[?&]calle=/);
    await shot(page, 'cobertura');
  });

  test('nothing was logged as an error', () => {
    assert.deepEqual(tab.errors, []);
  });
});
