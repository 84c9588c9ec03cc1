// What the browser tests of the plan share: a shift that has a plan, and a street
// of it.
import { base } from './browser.mjs';

/** shiftAhead is a night to come, by the service's clock, that nobody drives meanwhile. */
export async function shiftAhead(page) {
  return page.evaluate(async () => {
    const session = await (await fetch('/api/v1/session')).json();
    const u = session.districts[0].ubigeo;
    const d = await (await fetch(`/api/v1/d/${u}`)).json();
    const day = new Date(Date.parse(d.server_time) + 2 * 86400_000).toISOString().slice(0, 10);
    return { u, shift: `${day}/noche` };
  });
}

/** ready has a plan for the shift, made step by step if there is none, and shows it. */
export async function ready(page) {
  const { shift } = await shiftAhead(page);
  await page.goto(`${base}/plan/${shift}`);
  const next = page.locator('.planhead .btn.pri');
  const rows = page.locator('button.round');
  await page.waitForURL(/\/(rol|generar|revisar)\b/);
  if (page.url().includes('/rol')) {
    await next.click();
    await page.waitForURL(/\/pnp\b/);
    await next.click();
    await page.waitForURL(/\/generar\b/);
  }
  if (page.url().includes('/generar')) {
    await page.locator('.solver select').selectOption('5');
    await next.click();
    await page.waitForURL(/\/revisar\b/, { timeout: 120_000 });
  }
  await rows.first().waitFor({ timeout: 30_000 });
  return rows;
}

/** version is the one shown. */
export const version = (page) => page.locator('select.versions').inputValue();

/**
 * pickStreet picks a street from the timetable of a round, whatever the round
 * consists of, and says which round: the first, from the given one on, that
 * lists a street it may give away.
 */
export async function pickStreet(page, from = 0) {
  const rows = page.locator('button.round');
  const streets = page.locator('.drawer details[open] .linky'); // of lists that are open
  for (let i = from; i < (await rows.count()); i++) {
    const name = (await rows.nth(i).locator('.name > .ell').textContent()).trim();
    await rows.nth(i).click();
    await page.locator('.drawer', { hasText: name }).waitFor();
    const lists = page.locator('.drawer .timetable summary');
    for (let k = 0; k < (await lists.count()); k++) {
      await lists.nth(k).click();
      const n = await streets.count();
      if (n === 0) continue;
      await streets.nth(Math.floor(n / 2)).click();
      await page.locator('.workcard').waitFor();
      return i;
    }
  }
  throw new Error(`no round from the ${from + 1}th on lists a street to pick`);
}
