import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import type { TestCa } from '@/lib/evidence/testing';
import { Phone } from './testing/phone';
import { registerTestApp, startTestService } from './testing/service';

let db: TestDatabase;
let ca: TestCa;
beforeAll(async () => {
  db = await createTestDatabase();
  ca = await registerTestApp(db);
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => db.close());

test.each([
  ['ahead', 2 * 3_600_000],
  ['behind', -26 * 3_600_000],
])(
  'a node whose clock is hours %s files events under the time of the database, and shows its skew',
  async (_, skewMs) => {
    const straight = await startTestService(db);
    const phone = new Phone(ca, 'android');
    expect((await phone.enrol(straight.url)).status).toBe(201);
    await straight.close();

    const nowMs = Date.now.bind(Date);
    vi.spyOn(Date, 'now').mockImplementation(() => nowMs() + skewMs);
    const nodeId = `skewed-${skewMs < 0 ? 'behind' : 'ahead'}`;
    const skewed = await startTestService(db, { nodeId });
    expect((await phone.attest(skewed.url)).status).toBe(200);
    await expect
      .poll(
        async () => {
          const [row] = await db.owner.sql<{ skew: number }[]>`
        select clock_skew_ms as skew from service_nodes where id = ${nodeId}`;
          return Math.abs((row?.skew ?? 0) - skewMs);
        },
        { timeout: 5_000 },
      )
      .toBeLessThan(2_000);
    await skewed.close();

    const [event] = await db.owner.sql<{ offByMs: number; bucketOffMs: number }[]>`
    select abs(extract(epoch from clock_timestamp() - e.received_at) * 1000)::int as "offByMs",
      (select extract(epoch from date_trunc('minute', e.received_at) - max(r.bucket))::int * 1000
       from attestation_rollup_minutes r where r.writer = e.node) as "bucketOffMs"
    from (select node, received_at from attestation_events where node = ${nodeId} offset 0) e`;
    expect(event?.offByMs).toBeLessThan(10_000);
    expect(event?.bucketOffMs).toBe(0);
  },
);
