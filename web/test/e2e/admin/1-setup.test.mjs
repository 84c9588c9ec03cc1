// The first start: the link that the service prints makes the first administrator, once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, journey, login, open, violations } from '../support/browser.mjs';

const link = process.env.SERENAZGO_LINK;

journey('the first administrator', { needs: { SERENAZGO_LINK: link } }, (shared) => {
  test('is made by the link, and is in the district', async () => {
    const { page, errors, close } = await open(shared.browser, { role: '' });
    const { username, password } = await login('admin');
    await page.goto(base + link);
    await page.locator('h1').waitFor();
    assert.deepEqual(await violations(page), []);
    const [name, user] = await page.locator('form .in:not([type=password])').all();
    const [first, again] = await page.locator('form [type=password]').all();
    await name.fill('María Jefa');
    await user.fill(username);
    await first.fill('corta');
    await again.fill('otra');
    assert.ok(await page.locator('form button[type=submit]').isDisabled(), 'a short password is taken');
    await first.fill(password);
    await again.fill(password);
    await page.locator('form button[type=submit]').click();
    await page.waitForURL(/\/ajustes\/distrito$/);
    await page.locator('.bigfacts').waitFor();
    assert.match(await page.locator('.setcol header').textContent(), /El Porvenir.*130102/);
    assert.deepEqual(errors, []);
    await close();
  });

  test('the link works once', async () => {
    const { page, close } = await open(shared.browser, { role: '' });
    await page.goto(base + link);
    await page.locator('.note.err').waitFor();
    assert.match(await page.locator('.note.err').textContent(), /ya no sirve/);
    assert.equal(await page.locator('form .in:visible').count(), 0);
    await close();
  });
});
