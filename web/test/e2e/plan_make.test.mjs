// Making plans in the browser: the calculation stopped early and gone on with,
// another shift, and the shift under way made anew from En vivo.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, journey, shot, violations } from './support/browser.mjs';
import { ready, shiftAhead, version } from './support/plan.mjs';

/** stopped waits until the calculation has a plan, ends it, and waits for the version after v. */
async function stopped(page, v) {
  await page.locator('.strip.busy .hint', { hasText: 'ronda más larga' }).waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Detener y usar este' }).first().click();
  await page.waitForFunction((old) => Number(document.querySelector('select.versions')?.value) > old, v, {
    timeout: 120_000,
  });
  await page.locator('button.round').first().waitFor();
  await page.locator('.strip.busy').waitFor({ state: 'detached' });
}

/**
 * askedAbout asks from En vivo what would change if a unit fell out, and gives
 * the version that it would change. A shift may end meanwhile: then it asks about
 * the next one.
 */
async function askedAbout({ page, errors }) {
  for (let turn = 0; turn < 3; turn++) {
    await page.goto(`${base}/vivo`);
    const rows = page.locator('.units .unit');
    await rows.first().waitFor();
    const link = page.locator('.detail a[href*="evento=unit_lost"]');
    for (let i = 0; i < (await rows.count()) && (await link.count()) === 0; i++) {
      await page.keyboard.press('j');
      await page.locator('.detail').waitFor();
    }
    const unit = new URL(await link.getAttribute('href'), base).searchParams.get('unidad');
    await link.click();
    const dialog = page.locator('dialog[open]');
    await dialog.waitFor();
    assert.equal(await dialog.locator('select').first().inputValue(), unit);
    const shown = await version(page);
    await dialog.getByRole('button', { name: 'Ver qué cambia' }).click();
    const answer = dialog.locator('.note').first();
    await answer.waitFor({ timeout: 30_000 });
    if (/Cambian? \d+ ronda/.test(await answer.textContent())) return shown;
    assert.match(await answer.textContent(), /no está en curso/);
    errors.length = 0; // the refusal is one for the browser
  }
  throw new Error('three shifts ended, one after the other');
}

journey('making a plan', { page: { size: 'office' } }, (tab) => {
  test('a calculation is stopped early with what it has, and gone on with for longer', async () => {
    const { page } = tab;
    await ready(page);
    const first = Number(await version(page));
    await page.locator('.solver select').selectOption('180');
    await page.getByRole('button', { name: 'Calcular 180 s más' }).click();
    await page.locator('.strip.busy').waitFor();
    await stopped(page, first);
    // From the step that generates, too: the same button, the same terms.
    await page.locator('.steps a[href$="/generar"]').click();
    await page.locator('.solver select').selectOption('60');
    await page.locator('.planhead .btn.pri').click();
    await page.locator('.strip.busy.tall').waitFor();
    assert.deepEqual(await violations(page), []);
    await shot(page, 'plan-generar');
    await stopped(page, first + 1);
    assert.match(page.url(), /\/revisar\b/);
    assert.deepEqual(tab.errors, []);
  });

  test('another shift never shows the police of the one before', async () => {
    const { page } = tab;
    const { shift } = await shiftAhead(page);
    await page.goto(`${base}/plan/${shift}/pnp`);
    await page.locator('.stepbody h2').waitFor();
    let letGo = () => {};
    const held = new Promise((go) => {
      letGo = go;
    });
    const asked = page.waitForRequest((r) => new URL(r.url()).pathname.endsWith('/police'));
    await page.route('**/police?*', async (route) => {
      await held;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Día siguiente' }).click();
    await asked;
    await page.waitForFunction((was) => !location.pathname.includes(was), shift);
    assert.equal(await page.locator('.stepbody h2').count(), 0, 'nothing is known of this shift yet');
    letGo();
    await page.locator('.stepbody h2').waitFor();
    await page.unroute('**/police?*');
    assert.deepEqual(tab.errors, []);
  });

  test('a unit that falls out is replanned from En vivo, after a look at what would change', async () => {
    const { page } = tab;
    const dialog = page.locator('dialog[open]');
    const looked = await askedAbout(tab);
    await shot(page, 'plan-replanificar');
    assert.deepEqual(await violations(page), []);
    assert.equal(await version(page), looked, 'a look saves nothing');
    await dialog.getByRole('button', { name: 'Cancelar' }).click();
    await dialog.waitFor({ state: 'detached' });

    const before = await askedAbout(tab);
    await dialog.getByRole('button', { name: 'Crear versión' }).click();
    await page.locator('.changed').getByText('Plan rehecho').waitFor({ timeout: 30_000 });
    await page.waitForFunction((v) => document.querySelector('select.versions')?.value !== v, before);
    await page.locator('.changed').getByRole('button', { name: 'Deshacer' }).click();
    await page.locator('.changed').waitFor({ state: 'detached', timeout: 30_000 });
    assert.deepEqual(tab.errors, []);
  });
});
