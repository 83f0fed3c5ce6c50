import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { refreshStatusList } from '@/lib/endorsements';
import { type StandIn, startStandIn } from '@/lib/endorsements/testing/endorser';
import type { TestCa } from '@/lib/evidence/testing';
import { createAddressGuard } from '@/lib/outbound';
import type { RunningService } from './index';
import { Phone } from './testing/phone';
import { registerTestApp, startTestService } from './testing/service';

let db: TestDatabase;
let ca: TestCa;
let google: StandIn;
let nodes: RunningService[];
beforeAll(async () => {
  db = await createTestDatabase();
  ca = await registerTestApp(db);
  google = await startStandIn();
});
afterAll(async () => {
  google.close();
  await db.close();
});
beforeEach(async () => {
  nodes = await Promise.all([startTestService(db), startTestService(db)]);
});
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.close()));
});

/** Fetches a list with these serials, as the service's job does. */
async function publish(...serials: string[]): Promise<void> {
  const entries = Object.fromEntries(serials.map((serial) => [serial, { status: 'SUSPENDED' }]));
  google.answer((_asked, response) => response.end(JSON.stringify({ entries })));
  await db.owner.sql`update status_lists set next_check_at = now()`;
  await refreshStatusList(db.service, { url: google.url, guard: createAddressGuard(['127.0.0.0/8']) });
}

const threatOf = async (reference: unknown) => {
  const [row] = await db.owner.sql<{ threat: string | null }[]>`
    select deciding_threat as threat from attestation_events where reference = ${String(reference)}`;
  return row?.threat;
};

describe('a revoked attestation key', () => {
  test('is refused by every node, at the enrolment and ever after, and again where it is listed no more', async () => {
    const phone = new Phone(ca, 'android');
    for (const { url } of nodes) expect((await phone.enrol(url)).status).toBeLessThan(300);
    // The serial of the leaf; the list begins without it.
    await publish('abcdef');
    const attempts = async () => await Promise.all(nodes.map(({ url }) => phone.attest(url)));
    expect((await attempts()).map(({ status }) => status)).toEqual([200, 200]);
    await publish('1');
    const refusedBy = async ({ url }: RunningService) => (await phone.attest(url)).status;
    for (const node of nodes) await expect.poll(() => refusedBy(node), { timeout: 10_000 }).toBe(403);
    const [refused] = await attempts();
    expect(await threatOf(refused?.body.reference)).toBe('attestation_key_revoked');
    const again = await new Phone(ca, 'android').enrol(nodes[0]?.url ?? '');
    expect([again.status, await threatOf(again.body.reference)]).toEqual([403, 'attestation_key_revoked']);
    await publish('abcdef');
    for (const node of nodes) await expect.poll(() => refusedBy(node), { timeout: 10_000 }).toBe(200);
  });

  test('is known to a node from its start', async () => {
    await publish('1');
    const late = await startTestService(db);
    try {
      expect((await new Phone(ca, 'android').enrol(late.url)).status).toBe(403);
      expect((await new Phone(ca, 'ios').enrol(late.url)).status).toBeLessThan(300);
    } finally {
      await late.close();
    }
  });
});

describe('a receipt', () => {
  test('is kept with its enrolment, due in a day, and goes with its device', async () => {
    const phone = new Phone(ca, 'ios');
    await phone.enrol(nodes[0]?.url ?? '');
    const kept = () => db.owner.sql<{ type: string; hours: number; bytes: number }[]>`
      select type, round(extract(epoch from due_at - now()) / 3600)::int as hours, length(receipt) as bytes
      from app_attest_receipts where instance_id = ${phone.instanceId}`;
    const [row] = await kept();
    expect(row).toMatchObject({ type: 'attestation', hours: 24 });
    expect(row?.bytes).toBeGreaterThan(500);
    await db.console.sql`select countersign_erase_device(${phone.instanceId})`;
    expect(await kept()).toHaveLength(0);
  });
});
