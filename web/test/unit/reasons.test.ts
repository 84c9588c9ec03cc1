import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComplianceLeg } from '../../src/api/compliance';
import { reasonsOf } from '../../src/views/reasons';

const leg = (status: ComplianceLeg['status'], reason: string, km: number): ComplianceLeg => ({
  seq: 1,
  name: '',
  segment: '',
  km,
  status,
  reason,
  by: '',
  delayMin: 0,
});

test('legs left out are summed by why, the most first', () => {
  const legs = [
    leg('skipped', 'alert', 0.2),
    leg('late', '', 5),
    leg('skipped', 'no_signal', 1),
    leg('skipped', 'alert', 0.3),
    leg('skipped', '', 0.1),
  ];
  assert.deepEqual(
    reasonsOf({ legs }).map((w) => [w.reason, Math.round(10 * w.km)]),
    [
      ['no_signal', 10],
      ['alert', 5],
      ['not_done', 1],
    ],
  );
  assert.deepEqual(reasonsOf({ legs: [] }), []);
});
