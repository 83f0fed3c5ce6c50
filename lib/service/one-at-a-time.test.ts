import { expect, test } from 'vitest';
import { oneAtATime } from './one-at-a-time';

test('calls that come while one runs share it, and the next one runs again', async () => {
  const ends: (() => void)[] = [];
  const run = oneAtATime(() => new Promise((resolve) => ends.push(resolve)));
  const calls = [run(), run(), run()];
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await Promise.all(calls);
  run();
  expect(ends).toHaveLength(2);
});

test('a failure is told to everybody who waits, and does not end it', async () => {
  let calls = 0;
  const run = oneAtATime(async () => {
    calls += 1;
    throw new Error('away');
  });
  const results = await Promise.allSettled([run(), run()]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await run().catch(() => undefined);
  expect(calls).toBe(2);
});
