// Replay, trails, their files, and links for people without an account.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, inked, journey, open, settled, violations } from './support/browser.mjs';

/** shot keeps a picture where SERENAZGO_SHOTS names a folder. */
const shot = async (page, name) => {
  if (process.env.SERENAZGO_SHOTS)
    await page.screenshot({ path: `${process.env.SERENAZGO_SHOTS}/${name}.png` });
};

journey('replay and trails', { page: { role: 'supervisor', size: 'office' } }, (tab) => {
  test('the bar shows how it was, and nobody takes that for now', async () => {
    const { page } = tab;
    await page.goto(`${base}/vivo`);
    await settled(page);
    const bar = page.getByRole('slider', { name: 'Repetición del turno' });
    await bar.waitFor();
    assert.equal(await bar.getAttribute('aria-valuetext'), 'Ahora');
    const loaded = page.waitForResponse((r) => r.url().includes('/tracks?') && r.ok());
    const { from, to } = await bar.evaluate((e) => ({ from: Number(e.min), to: Number(e.max) }));
    await bar.evaluate(
      (e, v) => {
        e.value = v;
        e.dispatchEvent(new Event('input', { bubbles: true }));
        e.dispatchEvent(new Event('change', { bubbles: true }));
      },
      String(from + (to - from) * 0.9),
    );
    await loaded;
    const back = page.getByRole('button', { name: /^Viendo \d\d:\d\d:\d\d · volver$/ });
    await back.waitFor();
    assert.match(await bar.getAttribute('aria-valuetext'), /^\d\d:\d\d, hace /);
    assert.equal(await page.locator('main.live').getAttribute('data-past'), 'true');
    assert.match(page.url(), /[?&]t=\d+/);
    await page.waitForFunction(
      () => document.querySelectorAll('.leaflet-serenazgo-pane canvas')[2]?.width > 0,
    );
    await shot(page, 'replay');
    await page.keyboard.press('0');
    await back.waitFor({ state: 'detached' });
    assert.doesNotMatch(page.url(), /[?&]t=/);
  });

  test('a trail has colours, figures and files', async () => {
    const { page } = tab;
    await page.locator('.units .unit').first().click();
    const loaded = page.waitForResponse((r) => r.url().includes('/tracks?') && r.ok());
    await page.getByRole('button', { name: 'Recorrido' }).click();
    await loaded;
    const panel = page.getByRole('region', { name: /^Recorrido de / });
    await panel.getByText(/posici(ón|ones)$/).waitFor();
    await panel.getByRole('button', { name: '31 días' }).click();
    await page.waitForFunction(() => document.querySelector('.trail')?.getAttribute('aria-busy') === 'false');
    await page.waitForFunction(() => !document.querySelector('.leaflet-zoom-anim'));
    assert.ok((await inked(page, 1)) > 0, 'the trail is drawn');
    await shot(page, 'trail');
    await panel.getByRole('button', { name: 'Exportar' }).click();
    const dialog = page.getByRole('dialog', { name: 'Exportar' });
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('link', { name: 'CSV', exact: true }).click(),
    ]);
    assert.equal(await file.failure(), null);
    assert.match(file.suggestedFilename(), /^recorrido-\d{6}-.*\.csv$/);
    for (const [f, kind] of [
      ['XLSX', /spreadsheetml/],
      ['GPX', /gpx/],
      ['KML', /kml/],
      ['GEOJSON', /geo\+json/],
    ]) {
      const href = await dialog.getByRole('link', { name: f, exact: true }).getAttribute('href');
      const res = await page.request.get(base + href);
      assert.match(res.headers()['content-type'], kind);
    }
    await shot(page, 'export');
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press('Escape');
  });

  test('a link shows the unit to a stranger until it is taken back', async () => {
    const { page, browser } = tab;
    await page.getByRole('button', { name: 'Cerrar' }).first().click();
    await page.getByRole('button', { name: 'Compartir' }).click();
    const dialog = page.getByRole('dialog', { name: 'Compartir la ubicación' });
    const whom = `Comisaría ${Date.now()}`;
    await dialog.getByLabel('Para quién').fill(whom);
    await dialog.getByRole('button', { name: 'Crear enlace' }).click();
    const link = await dialog.getByLabel('Enlace', { exact: true }).inputValue();
    assert.match(link, /\/compartido#[\w-]{20,}$/);
    await shot(page, 'share');
    for (const [size, theme] of [
      ['office', 'light'],
      ['phone', 'dark'],
    ]) {
      const guest = await open(browser, { role: '', size, theme });
      await guest.page.goto(link);
      await guest.page.locator('.sharedunits li').first().waitFor();
      assert.equal(await guest.page.locator('.sharedunits li').count(), 1);
      assert.doesNotMatch(await guest.page.locator('main').textContent(), /Halcón|Cazador|Puma|Cóndor/);
      await settled(guest.page);
      await shot(guest.page, `shared-${size}-${theme}`);
      assert.deepEqual(await violations(guest.page), []);
      assert.deepEqual(guest.errors, []);
      await guest.close();
    }
    await dialog.getByRole('button', { name: 'Retirar' }).first().click();
    await dialog.getByText(whom).waitFor({ state: 'detached' });
    const late = await open(browser, { role: '' });
    await late.page.goto(link);
    await late.page.getByText('Este enlace ya no muestra nada').waitFor();
    await late.close();
    await page.keyboard.press('Escape');
    assert.deepEqual(tab.errors, []);
  });
});
