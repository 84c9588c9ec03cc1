// The database hangs: whoever looks at the page is told in an amber band, and
// told no more once it answers again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { base, journey, violations } from '../support/browser.mjs';

const file = process.env.SERENAZGO_POSTMASTER ?? '';

/** signal sends a signal to the database server and to what it has started (Linux). */
function signal(name) {
  const server = readFileSync(file, 'utf8').split('\n')[0];
  process.kill(Number(server), name); // it starts nothing more
  const children = readFileSync(`/proc/${server}/task/${server}/children`, 'utf8');
  for (const pid of children.split(' ').filter(Boolean))
    try {
      process.kill(Number(pid), name);
    } catch (e) {
      if (e.code !== 'ESRCH') throw e; // it has ended meanwhile
    }
}

const needs = { SERENAZGO_POSTMASTER: file };
journey('a database that hangs', { needs, page: { role: 'admin', size: 'office' } }, (tab) => {
  test('the page says so, and says no more when it is back', async () => {
    const { page } = tab;
    await page.goto(`${base}/vivo`);
    await page.locator('.shiftbar .conn:not(.lost)').waitFor(); // to be told, one must be connected
    const band = page.locator('.band.degraded[role=alert]');
    assert.equal(await band.count(), 0);
    signal('SIGSTOP');
    try {
      await band.waitFor({ timeout: 60_000 });
      assert.match(await band.textContent(), /base de datos|guarda/i);
      assert.deepEqual(await violations(page), []);
    } finally {
      signal('SIGCONT');
    }
    await band.waitFor({ state: 'detached', timeout: 45_000 });
  });
});
