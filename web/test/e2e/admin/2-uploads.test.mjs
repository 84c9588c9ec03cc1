// Files in: good ones enter after a look at their report, bad ones change nothing and say why.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { base, journey, violations } from '../support/browser.mjs';

const dir = process.env.SERENAZGO_FILES;
const file = (name) => join(dir, name);

journey('uploads', { needs: { SERENAZGO_FILES: dir }, page: { role: 'admin', size: 'office' } }, (tab) => {
  /** card is the form of one kind of data. */
  const card = (title) =>
    tab.page.locator('section.card', { has: tab.page.getByRole('heading', { name: title }) });

  for (const [title, bad, good, says, refusal] of [
    [
      'Incidentes',
      'incidents.xlsx.csv',
      'incidents.csv',
      /2 de 3 filas son incidentes nuevos/,
      /guarde la hoja como CSV/,
    ],
    [
      'Presencia',
      'police-bad.geojson',
      'police.geojson',
      /0 rondas, 0 sectores y 1 puestos/,
      /Elemento 1: falta name.*kind .*debe ser/,
    ],
  ]) {
    test(`${good} enters, ${bad} does not`, async () => {
      const { page } = tab;
      await page.goto(`${base}/ajustes/datos`);
      const form = card(new RegExp(title));
      await form.locator('input[type=file]').setInputFiles(file(bad));
      await form.locator('.note.err').waitFor();
      assert.match(await form.locator('.note.err').textContent(), refusal);
      assert.equal(await form.locator('.btn.pri').count(), 0, 'a bad file can be imported');
      assert.deepEqual(await violations(page), []);
      await form.locator('input[type=file]').setInputFiles(file(good));
      await form.locator('.note:not(.err)').waitFor();
      assert.match(await form.locator('.note').textContent(), says);
      await form.locator('.btn.pri').click();
      await form.locator('.btn.pri').waitFor({ state: 'detached' });
      assert.match(await form.locator('.note').textContent(), says);
      assert.deepEqual(await violations(page), []);
    });
  }

  test('why rows were left out can be read', async () => {
    const form = card(/Incidentes/);
    await tab.page.goto(`${base}/ajustes/datos`);
    await form.locator('input[type=file]').setInputFiles(file('incidents.csv'));
    const left = form.locator('details', { hasText: /quedaron fuera/ });
    await left.locator('summary').click();
    assert.equal(await left.locator('tbody tr').count(), 1);
  });

  test('columns are named, nothing enters before it is confirmed, and a rejected row comes back corrected', async () => {
    const { page } = tab;
    const form = card(/^Incidentes$/);
    const files = card(/Archivos de incidentes/);
    const day = new Date(Date.now() - 48 * 3600e3).toISOString().slice(0, 10);
    const upload = (name, text) =>
      form
        .locator('input[type=file]')
        .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.goto(`${base}/ajustes/datos`);
    const good = Array.from({ length: 8 }, (_, i) => `${day} 1${i}:10;-8.001;-79.0011;HURTO\n`);
    await upload('central.csv', `a;b;c;d\n${good.join('')}ayer;-8.0005;-79.0009;HURTO\n`);
    const columns = form.locator('.colmap');
    await columns.getByText('hace falta').waitFor();
    assert.equal(await columns.locator('#col-lat').inputValue(), 'b', 'latitudes are known by what they are');
    await columns.locator('#col-at').selectOption('a');
    await form.getByText(/8 de 9 filas son incidentes nuevos/).waitFor();
    await columns.locator('#col-type1').selectOption('d');
    await page.waitForFunction(() => !document.querySelector('#col-type1').disabled);
    assert.deepEqual(await violations(page), []);
    // Read again, all are new still: nothing entered on trial.
    assert.match(await form.textContent(), /8 de 9 filas son incidentes nuevos/);
    await form.getByRole('button', { name: 'Incorporar' }).click();
    const entry = files.locator('li', { hasText: 'central.csv' });
    const link = entry.getByRole('link', { name: /rechazadas/ });
    await link.waitFor();
    const rejected = await (
      await page.request.get(new URL(await link.getAttribute('href'), base).href)
    ).text();
    assert.match(rejected, /motivo_rechazo;a;b;c;d\r\n10;.*«ayer».*;ayer;-8\.0005;-79\.0009;HURTO/);
    await upload('central-corregido.csv', rejected.replace(';ayer;', `;${day} 22:15;`));
    await form.getByText(/1 de 1 filas son incidentes nuevos/).waitFor();
    assert.equal(
      await columns.locator('#col-type1').inputValue(),
      'd',
      'what was said of the columns is kept',
    );
    await form.getByRole('button', { name: 'Incorporar' }).click();
    await files.locator('li', { hasText: 'central-corregido.csv' }).waitFor();

    await entry.getByRole('button', { name: 'Deshacer' }).click();
    await entry.getByRole('button', { name: 'Sí, retirar' }).click();
    await entry.getByText(/retirado/).waitFor();
    assert.deepEqual(await violations(page), []);
  });

  test('streets are replaced, and stay when the file is bad', async () => {
    const { page } = tab;
    await page.goto(`${base}/ajustes/distrito`);
    await page.locator('.bigfacts').waitFor();
    const segments = () => page.locator('.bigfacts dd').nth(1).textContent();
    assert.equal(await segments(), '36');
    const form = page.locator('form', { has: page.locator('input[type=file]') });
    const [extract, outline] = await form.locator('input[type=file]').all();
    for (const [bad, boundary, says] of [
      ['page.osm.pbf', null, /page\.osm\.pbf/],
      ['bigger.osm', 'far.geojson', /fuera de las calles/],
    ]) {
      await extract.setInputFiles(file(bad));
      await outline.setInputFiles(boundary ? file(boundary) : []);
      await form.locator('button[type=submit]').click();
      await form.locator('.note.err', { hasText: says }).waitFor();
      assert.equal(await segments(), '36');
    }
    assert.deepEqual(await violations(page), []);
    await extract.setInputFiles(file('bigger.osm'));
    await outline.setInputFiles([]);
    await form.locator('button[type=submit]').click();
    await page.waitForFunction(() => document.querySelectorAll('.bigfacts dd')[1]?.textContent === '56');
  });

  test('nothing was logged as an error but the refusals', () => {
    const other = tab.errors.filter((e) => !/status of 400 .*\/import\)/.test(e));
    assert.deepEqual(other, []);
  });
});
