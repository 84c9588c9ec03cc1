// The shifts of the district: two of twelve hours in place of three.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, journey, violations } from '../support/browser.mjs';

journey('shifts', { page: { role: 'admin', size: 'office' } }, (tab) => {
  test('overlapping ones are refused, two of twelve hours are set', async () => {
    const { page } = tab;
    await page.goto(`${base}/ajustes/turnos`);
    const rows = page.locator('tbody tr');
    await rows.nth(2).waitFor();
    assert.deepEqual(await violations(page), []);
    // Earliest first: mañana, tarde, noche.
    await rows.nth(1).getByRole('button').click();
    await rows.nth(0).locator('[type=time]').first().fill('07:00');
    await rows.nth(0).locator('[type=time]').last().fill('19:00');
    await rows.nth(1).locator('[type=time]').first().fill('18:00');
    await rows.nth(1).locator('[type=time]').last().fill('07:00');
    await page.locator('form button[type=submit]').click();
    await page.locator('.note.err').waitFor();
    assert.match(await page.locator('.note.err').textContent(), /«Mañana» y «Noche» se cruzan/);
    await rows.nth(0).locator('input').first().fill('Día');
    await rows.nth(1).locator('[type=time]').first().fill('20:00');
    assert.match(await page.locator('.note').first().textContent(), /19:00–20:00/);
    await rows.nth(1).locator('[type=time]').first().fill('19:00');
    const saved = page.waitForResponse(
      (r) => r.request().method() === 'PUT' && r.url().endsWith('/shift-defs'),
    );
    await page.locator('form button[type=submit]').click();
    assert.equal((await saved).status(), 200);
    await page.reload();
    await rows.nth(1).waitFor();
    assert.equal(await rows.count(), 2);
    assert.equal(await rows.nth(0).locator('input').first().inputValue(), 'Día');
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(
      tab.errors.filter((e) => !/status of 400 .*\/shift-defs\)/.test(e)),
      [],
    );
  });
});
