// A plan is generated, approved and handed out to the units.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, journey, violations } from '../support/browser.mjs';

journey('handing out a plan', { page: { role: 'admin' } }, (tab) => {
  test('from nothing to the devices', async () => {
    const { page } = tab;
    await page.goto(`${base}/plan`);
    const next = page.locator('.planhead .btn.pri');
    for (const step of ['rol', 'pnp']) {
      await page.waitForURL(new RegExp(`/plan/.*/${step}\\b`));
      assert.deepEqual(await violations(page), [], step);
      await next.click();
    }
    await page.waitForURL(/\/generar\b/);
    await page.locator('.solver select').selectOption('5');
    await next.click();
    await page.waitForURL(/\/revisar\b/, { timeout: 120_000 });
    await page.locator('.round').first().waitFor({ timeout: 60_000 });
    await next.click();
    await page.waitForURL(/\/aprobar\b/);
    await page.locator('.sign .picklist li').first().waitFor();
    assert.deepEqual(await violations(page), []);
    await next.click();
    const title = page.locator('.sign h2', { hasText: /Plan v\d+ entregado/ });
    await title.waitFor();
    assert.equal(await next.count(), 0);
    await page.reload();
    await title.waitFor();
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(tab.errors, []);
  });
});
