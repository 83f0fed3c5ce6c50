import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { appendChange, readNodes } from '@/lib/changes';
import { type AppChange, policyExceptionsSchema } from '@/lib/contracts';
import { newId, type SessionId, type StaffId, systemClock } from '@/lib/core';
import type { TestCa } from '@/lib/evidence/testing';
import { readExceptions } from '@/lib/policies';
import { Phone } from './testing/phone';
import { registerTestApp, startTestService, TEST_APP } from './testing/service';

let db: TestDatabase;
let ca: TestCa;
beforeAll(async () => {
  db = await createTestDatabase();
  ca = await registerTestApp(db);
});
afterAll(() => db.close());

const NEWER = { schema: 3, responses: ['something new'] };

/** Publishes as a newer release of the console does: a policy of a schema that this one does not know. */
async function publishNewer(onStale: 'strict' | 'best_effort', version: number): Promise<void> {
  const { sql } = db.owner;
  await sql`update apps set on_stale = ${onStale}, policy_version = ${version} where id = ${TEST_APP.id}`;
  await sql`insert into policy_versions select app_id, ${version}, ${JSON.stringify(NEWER)}::text::jsonb, reason, published_by, published_at
    from policy_versions where app_id = ${TEST_APP.id} and version = 1`;
  const [last] = await sql<{ payload: AppChange }[]>`
    select payload from change_log where topic = 'app' order by seq limit 1`;
  if (!last) throw new Error('The app was never registered.');
  const payload = { ...last.payload, onStale, policyVersion: version, policy: NEWER };
  await db.owner.orm.transaction((tx) => appendChange(tx, 'app', payload));
}

/** What every page of the console tells somebody who may see this app, or all of them. */
async function told(appId: string | null = null) {
  const actor = {
    ...{ kind: 'staff' as const, id: newId<StaffId>(1), name: 'Ann', email: 'ann@example.com' },
    ...{ grants: [{ role: 'analyst' as const, appId }], sessionId: newId<SessionId>(1), steppedUpAt: null },
  };
  const said = await readExceptions({ db: db.console, actor, clock: systemClock });
  return policyExceptionsSchema.parse(said).exceptions.filter(({ kind }) => kind === 'policy_unsupported');
}

test('a node that is too old for a policy keeps the last or rejects, and every page of the console says so', async () => {
  const node = await startTestService(db);
  const phone = new Phone(ca, 'android');
  expect((await phone.enrol(node.url)).body.status).toBe('trusted');

  await publishNewer('best_effort', 2);
  const row = { kind: 'policy_unsupported', appId: TEST_APP.id, appName: 'Retail Bank', schema: 3 };
  await expect
    .poll(() => told(), { timeout: 10_000 })
    .toEqual([{ ...row, version: 2, judgedBy: 1, nodes: 1, allNodes: 1 }]);
  expect((await phone.attest(node.url)).body.status).toBe('trusted');

  // One that starts now never knew the version before, and so has nothing to keep.
  const fresh = await startTestService(db);
  await expect
    .poll(() => told(), { timeout: 10_000 })
    .toEqual([
      { ...row, version: 2, judgedBy: null, nodes: 1, allNodes: 2 },
      { ...row, version: 2, judgedBy: 1, nodes: 1, allNodes: 2 },
    ]);
  await fresh.close();

  await publishNewer('strict', 3);
  await expect
    .poll(() => told(), { timeout: 10_000 })
    .toEqual([{ ...row, version: 3, judgedBy: null, nodes: 1, allNodes: 1 }]);
  expect((await phone.attest(node.url)).status).toBe(403);
  expect(await told('another-app')).toEqual([]);
  expect((await readNodes(db.console.orm)).nodes).toMatchObject([{ unsupportedPolicies: 1 }]);
  await node.close();
  expect(await told()).toEqual([]);
});
