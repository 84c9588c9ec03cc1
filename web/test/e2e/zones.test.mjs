// Zonas in the browser: the worst cells and why, and a street without light that
// is drawn, named and taken away again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, journey, settled, violations } from './support/browser.mjs';

journey('zonas', { page: { size: 'office' } }, (tab) => {
  test('the worst cells say why they are expected to have incidents', async () => {
    const { page } = tab;
    await page.goto(`${base}/zonas`);
    const rows = page.locator('.cellrow');
    await rows.first().waitFor();
    const ranks = await rows.locator('.rank').allTextContents();
    assert.deepEqual(
      ranks,
      ranks.map((_, i) => String(i + 1)),
    );
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const second = rows.nth(1);
    await page.waitForFunction(
      () => document.querySelectorAll('.cellrow')[1]?.getAttribute('aria-pressed') === 'true',
    );
    const name = await second.locator('strong').first().textContent();
    const why = page.locator('.cellwhy');
    await why.getByRole('heading', { name }).waitFor();
    const shares = why.locator('.whys .num');
    await shares.first().waitFor();
    const sum = (await shares.allTextContents()).reduce((s, x) => s + Number.parseFloat(x), 0);
    assert.ok(sum > 80 && sum < 105, `the reasons add up to ${sum} %`);
    await why.locator('.week, table').first().waitFor();
    assert.deepEqual(await violations(page), []);
  });

  test('a street without light is drawn, named and taken away', async () => {
    const { page } = tab;
    await page.goto(`${base}/zonas?vista=riesgo`);
    const title = page.getByRole('heading', { name: /^Factores de riesgo/ });
    await title.waitFor();
    await settled(page);
    const before = await title.textContent();
    const drawing = page.locator('section.card', { has: page.getByLabel('Tipo de factor') });
    await page.getByRole('button', { name: 'Dibujar un factor' }).click();
    await drawing.getByLabel('Tipo de factor').selectOption('unlit');
    await drawing.getByLabel('Nombre (opcional)').fill('Pasaje de la prueba');
    const box = await page.locator('.mapbox').boundingBox();
    const at = (right, down) =>
      page.mouse.click(box.x + box.width / 2 + right, box.y + box.height / 2 + down);
    const bar = page.locator('.sketchbar');
    const save = bar.getByRole('button', { name: 'Guardar' });
    await at(-60, 0);
    await bar.getByRole('button', { name: 'Quitar el último' }).waitFor();
    assert.equal(await save.isDisabled(), true, 'one point is no street');
    await at(60, 30);
    await page.waitForFunction(() => !document.querySelector('.sketchbar .pri').disabled);
    assert.deepEqual(await violations(page), []);
    await save.click();
    await bar.waitFor({ state: 'detached' });
    await page.getByText('Ver los factores').click();
    const row = page.locator('.factors li', { hasText: 'Pasaje de la prueba' });
    await row.waitFor();
    assert.notEqual(await title.textContent(), before);

    await row.getByRole('button', { name: /^Editar/ }).click();
    await drawing.getByLabel('Nombre (opcional)').fill('Pasaje ya con luz');
    await page.keyboard.press('Enter');
    await bar.waitFor({ state: 'detached' });
    const renamed = page.locator('.factors li', { hasText: 'Pasaje ya con luz' });
    await renamed.waitFor();
    assert.equal(await row.count(), 0);

    await renamed.getByRole('button', { name: /^Quitar/ }).click();
    assert.equal(await renamed.count(), 1, 'it went without a question');
    await renamed.getByRole('button', { name: /Pulse otra vez/ }).click();
    await renamed.waitFor({ state: 'detached' });
    await page.waitForFunction(
      (was) => [...document.querySelectorAll('h2')].some((h) => h.textContent === was),
      before,
    );
  });

  test('nothing was logged as an error', () => {
    assert.deepEqual(tab.errors, []);
  });
});
