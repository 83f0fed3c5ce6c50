import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { TEMPLATES } from '@/lib/appraisal';
import { actorWith } from '@/lib/auth/testing/actors';
import { type PolicyRule, policyExceptionsSchema } from '@/lib/contracts';
import { fixedClock, systemClock } from '@/lib/core';
import type { TestCa } from '@/lib/evidence/testing';
import { publishPolicy, readExceptions } from '@/lib/policies';
import { Phone } from './testing/phone';
import { registerTestApp, startTestService, TEST_APP } from './testing/service';

const DAY_MS = 86_400_000;
let db: TestDatabase;
let ca: TestCa;
let inForce = 1;
beforeAll(async () => {
  db = await createTestDatabase();
  ca = await registerTestApp(db);
});
afterAll(() => db.close());

const rule = (id: string, expression: string): PolicyRule => ({
  id,
  title: `The ${id}`,
  expression,
  response: 'reject',
});
const BOOT = rule('boot', 'claims.boot_state != "verified"');
const SHARE = rule('share', '1 / (size(threats) - size(threats)) == 1');

async function publish(rules: readonly PolicyRule[], tokenTtlSeconds = 600): Promise<void> {
  const policy = { ...TEMPLATES.balanced, schema: 2 as const, rules: [...rules], tokenTtlSeconds };
  const ctx = { db: db.console, actor: actorWith('admin'), clock: systemClock };
  const made = await publishPolicy(ctx, {
    appId: TEST_APP.id,
    basedOn: inForce,
    policy,
    reason: 'for a test',
  });
  inForce = made.version;
}

/** Which failing rules every page of the console tells of, with how often and why. */
async function told(appId: string | null = null, clock = systemClock) {
  const actor = actorWith('analyst', appId);
  const { exceptions } = policyExceptionsSchema.parse(await readExceptions({ db: db.console, actor, clock }));
  return exceptions.flatMap((one) =>
    one.kind === 'rule_failed'
      ? [[one.rule, one.attestations, one.causes.map(({ cause }) => cause).join()] as const]
      : [],
  );
}

test('a rule that cannot be evaluated is told on every page, with how often and why, until it is mended', async () => {
  await publish([BOOT, SHARE]);
  const node = await startTestService(db);
  const phone = new Phone(ca, 'ios');
  expect((await phone.enrol(node.url)).body.status).toBe('flagged');
  expect((await phone.attest(node.url)).body.status).toBe('flagged');
  const [boot, share] = [
    ['boot', 2, 'claims.boot_state'],
    ['share', 2, 'arithmetic'],
  ];
  await expect.poll(() => told().then((all) => all.toSorted()), { timeout: 10_000 }).toEqual([boot, share]);
  expect(await told(TEST_APP.id)).toHaveLength(2);
  expect(await told('another-app')).toEqual([]);
  expect(await told(null, fixedClock(Date.now() + DAY_MS + 60_000))).toEqual([]);

  await publish([BOOT, SHARE], 601);
  expect(await told()).toHaveLength(2);
  await publish([rule('boot', 'has(claims.boot_state) && claims.boot_state != "verified"'), SHARE]);
  expect(await told()).toEqual([share]);
  await publish([]);
  expect(await told()).toEqual([]);
  await node.close();
});

test('they are found by an index that holds nothing else', async () => {
  const plan = await db.owner.sql.begin(async (sql) => {
    await sql`set local enable_seqscan = off`;
    return await sql`explain select sum(events) from counter_rollup_minutes
      where starts_with(name, 'rule_failed ') and bucket > now() - interval '1 day' group by app_id, name`;
  });
  const text = plan.map((row) => row['QUERY PLAN']).join('\n');
  expect(text).toMatch(/_bucket_app_id_idx/);
  expect(text).not.toMatch(/Seq Scan|_pkey/);
});
