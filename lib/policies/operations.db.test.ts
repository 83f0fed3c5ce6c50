import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedApp } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { TEMPLATES } from '@/lib/appraisal';
import { inputOf } from '@/lib/appraisal/testing';
import type { Actor } from '@/lib/auth';
import { actorWith, steppedUp } from '@/lib/auth/testing/actors';
import { type Policy, quarantineDraftSchema, rolloutStartSchema } from '@/lib/contracts';
import { fixedClock, systemClock } from '@/lib/core';
import {
  advanceRollout,
  carryRollouts,
  diffBaseline,
  endQuarantine,
  inheritBaseline,
  listBaselineApps,
  previewQuarantine,
  publishBaseline,
  quarantineSignal,
  readEmergency,
  readExceptions,
  readQuarantineEffect,
  readRolloutShadow,
  savePolicyDraft,
  setKillSwitch,
  setMinimumVersions,
  startRollout,
  stopRollout,
} from './index';
import { recordDevices, recordJudged } from './testing/events';

let db: TestDatabase;
let counter = 0;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const admin = actorWith('admin');
const STRICT: Policy = { ...TEMPLATES.strict, schema: 2 };
const as = (actor: Actor = admin) => ({ db: db.console, actor, clock: systemClock });

async function newApp(): Promise<string> {
  counter += 1;
  const id = `app-${counter}`;
  await seedApp(db.owner, id);
  return id;
}

describe('what a quarantine meets', () => {
  const WHEN = { platform: 'ios', osVersion: { from: '26.6', below: '26.7' } } as const;

  test('is counted before it is made, by whether the condition holds as nodes judge it', async () => {
    const appId = await newApp();
    const nowMs = Date.now();
    const phone = (osVersion: string, threats: string[], agoMs: number) =>
      inputOf({
        client: { ...inputOf().client, platform: 'ios', osVersion },
        ...{ runtimeThreats: threats, nowMs: nowMs - agoMs },
      });
    const about = { appId, version: 1, policy: TEMPLATES.strict };
    await recordJudged(db, about, [
      ...[1, 2, 3].map((n) => phone('26.6.1', ['hooks'], n * 1_000)),
      phone('26.6', ['hooks'], 3_700_000),
      phone('26.7', ['hooks'], 1_000),
      phone('26.6.1', [], 1_000),
    ]);
    const preview = { appId, threat: 'hooks', when: WHEN };
    expect(await previewQuarantine(as(actorWith('responder')), preview)).toMatchObject({
      attestations: 5,
      found: { attestations: 3 },
      decided: { rejected: 3 },
      elsewhere: 1,
    });
    expect(await previewQuarantine(as(), { ...preview, threat: 'emulator' })).toMatchObject({
      attestations: 5,
      found: { attestations: 0, devices: 0 },
      decided: {},
    });
    for (const actor of [actorWith('analyst'), actorWith('responder', 'another')]) {
      await expect(previewQuarantine(as(actor), preview)).rejects.toMatchObject({
        code: 'permission_denied',
      });
    }
  });

  test('is counted while it lasts and after, from its beginning to its end', async () => {
    const appId = await newApp();
    const reason = 'misfires on a release';
    const draft = { appId, threat: 'hooks', when: WHEN, reason, durationSeconds: 3_600 };
    const made = await quarantineSignal(as(), quarantineDraftSchema.parse(draft));
    const inQuarantine = async (nowMs: number) =>
      recordJudged(db, { appId, version: 1, policy: TEMPLATES.strict }, [
        inputOf({
          client: { ...inputOf().client, platform: 'ios', osVersion: '26.6.1' },
          ...{ runtimeThreats: ['hooks'], nowMs },
        }),
      ]);
    await inQuarantine(Date.parse(made.createdAt) - 1_000);
    await inQuarantine(Date.parse(made.createdAt) + 1);
    const found = async () => (await readQuarantineEffect(as(), { id: made.id })).found.attestations;
    await expect.poll(found).toBe(1);
    const { endedAt } = await endQuarantine(as(), { id: made.id, reason: 'over' });
    await inQuarantine(Date.parse(endedAt ?? '') + 1);
    expect(await found()).toBe(1);
    await expect(
      readQuarantineEffect(as(actorWith('analyst', 'another')), { id: made.id }),
    ).rejects.toMatchObject({ code: 'permission_denied' });
  });
});

async function startedRollout(appId: string, clock = systemClock) {
  const ctx = { db: db.console, actor: admin, clock };
  const { revision } = await savePolicyDraft(ctx, { id: appId, revision: 0, basedOn: 1, policy: STRICT });
  return startRollout(
    ctx,
    rolloutStartSchema.parse({ id: appId, revision, reason: 'a test', guardrail: { minDevices: 20 } }),
  );
}

test('both versions’ verdicts are told from the old one to the new one, whoever was judged by which', async () => {
  const appId = await newApp();
  const rollout = await startedRollout(appId, fixedClock(Date.now() - 60_000));
  await recordDevices(db, appId, [{ version: 1, devices: 10, rejected: 2, shadowRejected: 5 }]);
  const shadow = () => readRolloutShadow(as(actorWith('auditor')), { id: rollout.id });
  expect(await shadow()).toMatchObject({
    attestations: 10,
    transitions: [
      { from: 'trusted', to: 'trusted', attestations: 5, devices: 5 },
      { from: 'trusted', to: 'rejected', attestations: 3, devices: 3 },
      { from: 'rejected', to: 'rejected', attestations: 2, devices: 2 },
    ],
  });
  await advanceRollout(
    { ...as(), clock: fixedClock(Date.now() - 30_000) },
    { id: rollout.id, stage: 'observe' },
  );
  await recordDevices(db, appId, [{ version: 2, devices: 4, rejected: 3, shadowRejected: 0 }]);
  const { transitions } = await shadow();
  expect(transitions).toContainEqual({ from: 'trusted', to: 'rejected', attestations: 6, devices: 6 });
  expect(transitions).not.toContainEqual(expect.objectContaining({ from: 'rejected', to: 'trusted' }));
  await expect(
    readRolloutShadow(as(actorWith('admin', 'another')), { id: rollout.id }),
  ).rejects.toMatchObject({
    code: 'permission_denied',
  });
  await stopRollout(as(), { id: rollout.id, reason: 'over' });
  await expect(shadow()).rejects.toMatchObject({ code: 'rollout_ended' });
});

test('every departure from a policy is told to whoever sees its app, and no longer than it lasts', async () => {
  const appId = await newApp();
  const kinds = async (actor: Actor = admin) =>
    (await readExceptions(as(actor))).exceptions
      .filter((exception) => exception.appId === appId)
      .map(({ kind }) => kind);
  expect(await kinds()).toEqual([]);
  const stepped = as(steppedUp(actorWith('admin')));
  const reason = 'an attack';
  await setKillSwitch(stepped, { id: appId, on: true, reason });
  const { revision } = await readEmergency(as(), { id: appId });
  const minimumVersions = { ios: '5.4', android: null };
  await setMinimumVersions(stepped, { id: appId, revision, minimumVersions, reason });
  await startedRollout(appId, fixedClock(Date.now() - 60_000));
  await recordDevices(db, appId, [{ version: 1, devices: 100, rejected: 0, shadowRejected: 60 }]);
  await carryRollouts(db.service, systemClock);
  const when = { platform: 'ios' } as const;
  const signal = { appId, threat: 'hooks', when, reason, durationSeconds: 60 };
  const quarantine = await quarantineSignal(as(), signal);
  const all = ['kill_switch', 'minimum_versions', 'rollout_reverted', 'quarantine'];
  expect(await kinds()).toEqual(all);
  expect(await kinds(actorWith('analyst', appId))).toEqual(all);
  expect(await kinds(actorWith('analyst', 'another'))).toEqual([]);
  const reverted = (await readExceptions(as())).exceptions.find(({ kind }) => kind === 'rollout_reverted');
  expect(reverted).toMatchObject({ version: 2, reason: expect.stringContaining('The guardrail stopped it') });

  await setKillSwitch(stepped, { id: appId, on: false, reason });
  await setMinimumVersions(stepped, {
    id: appId,
    revision: (await readEmergency(as(), { id: appId })).revision,
    minimumVersions: { ios: null, android: null },
    reason,
  });
  await endQuarantine(as(), { id: quarantine.id, reason });
  expect(await kinds()).toEqual(['rollout_reverted']);
  const again = await startedRollout(appId);
  expect(await kinds()).toEqual([]);
  await stopRollout(as(), { id: again.id, reason: 'by hand' });
  expect(await kinds()).toEqual([]);
});

describe('the baseline', () => {
  test('is compared before it is published, and every app is told apart from it', async () => {
    const appId = await newApp();
    const first = await diffBaseline(as(), { policy: TEMPLATES.balanced });
    expect(first.against).toBe(0);
    expect(first.changes.length).toBeGreaterThan(10);
    const rule = { id: 'r', title: 'Wrong', expression: 'platfrm == "ios"', response: 'flag' as const };
    await expect(diffBaseline(as(), { policy: { ...STRICT, rules: [rule] } })).rejects.toMatchObject({
      code: 'policy_rule_invalid',
    });
    await publishBaseline(as(), { basedOn: 0, policy: TEMPLATES.balanced, reason: 'the first' });
    expect(await diffBaseline(as(), { policy: TEMPLATES.balanced })).toEqual({ against: 1, changes: [] });
    const stricter = {
      ...TEMPLATES.balanced,
      threats: { ...TEMPLATES.balanced.threats, screenshot: 'reject' as const },
    };
    expect((await diffBaseline(as(), { policy: stricter })).changes).toMatchObject([
      { path: 'threats.screenshot', direction: 'stricter' },
    ]);
    const { newest, apps } = await listBaselineApps(as());
    expect(newest).toBe(1);
    expect(apps.find((app) => app.appId === appId)).toMatchObject({
      ...{ version: 1, inheritedVersion: null, draft: null, overrides: expect.any(Number) },
    });
    expect((await listBaselineApps(as(actorWith('analyst', appId)))).apps).toHaveLength(1);
  });

  test('is inherited by an app without a draft through a new one, by one of two at once', async () => {
    const appId = await newApp();
    const bring = () => inheritBaseline(as(), { id: appId, revision: 0 });
    const both = await Promise.allSettled([bring(), bring()]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    for (const one of both) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'edit_conflict' });
    }
    const app = async () => (await listBaselineApps(as())).apps.find((one) => one.appId === appId);
    expect(await app()).toMatchObject({
      inheritedVersion: null,
      draft: { revision: 1, inheritedVersion: 1 },
    });
    await expect(inheritBaseline(as(), { id: appId, revision: 7 })).rejects.toMatchObject({
      code: 'edit_conflict',
    });
    await expect(
      inheritBaseline(as(actorWith('responder')), { id: appId, revision: 1 }),
    ).rejects.toMatchObject({
      code: 'permission_denied',
    });
    const audited = await db.owner.sql`
      select 1 from audit_log where app_id = ${appId} and action = 'policy.draft_inherit'`;
    expect(audited).toHaveLength(1);
  });
});
