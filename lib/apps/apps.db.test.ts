import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedEvent, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { TEMPLATES } from '@/lib/appraisal';
import { listApps, readApp, registerApi, registerApp } from '@/lib/apps';
import type { Actor } from '@/lib/auth';
import { actorWith } from '@/lib/auth/testing/actors';
import { readChanges, readFeedPosition } from '@/lib/changes';
import { type AppRegistration, appListSchema, appRegistrationSchema, CHANGE_TOPICS } from '@/lib/contracts';
import { systemClock } from '@/lib/core';
import { listPolicyVersions, publishPolicy, readPolicyVersion } from '@/lib/policies';

let db: TestDatabase;
let counter = 0;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const as = (actor: Actor) => ({ db: db.console, actor, clock: systemClock });
const admin = actorWith('admin');
const digest = (text: string) => Buffer.from(text).toString('hex').padStart(64, '0');

function registration(change: Partial<AppRegistration> = {}): AppRegistration {
  counter += 1;
  return appRegistrationSchema.parse({
    id: `app-${counter}`,
    name: `App ${counter}`,
    environment: 'development',
    appleTeamId: 'ABCDE12345',
    appleBundleIds: [`com.example.app${counter}`],
    appleEnvironments: ['production'],
    androidPackages: [`com.example.app${counter}`],
    androidSignerDigests: [digest(`signer-${counter}`)],
    trustAnchors: [],
    versions: [{ platform: 'ios', version: '5.4.0' }],
    policyTemplate: 'balanced',
    ...change,
  });
}

async function auditOf(target: string) {
  return db.owner.sql`select action, change_seq from audit_log where target_id = ${target} order by id`;
}

describe('registering an app', () => {
  test('refuses an actor without permission, also one who may write another app', async () => {
    for (const actor of [
      actorWith('responder'),
      actorWith('auditor'),
      actorWith('admin', 'app-1'),
      actorWith(null),
    ]) {
      await expect(registerApp(as(actor), registration())).rejects.toMatchObject({
        code: 'permission_denied',
      });
    }
  });

  test('publishes its first policy, one change that nodes understand, and one audit row', async () => {
    const input = registration();
    const before = await readFeedPosition(db.console.orm);
    const view = await registerApp(as({ kind: 'cli', id: 'root', name: 'root' }), input);
    expect(view).toMatchObject({ id: input.id, policyVersion: 1, onStale: 'strict', revision: 1 });
    expect(view.policy).toEqual(TEMPLATES.balanced);
    const page = await readChanges(db.service, before.epoch, before.seq);
    if (page.kind !== 'changes') throw new Error(page.why);
    expect(CHANGE_TOPICS.app.parse(page.changes[0]?.payload).versions).toEqual([
      { platform: 'ios', version: '5.4.0', status: 'registered' },
    ]);
    const audit = await auditOf(input.id);
    expect(audit).toHaveLength(1);
    expect(Number(audit[0]?.change_seq)).toBe(before.seq + 1);
  });

  test('refuses an id that is taken, and an identity that another app has', async () => {
    const first = registration();
    await registerApp(as(admin), first);
    await expect(registerApp(as(admin), { ...registration(), id: first.id })).rejects.toMatchObject({
      code: 'app_already_exists',
    });
    const { appleBundleIds, androidPackages, androidSignerDigests } = first;
    for (const clash of [{ appleBundleIds }, { androidPackages, androidSignerDigests }]) {
      await expect(registerApp(as(admin), registration(clash))).rejects.toMatchObject({
        code: 'app_identity_taken',
      });
    }
    for (const fine of [
      { androidPackages },
      { appleBundleIds, appleEnvironments: ['development' as const] },
    ]) {
      await expect(registerApp(as(admin), registration(fine))).resolves.toBeDefined();
    }
  });

  test('lets exactly one of two parallel registrations have an identity', async () => {
    const input = registration();
    const results = await Promise.allSettled(
      ['left', 'right', 'third'].map((id) => registerApp(as(admin), { ...input, id: `${input.id}-${id}` })),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  test('refuses anchors that could not be used, naming each', async () => {
    const vector = new URL('../evidence/android/roots.ts', import.meta.url);
    const root = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(
      readFileSync(vector, 'utf8'),
    )?.[0];
    const anchor = (name: string, certificatePem: string) => ({ name, certificatePem });
    const trustAnchors = [
      anchor('none', 'hello'),
      anchor('broken', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'),
      anchor('google-rsa4096', 'x'),
      anchor('twice', `${root}`),
      anchor('twice', `${root}\n${root}`),
    ];
    const failure = await registerApp(as(admin), registration({ trustAnchors })).catch((error) => error);
    expect(failure).toMatchObject({ code: 'request_invalid' });
    expect(Object.keys(failure.fields)).toEqual(
      expect.arrayContaining([
        'trustAnchors.0.certificatePem',
        'trustAnchors.1.certificatePem',
        'trustAnchors.4.name',
      ]),
    );
    const good = registration({ trustAnchors: [anchor('test-ca', root ?? '')] });
    await expect(registerApp(as(admin), good)).resolves.toMatchObject({
      trustAnchors: [{ name: 'test-ca' }],
    });
  });
});

describe('registering an API', () => {
  const api = (id: string, appIds: string[]) => ({ id, name: id, appIds, mode: 'observe' as const });

  test('refuses an actor without permission for each of its apps', async () => {
    const [mine, other] = [registration(), registration()];
    await registerApp(as(admin), mine);
    await registerApp(as(admin), other);
    const adminOfMine = as(actorWith('admin', mine.id));
    await expect(registerApi(as(actorWith('responder')), api('a1', [mine.id]))).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await expect(registerApi(adminOfMine, api('a2', [mine.id, other.id]))).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await expect(registerApi(adminOfMine, api('a3', [mine.id]))).resolves.toMatchObject({ mode: 'observe' });
    expect((await readApp(as(admin), { id: mine.id })).apis.map(({ id }) => id)).toEqual(['a3']);
  });

  test('leaves one audit row and one change, and refuses what is taken or unknown', async () => {
    const app = registration();
    await registerApp(as(admin), app);
    const before = await readFeedPosition(db.console.orm);
    await registerApi(as(admin), api('payments', [app.id, app.id]));
    expect((await readFeedPosition(db.console.orm)).seq).toBe(before.seq + 1);
    expect(await auditOf('payments')).toHaveLength(1);
    await expect(registerApi(as(admin), api('payments', [app.id]))).rejects.toMatchObject({
      code: 'api_already_exists',
    });
    await expect(registerApi(as(admin), api('p2', ['nothing']))).rejects.toMatchObject({
      code: 'app_not_found',
    });
  });
});

describe('reading apps', () => {
  test('shows an actor the apps that they were granted, with what happened in a day', async () => {
    const app = registration();
    await registerApp(as(admin), app);
    const instanceId = await seedInstance(db.owner, app.id);
    await seedEvent(db.owner, { appId: app.id, atMs: Date.now() - 60_000, instanceId });
    const { apps } = appListSchema.parse(await listApps(as(actorWith('analyst', app.id))));
    expect(apps).toMatchObject([{ id: app.id, attestations24h: 1, devices24h: 1 }]);
    expect((await listApps(as(admin))).apps.length).toBeGreaterThan(1);
    await expect(listApps(as(actorWith(null)))).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(readApp(as(actorWith('admin', 'other')), { id: app.id })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await expect(readApp(as(admin), { id: 'nothing' })).rejects.toMatchObject({ code: 'app_not_found' });
  });
});

describe('publishing a policy', () => {
  const publication = (appId: string, basedOn: number) => ({
    appId,
    basedOn,
    policy: TEMPLATES.strict,
    reason: 'an attack',
  });

  test('refuses an actor without permission', async () => {
    const app = registration();
    await registerApp(as(admin), app);
    for (const actor of [actorWith('responder'), actorWith('admin', 'other'), actorWith(null)]) {
      await expect(publishPolicy(as(actor), publication(app.id, 1))).rejects.toMatchObject({
        code: 'permission_denied',
      });
    }
  });

  test('moves the app on, keeps what was, and leaves one change and one audit row', async () => {
    const app = registration();
    await registerApp(as(admin), app);
    const before = await readFeedPosition(db.console.orm);
    await publishPolicy(as(admin), publication(app.id, 1));
    const { versions } = await listPolicyVersions(as(actorWith('analyst')), { id: app.id });
    expect(versions.map(({ version, current }) => [version, current])).toEqual([
      [2, true],
      [1, false],
    ]);
    const old = await readPolicyVersion(as(admin), { id: app.id, version: 1 });
    expect(old.policy).toEqual(TEMPLATES.balanced);
    expect((await readApp(as(admin), { id: app.id })).policy).toEqual(TEMPLATES.strict);
    expect((await readFeedPosition(db.console.orm)).seq).toBe(before.seq + 1);
    expect(await auditOf(`${app.id}/2`)).toHaveLength(1);
    await expect(readPolicyVersion(as(admin), { id: app.id, version: 9 })).rejects.toMatchObject({
      code: 'policy_not_found',
    });
  });

  test('lets exactly one of 10 editors who started from the same version win', async () => {
    const app = registration();
    await registerApp(as(admin), app);
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, () => publishPolicy(as(admin), publication(app.id, 1))),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'edit_conflict' });
    }
    await expect(publishPolicy(as(admin), publication('nothing', 1))).rejects.toMatchObject({
      code: 'app_not_found',
    });
  });
});
