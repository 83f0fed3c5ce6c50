import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedApp } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { appraise } from '@/lib/appraisal';
import { inputOf } from '@/lib/appraisal/testing';
import { loadApps } from '@/lib/apps';
import type { Actor } from '@/lib/auth';
import { actorWith, steppedUp } from '@/lib/auth/testing/actors';
import { type QuarantineDraft, quarantineDraftSchema } from '@/lib/contracts';
import { silentLogger, systemClock } from '@/lib/core';
import { DatabaseClock } from '@/lib/db';
import {
  endQuarantine,
  listQuarantines,
  quarantineSignal,
  readBlastRadius,
  readEmergency,
  setKillSwitch,
  setMinimumVersions,
} from '@/lib/policies';
import { SnapshotFollower } from './snapshot/follow';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank');
});
afterAll(() => db.close());

const as = (actor: Actor = actorWith('responder')) => ({ db: db.console, actor, clock: systemClock });
const draft = (changes: Partial<QuarantineDraft> = {}): QuarantineDraft =>
  quarantineDraftSchema.parse({
    ...{ appId: 'bank', threat: 'privileged_access', reason: 'misfires on a release', durationSeconds: 3600 },
    ...{ when: { platform: 'ios', osVersion: { from: '26.6', below: '26.7' } } },
    ...changes,
  });

/** A node's verdict on a phone that reports to be rooted. */
function verdictOf(node: SnapshotFollower, osVersion: string, nowMs = Date.now()) {
  const entry = node.snapshot.apps.get('bank');
  if (!entry) throw new Error('The node does not know the app.');
  const client = { ...inputOf().client, platform: 'ios' as const, osVersion };
  const input = inputOf({ runtimeThreats: ['privileged_access'], client, nowMs });
  return appraise(entry.policy.compiled, input).verdict;
}

describe('a quarantine', () => {
  test('reaches every node through the feed, holds where it says, ends by itself and by hand', async () => {
    const options = { db: db.service, clock: new DatabaseClock(), logger: silentLogger };
    const nodes = [await SnapshotFollower.load(options), await SnapshotFollower.load(options)];
    await Promise.all(nodes.map((node) => node.follow(() => undefined)));
    const reached = (seq: number) =>
      expect.poll(() => nodes.every((node) => node.snapshot.seq >= seq)).toBe(true);
    try {
      const made = await quarantineSignal(as(), draft());
      expect(made).toMatchObject({ active: true, whenWords: 'iOS, OS 26.6 to below 26.7' });
      await reached(made.seq);
      const endMs = Date.parse(made.expiresAt);
      for (const node of nodes) {
        expect(verdictOf(node, '26.6.1')).toBe('trusted');
        expect(verdictOf(node, '26.7')).toBe('restricted');
        expect(verdictOf(node, '26.6.1', endMs - 1)).toBe('trusted');
        expect(verdictOf(node, '26.6.1', endMs)).toBe('restricted');
      }
      const ended = await endQuarantine(as(), { id: made.id, reason: 'a fixed release' });
      expect(ended).toMatchObject({ active: false, endReason: 'a fixed release', endedByName: 'responder' });
      await reached(ended.endSeq ?? Number.POSITIVE_INFINITY);
      for (const node of nodes) expect(verdictOf(node, '26.6.1')).toBe('restricted');
      await expect(endQuarantine(as(), { id: made.id, reason: 'again' })).rejects.toMatchObject({
        code: 'quarantine_already_ended',
      });
    } finally {
      await Promise.all(nodes.map((node) => node.stop()));
    }
    const audited = await db.owner
      .sql`select action, reason from audit_log where target_id = 'privileged_access'
      order by id`;
    expect([...audited]).toEqual([
      { action: 'signal.quarantine', reason: 'misfires on a release' },
      { action: 'signal.release', reason: 'a fixed release' },
    ]);
  });

  test('is listed while it lasts, and no more when its time has come', async () => {
    const made = await quarantineSignal(as(), draft({ threat: 'hooks' }));
    const active = async () => (await listQuarantines(as(), { app: [], state: 'active' })).quarantines;
    expect((await active()).map(({ id }) => id)).toEqual([made.id]);
    await db.owner.sql`update signal_quarantines set created_at = now() - interval '2 h',
      expires_at = now() - interval '1 h' where id = ${made.id}`;
    expect(await active()).toEqual([]);
    const [app] = await loadApps(db.console.orm, ['bank']);
    expect(app?.snapshot.quarantines).toEqual([]);
    const all = await listQuarantines(as(), { app: ['bank'], state: 'all' });
    expect(all.quarantines.find(({ id }) => id === made.id)).toMatchObject({ active: false, endedAt: null });
  });

  test('is refused for what proves forgery, without permission, and for another app', async () => {
    for (const threat of ['signature_invalid', 'blocked', 'policy_rule']) {
      await expect(quarantineSignal(as(), draft({ threat }))).rejects.toMatchObject({
        code: 'threat_not_demotable',
      });
    }
    for (const actor of [actorWith('analyst'), actorWith('auditor'), actorWith('admin', 'another')]) {
      await expect(quarantineSignal(as(actor), draft())).rejects.toMatchObject({ code: 'permission_denied' });
    }
    expect(quarantineDraftSchema.safeParse({ ...draft(), when: {} }).success).toBe(false);
    expect(quarantineDraftSchema.safeParse({ ...draft(), reason: '' }).success).toBe(false);
    expect(quarantineDraftSchema.safeParse({ ...draft(), durationSeconds: null }).success).toBe(false);
  });
});

describe('the switches', () => {
  test('ask for the password again, and do nothing without it', async () => {
    const actor = steppedUp(actorWith('responder'));
    const reason = 'an attack';
    const kill = { id: 'bank', on: true, reason };
    await expect(setKillSwitch(as(actorWith('responder')), kill)).rejects.toMatchObject({
      code: 'step_up_required',
    });
    expect((await readEmergency(as(actor), { id: 'bank' })).killSwitch).toBeNull();
    const on = await setKillSwitch(as(actor), kill);
    expect(on.killSwitch).toMatchObject({ reason, by: 'responder' });
    await expect(setKillSwitch(as(actor), kill)).rejects.toMatchObject({
      code: 'kill_switch_unchanged',
    });
    expect((await setKillSwitch(as(actor), { ...kill, on: false })).killSwitch).toBeNull();
    const { revision } = await readEmergency(as(actor), { id: 'bank' });
    const change = { id: 'bank', revision, minimumVersions: { ios: '5.4', android: null }, reason };
    await expect(setMinimumVersions(as(actorWith('responder')), change)).rejects.toMatchObject({
      code: 'step_up_required',
    });
    const set = await setMinimumVersions(as(actor), change);
    expect(set).toMatchObject({ minimumVersions: { ios: '5.4', android: null } });
    await expect(setMinimumVersions(as(actor), change)).rejects.toMatchObject({ code: 'edit_conflict' });
    const [app] = await loadApps(db.service.orm, ['bank']);
    expect(app?.snapshot.minimumVersions).toEqual({ ios: '5.4', android: null });
    await expect(setMinimumVersions(as(actorWith('analyst')), change)).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });

  test('say before what they would meet', async () => {
    const device = (n: number, version: string) => db.owner.sql`
      insert into device_instances (id, app_id, platform, format, public_key, key_id, counter, claims, verdict, vector,
        app_version, os_version, model, evidence_at, first_seen_at, last_seen_at)
      select gen_random_uuid(), 'bank', 'ios', 'dev', '\\x00', '\\x00', 0, '{}', 'trusted', '0 0 0 0 0 0 0 0', ${version}, '26', 'm',
        now(), now(), now() from generate_series(1, ${n}::int)`;
    await device(3, '5.3.9');
    await device(5, '5.4.0');
    const radius = (minimum: { ios?: string }) => readBlastRadius(as(), { id: 'bank', ...minimum });
    expect((await radius({ ios: '5.4' })).devices).toEqual({ affected: 3, all: 8 });
    expect((await radius({})).devices).toEqual({ affected: 8, all: 8 });
  });
});
