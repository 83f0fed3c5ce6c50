import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { seedApp } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import { createRule, deleteRule, liftOfRule, listBlocks, listRules } from '@/lib/blocks';
import { readChanges, readFeedPosition } from '@/lib/changes';
import { blockQuerySchema } from '@/lib/contracts';
import { newId, systemClock } from '@/lib/core';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank');
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.owner.sql`delete from blocks`;
  await db.owner.sql`delete from block_rules`;
});

const responder = actorWith('responder');
const as = (actor = responder) => ({ db: db.console, actor, clock: systemClock });

async function rule(name = 'Hook farm'): Promise<string> {
  const made = await createRule(as(), {
    ...{ appId: 'bank', name, subject: 'instance', effect: 'refuse', threats: [], refusals: 3 },
    ...{ windowSeconds: 600, durationSeconds: 3_600, escalates: false, mostDevices: 5_000, mostPercent: 100 },
    reason: 'instrumented phones',
  });
  return made.id;
}

/** Blocks as a rule makes them, made and ending so many seconds from now. */
async function made(ruleId: string, count: number, { ends = 3_600, madeAt = -1 } = {}): Promise<void> {
  await db.owner.sql`
    insert into blocks (id, scope, app_id, target, effect, origin, reason, created_by, created_by_name, created_at,
      expires_at, seq)
    select gen_random_uuid(), 'instance', 'bank', gen_random_uuid(), 'refuse', 'rule', 'refused', ${ruleId}, 'Rule',
      now() + make_interval(secs => ${madeAt}), now() + make_interval(secs => ${ends}), 0
    from generate_series(1, ${count})`;
}
const lift = (id: string, before?: string) =>
  liftOfRule(as(), { id, reason: 'a bad release', ...(before === undefined ? {} : { before }) });
const inForce = async () => (await listRules(as())).rules.map((one) => [one.name, one.inForce]);

test('lifts all that the rule made and that is in force, in bounded steps, each with its changes and its audit row', async () => {
  const id = await rule();
  await made(id, 1_203);
  await made(id, 2, { ends: -1 });
  const other = await rule('Another');
  await made(other, 1);
  expect(await inForce()).toEqual([
    ['Another', 1],
    ['Hook farm', 1_203],
  ]);
  const start = await readFeedPosition(db.console.orm);
  const first = await lift(id);
  expect(first).toMatchObject({ lifted: 500, left: 703, seq: start.seq + 500 });
  const page = await readChanges(db.console, start.epoch, start.seq);
  expect(page.kind === 'changes' && page.changes.map(({ topic }) => topic)).toEqual(Array(500).fill('block'));
  expect(await lift(id, first.before)).toMatchObject({ lifted: 500, left: 203 });
  // What it makes while it is at it is not of the act, which therefore ends.
  await made(id, 3, { madeAt: 60 });
  expect(await lift(id, first.before)).toMatchObject({ lifted: 203, left: 0 });
  expect(await lift(id, first.before)).toMatchObject({ lifted: 0, left: 0, seq: null });
  expect(await inForce()).toEqual([
    ['Another', 1],
    ['Hook farm', 3],
  ]);
  const rows = await db.owner.sql`
    select reason, (detail ->> 'lifted')::int as lifted from audit_log
    where action = 'block_rule.lift' and target_id = ${id} order by id`;
  expect(rows.map(({ reason, lifted }) => [reason, lifted])).toEqual([
    ['a bad release', 500],
    ['a bad release', 500],
    ['a bad release', 203],
  ]);
});

test('of two who lift at once each lifts what the other has not, and all of it is lifted once', async () => {
  const id = await rule();
  await made(id, 800);
  const steps = await Promise.all([lift(id), lift(id)]);
  expect(steps.map(({ lifted }) => lifted).sort()).toEqual([300, 500]);
  const [row] = await db.owner.sql`
    select count(*)::int as rows, count(distinct lift_seq)::int as seqs from blocks where lifted_at is not null`;
  expect(row).toEqual({ rows: 800, seqs: 800 });
});

test('a rule that was deleted stays in the list until nothing of it is in force', async () => {
  const id = await rule();
  await made(id, 2);
  await deleteRule(as(), { id, reason: 'a test' });
  const [listed] = (await listRules(as())).rules;
  expect(listed).toMatchObject({ id, inForce: 2, deletedAt: expect.any(String) });
  const query = blockQuerySchema.parse({ rule: id });
  expect((await listBlocks(as(), query)).rows).toHaveLength(2);
  expect((await listBlocks(as(), { ...query, rule: newId(Date.now()) })).rows).toEqual([]);
  expect(await lift(id)).toMatchObject({ lifted: 2, left: 0 });
  expect((await listRules(as())).rules).toEqual([]);
});

test('is refused to who may lift nothing of its app, and for a rule that never was', async () => {
  const id = await rule();
  await made(id, 1);
  for (const actor of [actorWith('analyst'), actorWith('auditor'), actorWith('responder', 'other')]) {
    await expect(liftOfRule(as(actor), { id, reason: 'a test' })).rejects.toMatchObject({
      code: 'permission_denied',
    });
  }
  await expect(lift(newId(Date.now()))).rejects.toMatchObject({ code: 'block_rule_not_found' });
  expect(await inForce()).toEqual([['Hook farm', 1]]);
});
