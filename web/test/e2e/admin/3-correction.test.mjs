// A street that the map lacks is drawn, found, and taken away again.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { base, journey, settled, violations } from '../support/browser.mjs';

journey('corrections of streets', { page: { role: 'admin' } }, (tab) => {
  before(async () => {
    await tab.page.goto(`${base}/ajustes/calles`);
    await settled(tab.page);
  });

  test('a missing street is drawn', async () => {
    const { page } = tab;
    await page.getByRole('button', { name: 'Dibujar' }).click();
    const map = page.locator('.mapbox');
    const box = await map.boundingBox();
    await map.click({ position: { x: box.width / 2 - 60, y: box.height / 2 } });
    assert.ok(
      await page.locator('form button[type=submit]').isDisabled(),
      'a street of one point can be saved',
    );
    await map.click({ position: { x: box.width / 2 + 60, y: box.height / 2 + 40 } });
    await page.locator('form .in').first().fill('Psje. Nuevo');
    assert.deepEqual(await violations(page), []);
    await page.locator('form button[type=submit]').click();
    await page.locator('.rows li', { hasText: 'Psje. Nuevo' }).waitFor();
    assert.deepEqual(await violations(page), []);
  });

  test('it is there after a reload, and goes when it is removed', async () => {
    const { page } = tab;
    await page.reload();
    const row = page.locator('.rows li', { hasText: 'Psje. Nuevo' });
    await row.waitFor();
    await row.locator('button').last().click();
    await row.waitFor({ state: 'detached' });
    await page.reload();
    await page.locator('.empty').waitFor();
    assert.deepEqual(tab.errors, []);
  });
});
