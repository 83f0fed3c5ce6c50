import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { silentLogger } from '@/lib/core';
import { followDatabaseClock } from '@/lib/db';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => db.close());

const HOURS_MS = 3_600_000;

test('dates by the database on a machine whose clock is two hours off', async () => {
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 2 * HOURS_MS);
  const followed = followDatabaseClock(db.console, silentLogger);
  await followed.measured;
  const [row] = await db.console.sql<{ ms: number }[]>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`;
  expect(Math.abs(followed.clock.nowMs() - (row?.ms ?? 0))).toBeLessThan(2_000);
  followed.stop();
});

test('goes by its machine where the database cannot be asked, and does not fail', async () => {
  const gone = await createTestDatabase();
  await gone.close();
  const followed = followDatabaseClock(gone.console, silentLogger);
  await followed.measured;
  expect(Math.abs(followed.clock.nowMs() - Date.now())).toBeLessThan(2_000);
  followed.stop();
});
