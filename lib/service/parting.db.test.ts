import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { registerTestApp, startTestService, TEST_APP } from './testing/service';

const ASKED = 21;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await registerTestApp(db);
});
afterAll(() => db.close());

test('a node that stops writes what it has counted, also where the database takes its time', async () => {
  const node = await startTestService(db);
  const ask = () => fetch(`${node.url}/v1/authorize?api=${TEST_APP.apiId}`);
  let stopped: Promise<void> | undefined;
  await db.owner.sql.begin(async (sql) => {
    await sql`lock table request_rollup_minutes in exclusive mode`;
    await ask();
    // The write that this one decision begins within a second waits, and those after it are counted beside it.
    await expect.poll(() => isWaiting(), { timeout: 5_000 }).toBe(true);
    for (let index = 1; index < ASKED; index++) await ask();
    stopped = node.close();
    // As long as a write may take on a busy machine.
    await sql`select pg_sleep(0.9)`;
  });
  await stopped;
  const [row] = await db.owner.sql`select sum(requests)::int as requests from request_rollup_minutes`;
  expect(row).toEqual({ requests: ASKED });
});

async function isWaiting(): Promise<boolean> {
  const rows = await db.console.sql`
    select from pg_locks where relation = 'request_rollup_minutes'::regclass and not granted`;
  return rows.length > 0;
}
