// More of changing a plan in the browser: the order of stops, forbidden streets,
// what breaks a rule, and undoing it all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { journey, shot, violations } from './support/browser.mjs';
import { pickStreet, ready, version } from './support/plan.mjs';

const changed = (page) => page.locator('.changed');

/** undone takes the last change back and waits until the page has what is there now. */
async function undone(page) {
  const shown = await version(page);
  await changed(page).getByRole('button', { name: 'Deshacer' }).click();
  await changed(page).waitFor({ state: 'detached', timeout: 30_000 });
  await otherVersion(page, shown);
}

/** otherVersion waits until another version than v is shown. */
const otherVersion = (page, v) =>
  page.waitForFunction((was) => document.querySelector('select.versions')?.value !== was, v, {
    timeout: 60_000,
  });

/** stopsOf are the places of the stops and breaks of the round shown, in order. */
const stopsOf = (page) =>
  page
    .locator('.drawer .timetable')
    .evaluate((list) =>
      [...list.querySelectorAll('li.stop, li.break')].map(
        (li) => li.querySelector('.what strong').textContent,
      ),
    );

/** withStops shows a round that stops at two places at least, and gives its stops. */
async function withStops(page) {
  const rows = page.locator('button.round');
  for (let i = 0; i < (await rows.count()); i++) {
    const name = (await rows.nth(i).locator('.name > .ell').textContent()).trim();
    await rows.nth(i).click();
    await page.locator('.drawer', { hasText: name }).waitFor();
    const stops = await stopsOf(page);
    if (new Set(stops).size > 1 && (await page.locator('.drawer li.stop').count()) > 1) return stops;
  }
  throw new Error('no round makes two stops');
}

journey('changing a plan by hand', { page: { size: 'office' } }, (tab) => {
  test('a stop is made earlier by key and comes back by button', async () => {
    const { page } = tab;
    await ready(page);
    const before = await withStops(page);
    const first = await version(page);
    const k = before.findIndex((name, i) => i > 0 && name !== before[i - 1]);
    await page.locator('.drawer .timetable').locator('li.stop, li.break').nth(k).locator('.what').click();
    await page.locator('.workcard').waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    await changed(page).getByText('cambió de orden').waitFor({ timeout: 30_000 });
    await otherVersion(page, first);
    const after = await stopsOf(page);
    assert.deepEqual(after.toSorted(), before.toSorted(), 'every stop is still made');
    assert.deepEqual(after.slice(k - 1, k + 1), [before[k], before[k - 1]]);
    await undone(page);
    await page.waitForFunction(
      (was) =>
        [...document.querySelectorAll('.drawer .timetable :is(li.stop, li.break) .what strong')]
          .map((x) => x.textContent)
          .join('\n') === was,
      before.join('\n'),
      { timeout: 30_000 },
    );
    assert.deepEqual(tab.errors, []);
  });

  test('a street is forbidden to a unit, which is told, and allowed again', async () => {
    const { page } = tab;
    await ready(page);
    await pickStreet(page);
    const forbid = page.locator('.workcard button', { hasText: 'Prohibir a' });
    const unit = (await forbid.textContent()).replace('Prohibir a', '').trim();
    await forbid.click();
    await changed(page).getByText(`${unit} ya no pasa por`).waitFor({ timeout: 30_000 });
    const permit = page.locator('.workcard button', { hasText: `Volver a permitir: ${unit}` });
    await permit.waitFor();
    await permit.click();
    await changed(page).getByText(`${unit} puede volver a pasar por`).waitFor({ timeout: 30_000 });
    await permit.waitFor({ state: 'detached' });
    assert.deepEqual(tab.errors, []);
  });

  test('what breaks a rule is said beside the change, in the row and in the verdict', async () => {
    const { page } = tab;
    await ready(page);
    await withStops(page);
    const name = await page.locator('.drawer h2').textContent();
    const verdict = await page.locator('.verdict h2').textContent();
    // A unit cannot be at two stops at the same time.
    const stops = page.locator('.drawer .timetable li.stop');
    const when = (await stops.first().locator('time').textContent()).trim();
    for (const stop of [stops.first(), stops.last()]) {
      const shown = await version(page);
      await stop.locator('.what').click();
      await page.getByRole('button', { name: 'Cambiar hora…' }).click();
      await page.locator('dialog input[type=time]').fill(when);
      await page.getByRole('button', { name: 'Aplicar' }).click();
      await otherVersion(page, shown);
    }
    await page.locator('.changed.warned .violations li').first().waitFor({ timeout: 30_000 });
    const row = page.locator('button.round', { hasText: name });
    await row.locator('.viol').waitFor();
    assert.match(await page.locator('.verdict h2').textContent(), /con (un aviso|\d+ avisos)/);
    assert.match(await page.locator('.drawer .note').textContent(), /\S/);
    assert.deepEqual(await violations(page), []);
    await shot(page, 'plan-aviso');
    await undone(page);
    const once = await version(page);
    await page.keyboard.press('Control+z');
    await otherVersion(page, once);
    await page.waitForFunction((was) => document.querySelector('.verdict h2')?.textContent === was, verdict);
    assert.deepEqual(tab.errors, []);
  });
});
