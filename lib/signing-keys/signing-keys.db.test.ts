import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { seedApp, seedEvent, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import type { Actor } from '@/lib/auth';
import { actorWith, steppedUp } from '@/lib/auth/testing/actors';
import { readFeedPosition } from '@/lib/changes';
import { systemClock } from '@/lib/core';
import { createSealingKeyPair, type SealingPublicJwk } from '@/lib/crypto';
import { JOBS } from '@/lib/jobs';
import {
  advanceSigningKeys,
  ensureSigningKey,
  listSigningKeys,
  openSigningKeys,
  performNextStep,
  requestRotation,
  restoreKeyRevocations,
  revokeSigningKey,
  scheduleRotation,
} from '@/lib/signing-keys';

let db: TestDatabase;
let vaultKey: SealingPublicJwk;
let vaultPrivateKey: Awaited<ReturnType<typeof createSealingKeyPair>>['privateKey'];
beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank');
  ({ publicJwk: vaultKey, privateKey: vaultPrivateKey } = await createSealingKeyPair());
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.owner.sql`delete from signing_key_rotations`;
  await db.owner.sql`delete from signing_keys`;
  await advance();
});

const as = (actor: Actor) => ({ db: db.console, actor, clock: systemClock });
const RESPONDER = steppedUp(actorWith('responder'));
const responder = () => as(RESPONDER);
const reason = 'the quarterly exercise';
const advance = () => advanceSigningKeys(db.service, vaultKey);
const keys = async () => (await listSigningKeys(responder())).keys;
const states = async () => (await keys()).map(({ state }) => state).toSorted();
async function kidIn(state: string): Promise<string> {
  const kid = (await keys()).find((key) => key.state === state)?.kid;
  if (kid === undefined) throw new Error(`no key is ${state}`);
  return kid;
}
/** As if so much time had passed since everything that happened. */
const later = (seconds: number) => db.owner.sql`
  update signing_keys set created_at = created_at - make_interval(secs => ${seconds}),
    activated_at = activated_at - make_interval(secs => ${seconds}),
    replaced_at = replaced_at - make_interval(secs => ${seconds}),
    retires_at = retires_at - make_interval(secs => ${seconds})`;
const audits = async (targetId: string) =>
  (await db.owner.sql`select action from audit_log where target_id = ${targetId} order by id`).map(
    ({ action }) => String(action),
  );
/** Fails every write to a table, as if the process ended there. */
async function failing<T>(table: string, event: string, work: () => Promise<T>): Promise<T> {
  await db.owner.sql.unsafe(`create or replace function die() returns trigger language plpgsql as
    $$ begin raise exception 'killed'; end $$;
    create trigger die before ${event} on ${table} for each row execute function die()`);
  try {
    return await work();
  } finally {
    await db.owner.sql.unsafe(`drop trigger die on ${table}`);
  }
}

describe('the service', () => {
  test('has one key that signs, and one that is published to follow it', async () => {
    expect(await states()).toEqual(['active', 'staged']);
    expect(await advance()).toEqual([]);
    const opened = await openSigningKeys(db.service.orm, vaultPrivateKey);
    expect(opened.map(({ kid }) => kid)).toEqual([await kidIn('active'), await kidIn('staged')]);
  });

  test('makes them once, however many processes start at once', async () => {
    await db.owner.sql`delete from signing_keys`;
    await Promise.all([1, 2, 3, 4].map(() => ensureSigningKey(db.service, vaultKey)));
    await Promise.all([1, 2, 3, 4].map(advance));
    expect(await states()).toEqual(['active', 'staged']);
  });

  test('never shows the console any private material', async () => {
    await expect(db.console.sql`select sealed_private_key from signing_keys`).rejects.toThrow(
      /permission denied/,
    );
    expect(JSON.stringify(await listSigningKeys(responder()))).not.toMatch(/sealed|private|"d"/);
  });
});

describe('a rotation', () => {
  test('waits until the next key has been published for long enough, then retires the old one in its time', async () => {
    const [old, next] = [await kidIn('active'), await kidIn('staged')];
    const asked = await requestRotation(responder(), { reason });
    expect(asked).toMatchObject({ performedAt: null, requestedByName: 'responder' });
    expect(await advance()).toEqual([]);
    await later(299);
    expect(await advance()).toEqual([]);
    await later(1);
    expect(await advance()).toEqual(['activate', 'create']);
    expect([await kidIn('active'), await kidIn('retiring')]).toEqual([next, old]);
    const { rotation } = await listSigningKeys(responder());
    const head = await readFeedPosition(db.console.orm);
    // The key that was staged after it came last.
    expect(rotation).toMatchObject({ id: asked.id, kid: next, seq: head.seq - 1, possibleAt: null });
    expect(await audits(next)).toEqual(['signing_key.create', 'signing_key.activate']);
    expect(await audits(asked.id)).toEqual(['signing_key.request_rotation']);
    // The longest lifetime of a token, the leeway, and what a silent node may still have signed.
    await later(3_694);
    expect(await advance()).toEqual([]);
    await later(1);
    expect(await advance()).toEqual(['retire']);
    expect(await states()).toEqual(['active', 'retired', 'staged']);
  });

  test('is asked for once at a time, by who may', async () => {
    for (const actor of [
      actorWith('analyst'),
      actorWith('auditor'),
      actorWith('responder', 'bank'),
      actorWith(null),
    ]) {
      await expect(requestRotation(as(actor), { reason })).rejects.toMatchObject({
        code: 'permission_denied',
      });
    }
    const results = await Promise.allSettled(
      [1, 2, 3, 4, 5].map(() => requestRotation(responder(), { reason })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') {
        expect(result.reason).toMatchObject({ code: 'rotation_already_pending' });
      }
    }
    await later(300);
    await Promise.all([1, 2, 3, 4].map(advance));
    expect(await states()).toEqual(['active', 'retiring', 'staged']);
    await expect(requestRotation(responder(), { reason })).resolves.toMatchObject({ performedAt: null });
  });

  test('goes on where a process ended between two of its steps', async () => {
    await requestRotation(responder(), { reason });
    await later(300);
    expect(await performNextStep(db.service, vaultKey)).toMatchObject({ kind: 'activate' });
    expect(await states()).toEqual(['active', 'retiring']);
    expect(await performNextStep(db.service, vaultKey)).toMatchObject({ kind: 'create' });
    await later(3_700);
    expect(await performNextStep(db.service, vaultKey)).toMatchObject({ kind: 'retire' });
    expect(await performNextStep(db.service, vaultKey)).toBeNull();
    expect(await states()).toEqual(['active', 'retired', 'staged']);
  });

  test.each([
    ['signing_keys', 'insert or update'],
    ['change_log', 'insert'],
    ['audit_log', 'insert'],
    ['signing_key_rotations', 'update'],
  ])(
    'does none of a step where the process ends at its write to %s, and all of it afterwards',
    async (table, event) => {
      const before = [await kidIn('active'), await kidIn('staged')];
      await requestRotation(responder(), { reason });
      await later(300);
      const head = await readFeedPosition(db.console.orm);
      await expect(failing(table, event, advance)).rejects.toThrow();
      expect([await kidIn('active'), await kidIn('staged')]).toEqual(before);
      expect(await states()).toEqual(['active', 'staged']);
      expect(await readFeedPosition(db.console.orm)).toMatchObject({ seq: head.seq });
      expect((await listSigningKeys(responder())).rotation).toMatchObject({ performedAt: null });
      expect(await advance()).toEqual(['activate', 'create']);
      expect(await openSigningKeys(db.service.orm, vaultPrivateKey)).toHaveLength(2);
    },
  );

  test('by schedule is asked for when a key has signed for so many days, once', async () => {
    const job = JOBS.find(({ name }) => name === 'request_scheduled_rotation');
    const run = () => job?.run(db.service.sql, () => true);
    await expect(
      scheduleRotation(as(actorWith('analyst')), { rotateEveryDays: 1, reason }),
    ).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await later(90 * 86_400 - 60);
    expect(await run()).toBe(0);
    await scheduleRotation(responder(), { rotateEveryDays: 90, reason });
    expect(await run()).toBe(0);
    await later(61);
    expect([await run(), await run()]).toEqual([1, 0]);
    expect(await advance()).toEqual(['activate', 'create']);
    const listed = await listSigningKeys(responder());
    expect(listed).toMatchObject({ rotateEveryDays: 90, rotation: { requestedByName: 'Schedule' } });
    expect(Date.parse(listed.nextRotationAt ?? '') - Date.now()).toBeGreaterThan(89 * 86_400_000);
    await scheduleRotation(responder(), { rotateEveryDays: null, reason });
    expect(await listSigningKeys(responder())).toMatchObject({ rotateEveryDays: null, nextRotationAt: null });
    expect(await audits('schedule')).toHaveLength(2);
  });
});

describe('a revocation', () => {
  test('commits with one audit row and one change; the next key signs and another is staged', async () => {
    const [old, next] = [await kidIn('active'), await kidIn('staged')];
    const head = await readFeedPosition(db.console.orm);
    const { seq } = await revokeSigningKey(responder(), { kid: old, reason: 'it leaked' });
    expect(seq).toBe(head.seq + 1);
    expect((await keys()).find(({ kid }) => kid === old)).toMatchObject({
      state: 'revoked',
      revokedByName: 'responder',
      revokeReason: 'it leaked',
      seq,
    });
    expect(await audits(old)).toEqual(['signing_key.create', 'signing_key.revoke']);
    expect(await advance()).toEqual(['activate', 'create']);
    expect([await kidIn('active'), await kidIn('revoked')]).toEqual([next, old]);
  });

  test('of the next key while a rotation waits for it has another one staged, and the rotation goes on', async () => {
    await requestRotation(responder(), { reason });
    await revokeSigningKey(responder(), { kid: await kidIn('staged'), reason });
    expect(await advance()).toEqual(['create']);
    await later(300);
    expect(await advance()).toEqual(['activate', 'create']);
  });

  test('is for who may, of a key that is live, and happens once', async () => {
    const kid = await kidIn('active');
    for (const actor of [actorWith('analyst'), actorWith('auditor'), actorWith('responder', 'bank')]) {
      await expect(revokeSigningKey(as(actor), { kid, reason })).rejects.toMatchObject({
        code: 'permission_denied',
      });
    }
    await expect(revokeSigningKey(as(actorWith('responder')), { kid, reason })).rejects.toMatchObject({
      code: 'step_up_required',
    });
    const results = await Promise.allSettled(
      [1, 2, 3, 4].map(() => revokeSigningKey(responder(), { kid, reason })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'signing_key_not_live' });
    }
    const unknown = { kid: 'A'.repeat(43), reason };
    await expect(revokeSigningKey(responder(), unknown)).rejects.toMatchObject({
      code: 'signing_key_not_found',
    });
  });

  test('at the moment of a rotation leaves one key that signs, whoever comes first', async () => {
    for (let round = 0; round < 5; round++) {
      await later(300);
      await requestRotation(responder(), { reason });
      await Promise.all([
        advance(),
        revokeSigningKey(responder(), { kid: await kidIn('active'), reason }),
        advance(),
      ]);
      await advance();
      const now = await states();
      expect(now.filter((state) => state === 'active')).toHaveLength(1);
      expect(now.filter((state) => state === 'staged')).toHaveLength(1);
      // The rotation was performed by whichever of the two let the next key sign.
      await later(300);
      await advance();
      expect((await listSigningKeys(responder())).rotation?.performedAt).not.toBeNull();
    }
  });

  test('is final, and all that the console may do to a key', async () => {
    const kid = await kidIn('active');
    await expect(
      db.console.sql`update signing_keys set state = 'retired' where kid = ${kid}`,
    ).rejects.toThrow(/may revoke a signing key, and nothing else/);
    for (const statement of ["set public_jwk = '{}'", "set kid = 'x'", 'set activated_at = now()']) {
      await expect(db.console.sql.unsafe(`update signing_keys ${statement}`)).rejects.toThrow(
        /permission denied/,
      );
    }
    await expect(
      db.console.sql.unsafe(
        "insert into signing_keys (kid, public_jwk, created_at) values ('x', '{}', now())",
      ),
    ).rejects.toThrow(/permission denied/);
    await revokeSigningKey(responder(), { kid, reason });
    for (const role of [db.console, db.service, db.owner]) {
      await expect(role.sql`update signing_keys set state = 'active' where kid = ${kid}`).rejects.toThrow(
        /stays revoked/,
      );
    }
  });

  test('that a restored database has forgotten is written back once', async () => {
    const kid = await kidIn('active');
    const counts = await Promise.all([1, 2, 3].map(() => restoreKeyRevocations(db.service, [kid])));
    expect(counts.toSorted()).toEqual([0, 0, 1]);
    expect((await audits(kid)).at(-1)).toBe('signing_key.restore_revocation');
    expect(await kidIn('revoked')).toBe(kid);
  });
});

test('nodes of the version before take a staged key for one that verifies, and a retired one for none', async () => {
  const status = async () =>
    Object.fromEntries(
      (await db.owner.sql`select state, status from signing_keys`).map(({ state, status }) => [
        state,
        status,
      ]),
    );
  expect(await status()).toEqual({ active: 'active', staged: 'retiring' });
  await requestRotation(responder(), { reason });
  await later(300);
  await advance();
  await later(3_700);
  await advance();
  expect(await status()).toEqual({ active: 'active', staged: 'retiring', retired: 'revoked' });
});

test('what a key vouches for is the devices that attested while it signed', async () => {
  await later(300);
  const now = Date.now();
  for (const ago of [200_000, 100_000, 10_000]) {
    const instanceId = await seedInstance(db.owner, 'bank');
    await seedEvent(db.owner, { appId: 'bank', atMs: now - ago, instanceId });
  }
  await requestRotation(responder(), { reason });
  await advance();
  await db.owner.sql`update signing_keys set replaced_at = now() - interval '50 s' where state = 'retiring'`;
  await db.owner.sql`update signing_keys set activated_at = now() - interval '50 s' where state = 'active'`;
  const listed = await keys();
  expect(listed.map(({ state, devices }) => [state, devices])).toEqual([
    ['active', 1],
    ['staged', 0],
    ['retiring', 2],
  ]);
});
