import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from '../../src/state/pace';

test('done at once, then at most once in the time', () => {
  let at = 0;
  let done = 0;
  const timers: { ms: number; f: () => void }[] = [];
  const pace = new Pace(500, () => done++, {
    now: () => at,
    after: (ms, f) => timers.push({ ms, f }),
    cancel: () => {},
  });
  pace.ask();
  assert.equal(done, 1);
  at = 100;
  pace.ask();
  pace.ask();
  assert.equal(done, 1);
  assert.deepEqual(
    timers.map((t) => t.ms),
    [400],
  );
  at = 500;
  timers[0].f();
  assert.equal(done, 2);
  at = 1100;
  pace.ask();
  assert.equal(done, 3);
});

test('a clock of the day that is set back holds nothing up', (t) => {
  let done = 0;
  let at = 10_000;
  t.mock.method(performance, 'now', () => at);
  const day = t.mock.method(Date, 'now', () => 1_800_000_000_000);
  const pace = new Pace(500, () => done++);
  pace.ask();
  day.mock.mockImplementation(() => 1_700_000_000_000);
  at += 600;
  pace.ask();
  assert.equal(done, 2);
});
