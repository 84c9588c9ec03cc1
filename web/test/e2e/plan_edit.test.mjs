// Changing a plan in the browser: by keyboard and menu, by dragging, undo,
// comparing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, journey, open, settled, shot, violations } from './support/browser.mjs';
import { pickStreet, ready, shiftAhead, version } from './support/plan.mjs';

journey('changing a plan', {}, (shared) => {
  test('a street goes to another unit by menu and comes back with Ctrl Z', async () => {
    const tab = await open(shared.browser);
    const { page } = tab;
    await ready(page);
    const first = await version(page);
    await pickStreet(page);
    await page.keyboard.press('m');
    await page.locator('.units-pick button').first().click();
    await page.locator('.changed').waitFor({ timeout: 30_000 });
    assert.match(await page.locator('.changed strong').first().textContent(), /pasó a/);
    await page.waitForFunction((v) => document.querySelector('select.versions')?.value !== v, first);
    assert.deepEqual(await violations(page), []);
    await shot(page, 'plan-editado');

    await page.getByRole('button', { name: 'Comparar', exact: true }).click();
    await page.locator('.compare table tr.differs').first().waitFor({ timeout: 30_000 });
    assert.equal(await page.locator('.compare tr.differs').count(), 2);
    assert.ok((await page.locator('.handed li').count()) >= 1);
    assert.deepEqual(await violations(page), []);
    await shot(page, 'plan-comparado');
    await page.locator('.compare header button').click();

    const edited = await version(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+z');
    await page.waitForFunction((v) => document.querySelector('select.versions')?.value !== v, edited, {
      timeout: 30_000,
    });
    assert.equal(await page.locator('.changed').count(), 0);
    assert.deepEqual(tab.errors, []);
    await tab.close();
  });

  test('a street is dragged onto another round', async () => {
    const tab = await open(shared.browser, { theme: 'dark' });
    const { page } = tab;
    const rows = await ready(page);
    const from = await pickStreet(page, 1);
    await page.locator('.workcard header').dragTo(rows.nth(from === 2 ? 1 : 2));
    await page.locator('.changed').waitFor({ timeout: 30_000 });
    assert.match(await page.locator('.changed strong').first().textContent(), /pasó a/);
    assert.ok((await page.locator('.round.fresh').count()) >= 2);
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(tab.errors, []);
    await tab.close();
  });

  test('a street is dragged off the map; a round tells what it would cost before it is let go', async () => {
    const tab = await open(shared.browser, { size: 'office' });
    const { page } = tab;
    await ready(page);
    await settled(page);
    const from = await pickStreet(page, 2);
    // Where the map lets what is picked be taken.
    await page.waitForFunction(() => {
      const map = document.querySelector('.map');
      const box = map.getBoundingClientRect();
      for (let y = box.top + 10; y < box.bottom - 10; y += 5)
        for (let x = box.left + 10; x < box.right - 10; x += 5) {
          if (!map.contains(document.elementFromPoint(x, y))) continue;
          map.dispatchEvent(new MouseEvent('mousemove', { clientX: x, clientY: y }));
          if (!map.classList.contains('takeable')) continue;
          globalThis.held = { x, y };
          return true;
        }
      return false;
    });
    const held = await page.evaluate(() => globalThis.held);
    const target = page.locator('button.round').nth(from === 1 ? 0 : 1);
    const goal = await target.boundingBox();
    const first = await version(page);
    await page.mouse.move(held.x, held.y);
    await page.mouse.down();
    await page.mouse.move(held.x - 20, held.y, { steps: 4 });
    await page.mouse.move(goal.x + 60, goal.y + goal.height / 2, { steps: 4 });
    await page.mouse.move(goal.x + 64, goal.y + goal.height / 2); // over it, after having come to it
    await target.locator('.tried').waitFor();
    await page.waitForFunction(() =>
      /km|,|\./.test(document.querySelector('.round .tried')?.textContent ?? ''),
    );
    assert.equal(await version(page), first, 'hovering saves nothing');
    await shot(page, 'plan-arrastrando');
    await page.mouse.up();
    await page.locator('.changed').waitFor({ timeout: 30_000 });
    await page.waitForFunction((v) => document.querySelector('select.versions')?.value !== v, first);
    assert.equal(await page.locator('.round .tried').count(), 0);
    await page.keyboard.press('Control+z');
    await page.locator('.changed').waitFor({ state: 'detached', timeout: 30_000 });
    assert.deepEqual(tab.errors, []);
    await tab.close();
  });

  test('the browser goes back and forward through the steps; each has one thing to do', async () => {
    const tab = await open(shared.browser, { size: 'office' });
    const { page } = tab;
    await ready(page);
    for (const step of ['rol', 'pnp', 'generar', 'aprobar']) {
      await page.locator(`.steps a[href$="/${step}"]`).click();
      await page.waitForURL(new RegExp(`/${step}\\b`));
      await page.locator(`.steps a[href$="/${step}"][aria-current="step"]`).waitFor();
      await page.locator('.planhead .btn.pri').waitFor();
      assert.deepEqual(await violations(page), [], step);
    }
    await page.goBack();
    await page.locator('.needs').waitFor();
    await page.goForward();
    await page.locator('.sign').waitFor();
    await page.reload();
    await page.locator('.sign').waitFor();
    assert.deepEqual(tab.errors, []);
    await tab.close();
  });

  test('the police liaison sees the step of the police, and no crew', async () => {
    const tab = await open(shared.browser, { role: 'liaison', size: 'office' });
    const { page } = tab;
    const { shift } = await shiftAhead(page);
    await page.goto(`${base}/plan/${shift}`);
    await page.waitForURL(/\/pnp\b/);
    await page.locator('.stepbody input[type=file]').waitFor();
    assert.equal(await page.locator('.steps').count(), 0);
    await page.goto(`${base}/plan/${shift}/revisar`);
    await page.waitForURL(/\/pnp\b/);
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(tab.errors, []);
    await tab.close();
  });

  test('a locked round keeps its streets', async () => {
    const tab = await open(shared.browser, { size: 'office' });
    const { page } = tab;
    await ready(page);
    await pickStreet(page);
    const lock = page.locator('.drawer header [aria-pressed]');
    const locked = (want) =>
      page.waitForFunction(
        (v) => document.querySelector('.drawer header [aria-pressed]')?.ariaPressed === v,
        String(want),
        { timeout: 30_000 },
      );
    if ((await lock.getAttribute('aria-pressed')) === 'true') {
      await page.keyboard.press('b'); // left so by somebody else
      await locked(false);
    }
    await page.keyboard.press('b');
    await locked(true);
    assert.ok(await page.locator('.workcard button', { hasText: 'Pasar calle a' }).isDisabled());
    await page.keyboard.press('b');
    await locked(false);
    assert.deepEqual(tab.errors, []);
    await tab.close();
  });

  test('on a phone the plan can be read', async () => {
    const tab = await open(shared.browser, { size: 'phone' });
    const { page } = tab;
    const rows = await ready(page);
    await rows.first().scrollIntoViewIfNeeded();
    assert.deepEqual(await violations(page), []);
    await shot(page, 'plan-telefono');
    assert.deepEqual(tab.errors, []);
    await tab.close();
  });
});
