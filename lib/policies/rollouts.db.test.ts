import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedApp } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { TEMPLATES } from '@/lib/appraisal';
import { loadApps } from '@/lib/apps';
import type { Actor } from '@/lib/auth';
import { actorWith } from '@/lib/auth/testing/actors';
import { type Policy, type RolloutStart, rolloutStartSchema } from '@/lib/contracts';
import { fixedClock } from '@/lib/core';
import {
  advanceRollout,
  approvePolicyDraft,
  carryRollouts,
  checkPolicy,
  discardPolicyDraft,
  listPolicyStandings,
  listPolicyVersions,
  publishBaseline,
  publishPolicy,
  readPolicyEditor,
  readRollouts,
  revertPolicy,
  savePolicyDraft,
  setPolicySettings,
  startRollout,
  stopRollout,
} from './index';
import { recordDevices } from './testing/events';

let db: TestDatabase;
let counter = 0;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const admin = actorWith('admin');
const STRICT: Policy = { ...TEMPLATES.strict, schema: 2 };

/** An app of its own, with the clock that everything of it is dated by. */
async function newApp() {
  counter += 1;
  const id = `app-${counter}`;
  await seedApp(db.owner, id);
  // Behind the database's, so that what a test records just now is of the present stage.
  const clock = fixedClock(Date.now() - 60_000);
  const as = (actor: Actor = admin) => ({ db: db.console, actor, clock });
  const save = (revision = 0, policy = STRICT, basedOn = 1, actor: Actor = admin) =>
    savePolicyDraft(as(actor), { id, revision, basedOn, policy });
  const start = async (changes: Partial<RolloutStart> = {}) => {
    const { revision } = await save();
    const about = { id, revision, reason: 'a test', guardrail: { minDevices: 50 }, ...changes };
    return startRollout(as(), rolloutStartSchema.parse(about));
  };
  const snapshot = async () => {
    const [app] = await loadApps(db.service.orm, [id]);
    if (!app) throw new Error('The app is gone.');
    return app.snapshot;
  };
  const audited = async () => {
    const rows = await db.owner.sql<{ action: string; reason: string; actor: string; detail: unknown }[]>`
      select action, reason, actor_name as actor, detail from audit_log where app_id = ${id} order by audit_log.id`;
    return [...rows];
  };
  return { id, clock, as, save, start, snapshot, audited };
}

describe('a draft', () => {
  test('is saved on top of what its editor saw, by one of many at once', async () => {
    const { id, as, save } = await newApp();
    const saves = await Promise.allSettled(Array.from({ length: 8 }, () => save()));
    expect(saves.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const saved of saves) {
      if (saved.status === 'rejected') expect(saved.reason).toMatchObject({ code: 'edit_conflict' });
    }
    await expect(save(7)).rejects.toMatchObject({ code: 'edit_conflict' });
    expect(await save(1, TEMPLATES.balanced)).toMatchObject({ revision: 2, policy: TEMPLATES.balanced });
    expect((await readPolicyEditor(as(), { id })).draft?.revision).toBe(2);
    await discardPolicyDraft(as(), { id, revision: 2 });
    expect((await readPolicyEditor(as(), { id })).draft).toBeNull();
    expect((await save()).revision).toBe(3);
  });

  test('whose rule cannot be used is refused with its path and place, and nothing changes', async () => {
    const { id, as, save } = await newApp();
    const rules = [{ id: 'r', title: 'Wrong', expression: 'platfrm == "ios"', response: 'flag' as const }];
    await expect(save(0, { ...STRICT, rules })).rejects.toMatchObject({
      code: 'policy_rule_invalid',
      fields: { 'policy.rules.0.expression': expect.stringContaining('platfrm') },
    });
    expect((await readPolicyEditor(as(), { id })).draft).toBeNull();
  });

  test('is refused to whoever may not edit policies', async () => {
    const { save } = await newApp();
    for (const role of ['analyst', 'responder', 'auditor'] as const) {
      await expect(save(0, STRICT, 1, actorWith(role))).rejects.toMatchObject({ code: 'permission_denied' });
    }
  });

  test('is compared with what is in force and with the baseline while it is edited', async () => {
    const { id, as } = await newApp();
    const inForce = (await readPolicyEditor(as(), { id })).inForce.policy;
    const policy: Policy = { ...inForce, tokenTtlSeconds: 61 };
    expect(await checkPolicy(as(), { id, policy })).toMatchObject({
      against: 1,
      changes: [{ path: 'tokenTtlSeconds' }],
      overrides: null,
    });
    await publishBaseline(as(), { basedOn: 0, policy: inForce, reason: 'a test' });
    const { overrides } = await checkPolicy(as(), { id, policy });
    expect(overrides).toEqual([expect.objectContaining({ path: 'tokenTtlSeconds', to: 61 })]);
    const stranger = actorWith('admin', 'another-app');
    await expect(checkPolicy(as(stranger), { id, policy })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await expect(checkPolicy(as(), { id: 'no-app', policy })).rejects.toMatchObject({
      code: 'app_not_found',
    });
  });

  test('is published where somebody else approved exactly it, if the app asks for that', async () => {
    const { id, as, save, audited } = await newApp();
    const second = actorWith('admin');
    await setPolicySettings(as(), { id, needsApproval: true, reason: 'two pairs of eyes' });
    const { revision } = await save();
    const start = (seen: number) =>
      startRollout(as(), rolloutStartSchema.parse({ id, revision: seen, reason: 'a test' }));
    await expect(start(revision)).rejects.toMatchObject({ code: 'approval_needed' });
    const publication = { appId: id, basedOn: 1, policy: STRICT, reason: 'a test' };
    await expect(publishPolicy(as(), publication)).rejects.toMatchObject({ code: 'approval_needed' });
    await expect(approvePolicyDraft(as(), { id, revision })).rejects.toMatchObject({ code: 'approval_own' });
    await approvePolicyDraft(as(second), { id, revision });
    const edited = await save(revision, { ...STRICT, tokenTtlSeconds: 60 });
    expect(edited.approvedBy).toBeNull();
    await expect(start(edited.revision)).rejects.toMatchObject({ code: 'approval_needed' });
    await approvePolicyDraft(as(second), { id, revision: edited.revision });
    await start(edited.revision);
    const { versions } = await listPolicyVersions(as(), { id });
    expect(versions[0]).toMatchObject({ version: 2, state: 'candidate', approvedBy: second.name });
    expect((await audited()).map(({ action }) => action)).toEqual([
      'policy.settings',
      'policy.draft_save',
      'policy.draft_approve',
      'policy.draft_save',
      'policy.draft_approve',
      'policy_rollout.start',
    ]);
  });
});

test('how policies stand is told of every app that the reader may see', async () => {
  const drafted = await newApp();
  const rolling = await newApp();
  await drafted.save();
  await rolling.start();
  const { apps } = await listPolicyStandings(drafted.as());
  expect(apps.find(({ appId }) => appId === drafted.id)).toMatchObject({
    ...{ version: 1, draft: { revision: 1, updatedBy: admin.name }, rollout: null },
    ...{ quarantines: 0, needsApproval: false },
  });
  expect(apps.find(({ appId }) => appId === rolling.id)).toMatchObject({
    ...{ version: 1, draft: null, rollout: { version: 2, stage: 'observe' } },
  });
  const own = await listPolicyStandings(drafted.as(actorWith('analyst', drafted.id)));
  expect(own.apps.map(({ appId }) => appId)).toEqual([drafted.id]);
});

describe('a rollout', () => {
  test('goes from nobody to everybody, stage by stage, and is in force at the end', async () => {
    const { id, as, start, snapshot, audited } = await newApp();
    const rollout = await start();
    expect(rollout).toMatchObject({ stage: 'observe', state: 'open', version: 2, baseVersion: 1 });
    expect((await snapshot()).candidate).toMatchObject({ version: 2, percent: 0, rolloutId: rollout.id });
    for (const [stage, percent] of [
      ['observe', 1],
      ['1', 10],
      ['10', 50],
    ] as const) {
      await advanceRollout(as(), { id: rollout.id, stage });
      expect(await snapshot()).toMatchObject({ policyVersion: 1, candidate: { percent } });
    }
    const done = await advanceRollout(as(), { id: rollout.id, stage: '50' });
    expect(done).toMatchObject({ state: 'done', stage: '100', endedBy: 'admin' });
    expect(await snapshot()).toMatchObject({ policyVersion: 2, candidate: null, policy: STRICT });
    expect((await audited()).map(({ action }) => action).slice(-5)).toEqual([
      'policy_rollout.start',
      ...Array.from({ length: 3 }, () => 'policy_rollout.advance'),
      'policy.publish',
    ]);
    expect((await readPolicyEditor(as(), { id })).draft).toBeNull();
  });

  test('is advanced once by many who see the same stage, and stands alone', async () => {
    const { as, start, save } = await newApp();
    const rollout = await start();
    const advance = () => advanceRollout(as(), { id: rollout.id, stage: 'observe' });
    const all = await Promise.allSettled(Array.from({ length: 6 }, advance));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { revision } = await save();
    const another = rolloutStartSchema.parse({ id: rollout.appId, revision, reason: 'a test' });
    await expect(startRollout(as(), another)).rejects.toMatchObject({ code: 'rollout_open' });
    const publication = { appId: rollout.appId, basedOn: 1, policy: STRICT, reason: 'a test' };
    await expect(publishPolicy(as(), publication)).rejects.toMatchObject({ code: 'rollout_open' });
  });

  test('that is stopped leaves what was in force, and its version is not used again', async () => {
    const { id, as, start, snapshot } = await newApp();
    const rollout = await start();
    await advanceRollout(as(), { id: rollout.id, stage: 'observe' });
    const stopped = await stopRollout(as(), { id: rollout.id, reason: 'not yet' });
    expect(stopped).toMatchObject({ state: 'stopped', endReason: 'not yet', endedBy: 'admin' });
    expect(await snapshot()).toMatchObject({ policyVersion: 1, candidate: null });
    await expect(stopRollout(as(), { id: rollout.id, reason: 'again' })).rejects.toMatchObject({
      code: 'rollout_ended',
    });
    expect((await start()).version).toBe(3);
    const { versions } = await listPolicyVersions(as(), { id });
    expect(versions.map(({ version, state }) => [version, state])).toEqual([
      [3, 'candidate'],
      [2, 'stopped'],
      [1, 'in_force'],
    ]);
  });

  test('begins for nothing that is in force already, nor on top of what is not', async () => {
    const { id, as, save, snapshot } = await newApp();
    const { policy } = await snapshot();
    const begin = (revision: number) =>
      startRollout(as(), rolloutStartSchema.parse({ id, revision, reason: 'a test' }));
    const same = await save(0, policy);
    await expect(begin(same.revision)).rejects.toMatchObject({ code: 'policy_unchanged' });
    await publishPolicy(as(), { appId: id, basedOn: 1, policy: STRICT, reason: 'an attack' });
    await expect(begin(same.revision)).rejects.toMatchObject({ code: 'edit_conflict' });
  });

  test('is carried on by its timer once enough devices were seen, by one of two runners', async () => {
    const { id, clock, as, start, snapshot, audited } = await newApp();
    const plan = { observe: 60, '1': null, '10': null, '50': null };
    const rollout = await start({ plan });
    await recordDevices(db, id, [{ version: 1, devices: 49, rejected: 0 }]);
    clock.advance(60_000);
    const carry = () => Promise.all([carryRollouts(db.service, clock), carryRollouts(db.service, clock)]);
    await carry();
    expect((await snapshot()).candidate?.percent).toBe(0);
    await recordDevices(db, id, [{ version: 1, devices: 1, rejected: 0 }]);
    await carry();
    expect((await snapshot()).candidate?.percent).toBe(1);
    const advances = (await audited()).filter(({ action }) => action === 'policy_rollout.advance');
    expect(advances).toMatchObject([{ actor: 'Policy rollouts' }]);
    const [shown] = (await readRollouts(as(), { id })).rollouts;
    expect(shown).toMatchObject({ id: rollout.id, stage: '1', nextStageAt: null });
  });

  test.each([
    ['observe', [{ version: 1, devices: 200, rejected: 1, shadowRejected: 40 }]],
    [
      '1',
      [
        { version: 1, devices: 200, rejected: 1 },
        { version: 2, devices: 60, rejected: 20 },
      ],
    ],
  ] as const)(
    'whose guardrail trips at %s is reverted by one of two runners, which says why',
    async (stage, groups) => {
      const { id, clock, as, start, snapshot, audited } = await newApp();
      const rollout = await start();
      if (stage !== 'observe') await advanceRollout(as(), { id: rollout.id, stage: 'observe' });
      await recordDevices(db, id, groups);
      await Promise.all([carryRollouts(db.service, clock), carryRollouts(db.service, clock)]);
      expect(await snapshot()).toMatchObject({ policyVersion: 1, candidate: null });
      const [shown] = (await readRollouts(as(), { id })).rollouts;
      expect(shown).toMatchObject({ state: 'stopped', endedBy: 'Guardrail', figures: { isTripped: true } });
      expect(shown?.endReason).toContain('The guardrail stopped it');
      const reverts = (await audited()).filter(({ action }) => action === 'policy_rollout.revert');
      expect(reverts).toMatchObject([{ reason: shown?.endReason, actor: 'Policy rollouts' }]);
    },
  );

  test('goes on where as many are rejected in both groups, or too few were seen', async () => {
    const { id, clock, as, start, snapshot } = await newApp();
    const rollout = await start();
    await advanceRollout(as(), { id: rollout.id, stage: 'observe' });
    await recordDevices(db, id, [
      { version: 1, devices: 200, rejected: 20 },
      { version: 2, devices: 49, rejected: 49 },
    ]);
    await carryRollouts(db.service, clock);
    expect((await snapshot()).candidate?.percent).toBe(1);
    await recordDevices(db, id, [{ version: 2, devices: 600, rejected: 10 }]);
    await carryRollouts(db.service, clock);
    expect((await snapshot()).candidate?.percent).toBe(1);
    expect((await readRollouts(as(), { id })).rollouts[0]?.figures).toMatchObject({ isTripped: false });
  });
});

test('an earlier version is put into force again with one act', async () => {
  const { id, as, snapshot, audited } = await newApp();
  await publishPolicy(as(), { appId: id, basedOn: 1, policy: STRICT, reason: 'an attack' });
  const revert = { id, basedOn: 2, to: 1, reason: 'too strict' };
  await expect(revertPolicy(as(actorWith('responder')), revert)).rejects.toMatchObject({
    code: 'permission_denied',
  });
  await expect(revertPolicy(as(), { ...revert, basedOn: 1 })).rejects.toMatchObject({
    code: 'edit_conflict',
  });
  await expect(revertPolicy(as(), { ...revert, to: 2 })).rejects.toMatchObject({ code: 'policy_unchanged' });
  await expect(revertPolicy(as(), { ...revert, to: 9 })).rejects.toMatchObject({ code: 'policy_not_found' });
  const { version, seq } = await revertPolicy(as(), revert);
  expect(version).toMatchObject({ version: 1, state: 'in_force' });
  expect(seq).toBeGreaterThan(0);
  expect(await snapshot()).toMatchObject({ policyVersion: 1 });
  expect((await audited()).at(-1)).toMatchObject({ action: 'policy.revert', reason: 'too strict' });
});
