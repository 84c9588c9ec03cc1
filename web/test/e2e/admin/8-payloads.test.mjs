// What a GPS sends, kept for support: as it came, without what is secret in it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, journey, violations } from '../support/browser.mjs';

journey('payloads of a GPS', { page: { role: 'admin', size: 'office' } }, (tab) => {
  let user, password; // of the GPS

  test('the GPS of a unit gets a password', async () => {
    const { page } = tab;
    await page.goto(`${base}/ajustes/unidades`);
    await page.getByRole('button', { name: /Clave del GPS.*Sereno 1/ }).click();
    await page.waitForFunction(() =>
      /[a-z2-7]{32}/.test(document.querySelector('dialog[open]')?.textContent ?? ''),
    );
    const codes = await page.locator('dialog[open] code').allTextContents();
    user = codes.find((c) => c.startsWith('130102/'));
    password = codes.find((c) => /^[a-z2-7]{32}$/.test(c));
    assert.ok(user && password, codes.join(' '));
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
  });

  test('what it sends is shown as it came, without its secrets', async () => {
    const { page } = tab;
    const device = user.split('/')[1];
    await page.goto(`${base}/ajustes/equipos`);
    const look = async () => {
      await page.getByRole('button', { name: `Datos ${device}`, exact: true }).click();
      await page.locator('dialog[open] select').waitFor();
    };
    const leave = async () => {
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
    };
    await look();
    assert.match(await page.locator('dialog[open]').textContent(), /No hay datos guardados/);
    const kept = page.waitForResponse((r) => r.request().method() === 'PUT' && r.ok());
    await page.getByLabel('Guardar por').selectOption('3');
    await kept;
    assert.deepEqual(await violations(page), []);
    await leave();
    // The door learns of it a moment later, and what it keeps is written every second.
    const payload = page.locator('dialog[open] pre.payload').first();
    for (let n = 0; ; n++) {
      const sent = await fetch(`${base}/ingest/osmand`, {
        method: 'POST',
        headers: {
          Authorization: `Basic ${btoa(`${user}:${password}`)}`,
          'Content-Type': 'application/json',
        },
        body: JSON.stringify({
          location: {
            timestamp: new Date().toISOString(),
            coords: { latitude: -8.08, longitude: -79, speed: 2 },
          },
          device_id: user,
          token: 'not to be seen',
        }),
      });
      assert.equal(sent.status, 200, await sent.text());
      await look();
      if (await payload.count()) break;
      assert.ok(n < 200, 'no payload is shown');
      await leave();
    }
    const shown = await payload.textContent();
    assert.match(shown, /"latitude":-8\.08/);
    assert.match(shown, /"token":"\*\*\*"/);
    assert.match(await page.locator('dialog[open]').textContent(), /1 posición/);
    assert.deepEqual(await violations(page), []);
    await leave();
    assert.deepEqual(tab.errors, []);
  });
});
