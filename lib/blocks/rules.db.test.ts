import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { seedApp, seedEvent, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import {
  allow,
  blocksOfTarget,
  createRule,
  deleteRule,
  editRule,
  evaluateDueRules,
  liftBlock,
  listRules,
  previewRule,
  setRuleState,
} from '@/lib/blocks';
import type { BlockRuleDraft } from '@/lib/contracts';
import { type AppError, systemClock } from '@/lib/core';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank');
  await seedApp(db.owner, 'other');
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.owner.sql`delete from attestation_events`;
  await db.owner.sql`delete from device_instances`;
  await db.owner.sql`delete from blocks`;
  await db.owner.sql`delete from block_rules`;
});

const responder = actorWith('responder');
const as = (actor = responder) => ({ db: db.console, actor, clock: systemClock });
const DRAFT: BlockRuleDraft = {
  appId: 'bank',
  name: 'Hook farm',
  subject: 'instance',
  effect: 'refuse',
  threats: ['hooks'],
  refusals: 3,
  windowSeconds: 600,
  durationSeconds: 3_600,
  escalates: true,
  mostDevices: 10,
  mostPercent: 100,
  reason: 'instrumented phones',
};
const rule = (over: Partial<BlockRuleDraft> = {}) => createRule(as(), { ...DRAFT, ...over });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: AppError) => error.code,
  );

/** A device that was refused so often, the last time just now, one each 10 ms. */
async function refused(times: number, over: { threat?: string; appId?: string; atMs?: number } = {}) {
  const { threat = 'hooks', appId = 'bank', atMs = Date.now() - 1_000 } = over;
  const id = await seedInstance(db.owner, appId);
  await refuse(id, times, { threat, appId, atMs });
  return id;
}
async function refuse(
  id: string,
  times: number,
  over: { threat?: string; appId?: string; atMs?: number } = {},
) {
  const { threat = 'hooks', appId = 'bank', atMs = Date.now() } = over;
  for (let index = 0; index < times; index++) {
    await seedEvent(db.owner, {
      ...{ appId, instanceId: id, verdict: 'rejected', threat },
      atMs: atMs - index * 10,
    });
  }
}
/** Evaluates every rule, as if it were due. */
async function evaluate() {
  await db.owner.sql`update block_rules set evaluated_at = null`;
  return evaluateDueRules(db.service);
}
const blocksOf = (id: string) => blocksOfTarget(db.console.orm, id, 10);
const isOver = (id: string) =>
  db.owner.sql`update blocks set created_at = created_at - interval '2 hours',
    expires_at = clock_timestamp() - interval '1 millisecond' where target = ${id} and lifted_at is null`;

describe('a rule', () => {
  test('blocks who was refused often enough for its threats, and says which rule it was and why', async () => {
    const guilty = await refused(3);
    const others = [
      await refused(2),
      await refused(3, { threat: 'debugger' }),
      await refused(3, { atMs: Date.now() - 700_000 }),
      await refused(3, { appId: 'other' }),
    ];
    const { id } = await rule();
    expect(await evaluate()).toMatchObject([{ ruleId: id, blocked: 1, stopped: null, error: null }]);
    const [block] = await blocksOf(guilty);
    expect(block).toMatchObject({
      ...{ origin: 'rule', scope: 'instance', appId: 'bank', effect: 'refuse', createdBy: id },
      createdByName: 'Rule “Hook farm”',
      reason:
        'Rule “Hook farm”: refused 3 times within 10 minutes for Hooking framework attached (Frida, Xposed…). instrumented phones',
    });
    expect(Number(block?.expiresAt) - Number(block?.createdAt)).toBe(3_600_000);
    expect(block?.seq).toBeGreaterThan(0);
    for (const other of others) expect(await blocksOf(other)).toEqual([]);
    const audit = await db.owner
      .sql`select actor_kind, actor_name, detail, change_seq::int as seq from audit_log
      where action = 'block_rule.apply' and target_id = ${id}`;
    expect(audit).toMatchObject([
      {
        actor_kind: 'system',
        actor_name: 'Rule “Hook farm”',
        detail: { blocks: [block?.id] },
        seq: block?.seq,
      },
    ]);
    expect((await listRules(as())).rules).toMatchObject([{ id, blocks24h: 1, state: 'active' }]);
  });

  test('counts no refusal that somebody else can bring about in the name of a device', async () => {
    await rule({ threats: [] });
    const forged = await refused(5);
    await db.owner
      .sql`update attestation_events set detail = jsonb_set(detail, '{evidenceCode}', '"assertion_malformed"')
      where instance_id = ${forged}`;
    const replayed = await refused(5);
    await db.owner.sql`update attestation_events set threats = array['hooks', 'challenge_replayed']
      where instance_id = ${replayed}`;
    const blocked = await refused(5, { threat: 'blocked' });
    expect(await evaluate()).toMatchObject([{ blocked: 0 }]);
    for (const id of [forged, replayed, blocked]) expect(await blocksOf(id)).toEqual([]);
    const guilty = await refused(5);
    expect(await evaluate()).toMatchObject([{ blocked: 1 }]);
    expect(await blocksOf(guilty)).toHaveLength(1);
  });

  test('blocks nobody twice for the same refusals, however many evaluate it, and a second time for longer', async () => {
    const id = await refused(3);
    await rule();
    await db.owner.sql`update block_rules set evaluated_at = null`;
    const runs = await Promise.all([1, 2, 3].map(() => evaluateDueRules(db.service)));
    expect(runs.flat().reduce((sum, run) => sum + run.blocked, 0)).toBe(1);
    expect(await evaluate()).toMatchObject([{ blocked: 0 }]);
    await isOver(id);
    await db.owner.sql`update attestation_events set received_at = received_at - interval '1 minute'`;
    expect(await evaluate()).toMatchObject([{ blocked: 0 }]);
    await refuse(id, 3, { atMs: Date.now() + 200 });
    await expect.poll(evaluate, { timeout: 6_000, interval: 100 }).toMatchObject([{ blocked: 1 }]);
    const [second, first, ...more] = await blocksOf(id);
    expect(more).toEqual([]);
    expect(first?.liftedByName).toBe('Countersign');
    expect(Number(second?.expiresAt) - Number(second?.createdAt)).toBe(86_400_000);
  });

  test('leaves alone who is allowed, and whom a person let go for what was before', async () => {
    const allowed = await refused(3);
    const common = { reason: 'a test', appId: null, owner: 'QA team', durationSeconds: 3_600 };
    await allow(as(), { ...common, scope: 'instance', target: allowed });
    const forgiven = await refused(3);
    await rule();
    expect(await evaluate()).toMatchObject([{ blocked: 1 }]);
    const [block] = await blocksOf(forgiven);
    await liftBlock(as(), { id: block?.id ?? '', reason: 'a mistake' });
    expect(await evaluate()).toMatchObject([{ blocked: 0 }]);
    expect(await blocksOf(forgiven)).toHaveLength(1);
    expect(await blocksOf(allowed)).toMatchObject([{ effect: 'allow' }]);
  });

  test('that simulates refuses nobody, and blocks by the attestation key where it says so', async () => {
    const key = 'ab'.repeat(32);
    const id = await refused(3);
    await db.owner
      .sql`update device_instances set claims = jsonb_set(claims, '{attestationKey}', to_jsonb(${key}::text))
      where id = ${id}`;
    await refused(3);
    await rule({ effect: 'simulate', subject: 'hardware' });
    expect(await evaluate()).toMatchObject([{ blocked: 1 }]);
    const made = await db.owner.sql`select scope, target, effect, origin from blocks`;
    expect(made).toEqual([{ scope: 'hardware', target: key, effect: 'simulate', origin: 'rule' }]);
  });
});

describe('a rule that would block too many', () => {
  test.each([
    ['devices', { mostDevices: 2 }, 'more than 2 devices'],
    ['percent', { mostPercent: 50 }, '50 % of the devices seen'],
  ])('in %s blocks nobody, stops itself, and says so in the audit log', async (_what, over, why) => {
    const ids = [await refused(3), await refused(3), await refused(3)];
    const { id } = await rule(over);
    const [run] = await evaluate();
    expect(run).toMatchObject({ blocked: 0, stopped: expect.stringContaining(why) });
    for (const device of ids) expect(await blocksOf(device)).toEqual([]);
    expect((await listRules(as())).rules).toMatchObject([{ id, state: 'stopped', stoppedWhy: run?.stopped }]);
    const audit = await db.owner
      .sql`select reason from audit_log where action = 'block_rule.stop' and target_id = ${id}`;
    expect(audit).toEqual([{ reason: run?.stopped }]);
    expect(await evaluate()).toEqual([]);
  });

  test('one after the other is stopped as well: what it has blocked within a day counts', async () => {
    const { id } = await rule({ mostDevices: 2 });
    for (let round = 0; round < 2; round++) {
      await refused(3);
      expect(await evaluate()).toMatchObject([{ blocked: 1, stopped: null }]);
    }
    await refused(3);
    expect(await evaluate()).toMatchObject([{ blocked: 0, stopped: expect.any(String) }]);
    await setRuleState(as(), { id, state: 'active', reason: 'they are all guilty' });
    await db.owner.sql`update blocks set created_at = created_at - interval '25 hours'`;
    expect(await evaluate()).toMatchObject([{ blocked: 1, stopped: null }]);
  });

  test('is foretold by the preview, which looks at every moment of the last day', async () => {
    const { appId, subject, threats, refusals, windowSeconds, mostDevices, mostPercent } = DRAFT;
    const terms = { appId, subject, threats, refusals, windowSeconds, mostDevices, mostPercent };
    await refused(3, { atMs: Date.now() - 5 * 3_600_000 });
    await refused(3);
    const slow = await seedInstance(db.owner, 'bank');
    for (const hours of [1, 2, 3]) await refuse(slow, 1, { atMs: Date.now() - hours * 3_600_000 });
    expect(await previewRule(as(), terms)).toEqual({ reach: { targets: 2, seen: 3, wouldStop: false } });
    expect(await previewRule(as(), { ...terms, refusals: 1 })).toMatchObject({ reach: { targets: 3 } });
    expect(await previewRule(as(), { ...terms, mostPercent: 50 })).toMatchObject({
      reach: { wouldStop: true },
    });
    expect(await db.owner.sql`select 1 from blocks`).toHaveLength(0);
  });
});

describe('who makes rules', () => {
  test('needs the permission for the app, and each act leaves an audit row', async () => {
    for (const actor of [actorWith('analyst'), actorWith('auditor'), actorWith('responder', 'other')]) {
      expect(await codeOf(createRule(as(actor), DRAFT))).toBe('permission_denied');
    }
    const { id, revision } = await rule();
    expect(await codeOf(rule())).toBe('block_rule_name_taken');
    expect(await codeOf(rule({ appId: 'nothing' }))).toBe('app_not_found');
    const { appId: _, ...fields } = DRAFT;
    const foreign = as(actorWith('responder', 'other'));
    const works = [
      () => editRule(foreign, { id, ...fields, basedOn: revision }),
      () => setRuleState(foreign, { id, state: 'paused', reason: 'a test' }),
      () => deleteRule(foreign, { id, reason: 'a test' }),
    ];
    for (const work of works) expect(await codeOf(work())).toBe('permission_denied');
    expect((await listRules(foreign)).rules).toEqual([]);
    expect(await editRule(as(), { id, ...fields, refusals: 5, basedOn: revision })).toMatchObject({
      refusals: 5,
    });
    expect(await codeOf(editRule(as(), { id, ...fields, basedOn: revision }))).toBe('edit_conflict');
    await setRuleState(as(), { id, state: 'paused', reason: 'a test' });
    await refused(9);
    expect(await evaluate()).toEqual([]);
    await deleteRule(as(), { id, reason: 'a test' });
    expect((await listRules(as())).rules).toEqual([]);
    expect(await codeOf(deleteRule(as(), { id, reason: 'a test' }))).toBe('block_rule_not_found');
    expect(await codeOf(rule())).toBe('done');
    const rows = await db.owner.sql`select action from audit_log where target_id = ${id} order by id`;
    expect(rows.map((row) => row.action)).toEqual([
      'block_rule.create',
      'block_rule.edit',
      'block_rule.pause',
      'block_rule.delete',
    ]);
  });

  test('is a person: the service can neither make nor change one, nor block on its own', async () => {
    const { id } = await rule();
    for (const statement of [
      'update block_rules set most_devices = 1000',
      'insert into block_rules select * from block_rules',
      'delete from block_rules',
    ]) {
      await expect(db.service.sql.unsafe(statement)).rejects.toThrow(/permission denied/);
    }
    await expect(
      db.service
        .sql`insert into blocks (id, scope, app_id, target, effect, origin, reason, created_by, created_by_name,
        created_at, seq) values (gen_random_uuid(), 'app', 'bank', 'bank', 'refuse', 'person', 'x', ${id}, 'x', now(), 0)`,
    ).rejects.toThrow(/blocks of rules/);
  });
});
