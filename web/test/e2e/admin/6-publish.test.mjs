// A plan is generated, approved and handed out to the units.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, journey, violations } from '../support/browser.mjs';

journey('handing out a plan', { page: { role: 'admin' } }, (tab) => {
  test('from nothing to the devices', async () => {
    const { page } = tab;
    await page.goto(`${base}/plan`);
    await page.waitForURL(/\/plan\/\d{4}-\d\d-\d\d\/[\w-]+/);
    await page.locator('.solver select').selectOption('5');
    await page.locator('.solver .btn').click();
    await page.locator('.round').first().waitFor({ timeout: 60_000 });
    await page.locator('.pagehead .btn.pri').click();
    await page.locator('dialog[open]').waitFor();
    assert.deepEqual(await violations(page), []);
    await page.locator('dialog footer .btn.pri').click();
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.locator('.pagehead .chip.ok').waitFor();
    assert.match(
      await page.locator('.versions').evaluate((v) => v.selectedOptions[0].textContent),
      /publicado/,
    );
    await page.reload();
    await page.locator('.pagehead .chip.ok').waitFor();
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(tab.errors, []);
  });
});
