// A unit, and the password of its GPS: shown once, never again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, journey, violations } from '../support/browser.mjs';

journey('units and their GPS', { page: { role: 'admin', size: 'office' } }, (tab) => {
  test('a unit is added', async () => {
    const { page } = tab;
    await page.goto(`${base}/ajustes/unidades`);
    await page.getByRole('button', { name: 'Agregar unidad' }).first().click();
    await page.locator('dialog[open]').waitFor();
    assert.deepEqual(await violations(page), []);
    await page.locator('dialog .in').first().fill('Sereno 1');
    await page.locator('dialog .in').nth(1).fill('S01');
    await page.locator('dialog footer .pri').click();
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.locator('td', { hasText: 'Sereno 1' }).waitFor();
  });

  test('its password is shown once', async () => {
    const { page } = tab;
    const secret = /[a-z2-7]{32}/;
    const shown = async () => secret.exec(await page.locator('dialog[open]').textContent())?.[0] ?? '';
    const ask = async () => {
      await page.getByRole('button', { name: /Clave del GPS.*Sereno 1/ }).click();
      await page.locator('dialog[open]').waitFor();
      await page.waitForFunction(() =>
        /[a-z2-7]{32}/.test(document.querySelector('dialog[open]')?.textContent ?? ''),
      );
      const password = await shown();
      assert.match(await page.locator('dialog[open]').textContent(), /130102\//);
      return password;
    };
    const first = await ask();
    assert.deepEqual(await violations(page), []);
    await page.locator('dialog footer .pri').click();
    await page.locator('dialog').waitFor({ state: 'detached' });
    assert.ok(!(await page.content()).includes(first), 'the password is still on the page');
    await page.reload();
    await page.locator('td', { hasText: 'Sereno 1' }).waitFor();
    assert.ok(!(await page.content()).includes(first), 'the password came back');
    const second = await ask();
    assert.notEqual(second, first);
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    assert.deepEqual(tab.errors, []);
  });
});
