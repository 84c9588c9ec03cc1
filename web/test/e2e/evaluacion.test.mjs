// A joint session: figures, an agreement, and the signatures of both sides.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, journey, open } from './support/browser.mjs';

journey('a joint session', { page: { role: 'supervisor' } }, (tab) => {
  const period = '/evaluacion?desde=2025-01-01&hasta=2025-01-31';
  const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

  test('it is drafted, agreed on, looked at and signed by both sides, and then locked', async () => {
    const { page, errors } = tab;
    await page.goto(base + period);
    await press(page, 'Abrir sesión de este período');
    await page.waitForURL(/[?&]sesion=/);
    const form = page.locator('section[aria-labelledby=agreements] form');
    await form.getByLabel('Acuerdo').fill('GPS en cuatro patrulleros');
    await form.getByLabel('Responsable').fill('Comisaría');
    await form.getByLabel('Fecha límite').fill('2099-12-31');
    await press(page, 'Añadir acuerdo');
    await page.getByText('GPS en cuatro patrulleros').waitFor();
    await press(page, 'Enviar a firma');
    await press(page, 'Ya revisé las cifras');
    const police = await open(tab.browser, { role: 'liaison' });
    await police.page.goto(page.url());
    await police.page.getByText('GPS en cuatro patrulleros').waitFor();
    await press(police.page, 'Ya revisé las cifras');
    await press(police.page, 'Firmar por: Policía');
    await police.page.getByRole('button', { name: 'Firmar por: Policía' }).waitFor({ state: 'detached' });
    await page.reload();
    await press(page, 'Firmar por: Municipalidad');
    await page.getByText('Firmada por ambas partes').waitFor();
    assert.equal(await form.count(), 0, 'a locked session can still be changed');
    assert.match(await page.locator('.sum code').textContent(), /^[0-9a-f]{64}$/);
    const paper = await page.request.get(
      await page.getByRole('link', { name: 'Imprimir (PDF)' }).evaluate((a) => a.href),
    );
    assert.match((await paper.body()).toString('latin1', 0, 5), /%PDF-/);
    assert.deepEqual([...errors, ...police.errors], []);
    await police.close();
  });
});
