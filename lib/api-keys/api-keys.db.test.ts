import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vaultKeys } from '@/drizzle/schema';
import { seedApp, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import {
  activateApiKey,
  createApiKey,
  endGraces,
  KeyUseCounters,
  listApiKeys,
  readApiKey,
  recordDeliveries,
  requireApiKey,
  retireApiKeyVersion,
  revokeApiKeyVersion,
  rotateApiKey,
  selectKeySnapshots,
  stageApiKey,
} from '@/lib/api-keys';
import { registerApi } from '@/lib/apps';
import type { Actor } from '@/lib/auth';
import { actorWith, steppedUp } from '@/lib/auth/testing/actors';
import { readChanges, readFeedPosition } from '@/lib/changes';
import type { ApiKeyCreation, ApiKeyView } from '@/lib/contracts';
import { systemClock } from '@/lib/core';
import { createSealingKeyPair } from '@/lib/crypto';

const SECRET = 'sk_live_a-third-partys-key-0123456789';
const HOUR = 3_600;
let db: TestDatabase;
let offsetMs = 0;
const clock = { nowMs: () => systemClock.nowMs() + offsetMs };
const advance = (ms: number) => {
  offsetMs += ms;
};

beforeAll(async () => {
  db = await createTestDatabase();
  const { publicJwk } = await createSealingKeyPair();
  await db.owner.orm
    .insert(vaultKeys)
    .values({ id: 'default', publicJwk, wrappedPrivateKey: Buffer.of(), createdAt: new Date() });
  for (const app of ['bank', 'fleet']) await seedApp(db.owner, app);
});
afterAll(() => db.close());

const as = (actor: Actor) => ({ db: db.console, actor, clock });
const admin = actorWith('admin');
const responder = actorWith('responder');
/** The same person, who has just proved that it is they. */
const proven = () => steppedUp(responder, clock.nowMs());
const reason = 'a yearly rotation';

let made = 0;
/** A managed key of an API of its own. */
async function managed(changes: Partial<ApiKeyCreation> = {}): Promise<ApiKeyView> {
  made += 1;
  const api = `api-${made}`;
  await registerApi(as(admin), { id: api, name: api, appIds: ['bank'], mode: 'enforce' });
  const input = { appId: 'bank', name: `key-${made}`, kind: 'managed' as const, apiIds: [api], ...changes };
  return (await createApiKey(as(admin), input)).key;
}

async function external(value = SECRET): Promise<ApiKeyView> {
  made += 1;
  const input = { appId: 'bank', name: `key-${made}`, kind: 'external' as const, apiIds: [], value };
  return (await createApiKey(as(admin), input)).key;
}

const auditOf = (id: string) =>
  db.owner.sql`select action, reason, detail, change_seq from audit_log where target_id = ${id} order by id`;
const read = (id: string) => readApiKey(as(admin), { id });
const statuses = ({ versions }: Pick<ApiKeyView, 'versions'>) =>
  versions.map(({ version, status }) => `${version} ${status}`);
const rotate = (key: ApiKeyView, fromVersion: number | null, graceSeconds: 0 | 900 | 3600 | 86400 | 604800) =>
  rotateApiKey(as(responder), { id: key.id, fromVersion, graceSeconds, reason });

describe('creating an API key', () => {
  test('commits the key with an active version, one audit row and one change together', async () => {
    const before = await readFeedPosition(db.console.orm);
    const key = await managed();
    expect(statuses(key)).toEqual(['1 active']);
    expect(key).toMatchObject({ kind: 'managed', isRequired: false, devices: 0, devicesBehind: 0 });
    const page = await readChanges(db.console, before.epoch, before.seq + 1);
    expect(page).toMatchObject({
      changes: [{ topic: 'api_key', payload: { id: key.id, versions: [{ version: 1, status: 'active' }] } }],
    });
    const audit = await auditOf(key.id);
    expect(audit.map(({ action }) => action)).toEqual(['api_key.create']);
    expect(Number(audit[0]?.change_seq)).toBe(key.versions[0]?.seq);
  });

  test('refuses an actor without permission', async () => {
    const input = { appId: 'bank', name: 'denied', kind: 'external' as const, apiIds: [], value: SECRET };
    for (const actor of [
      responder,
      actorWith('analyst'),
      actorWith('auditor'),
      actorWith('admin', 'fleet'),
    ]) {
      await expect(createApiKey(as(actor), input)).rejects.toMatchObject({ code: 'permission_denied' });
    }
  });

  test('refuses a name that is taken, an API of another app, and an API that checks a key already', async () => {
    const key = await managed();
    const again = { appId: 'bank', name: key.name, kind: 'external' as const, apiIds: [], value: SECRET };
    await expect(createApiKey(as(admin), again)).rejects.toMatchObject({ fields: { name: 'is taken' } });
    const second = { appId: 'bank', name: 'second', kind: 'managed' as const, apiIds: key.apiIds };
    await expect(createApiKey(as(admin), second)).rejects.toMatchObject({ code: 'api_key_already_exists' });
    const foreign = { ...second, appId: 'fleet' };
    await expect(createApiKey(as(admin), foreign)).rejects.toMatchObject({ code: 'api_not_found' });
    const nowhere = { ...second, appId: 'nowhere' };
    await expect(createApiKey(as(admin), nowhere)).rejects.toMatchObject({ code: 'app_not_found' });
  });

  test('lets the console read neither values nor hashes', async () => {
    for (const column of ['sealed_value', 'value_hash']) {
      await expect(db.console.sql.unsafe(`select ${column} from api_key_versions`)).rejects.toThrow(
        /permission denied/,
      );
    }
    await expect(db.console.sql`select sealed_hook_secret from api_keys`).rejects.toThrow(
      /permission denied/,
    );
    await expect(db.console.sql`update api_key_versions set sealed_value = 'x'`).rejects.toThrow(
      /permission denied/,
    );
  });

  test('makes a managed value of 256 random bits, and nodes learn its hash from its own table', async () => {
    const key = await managed();
    const [snapshot] = await selectKeySnapshots(db.service.orm, [key.id]);
    expect(Buffer.from(snapshot?.versions[0]?.valueHash ?? '', 'base64url')).toHaveLength(32);
    const feed = await db.owner.sql`select payload from change_log where topic = 'api_key'`;
    expect(JSON.stringify(feed)).not.toContain(snapshot?.versions[0]?.valueHash);
  });
});

describe('rotating an API key', () => {
  test('makes the new version active, and lets the old one be used for the grace and no longer', async () => {
    const key = await managed();
    const { key: rotated, seq } = await rotate(key, 1, 900);
    expect(statuses(rotated)).toEqual(['2 active', '1 retiring']);
    const [active, retiring] = rotated.versions;
    expect(active?.seq).toBe(seq);
    const graceMs = Date.parse(retiring?.retiresAt ?? '') - Date.parse(active?.activatedAt ?? '');
    expect(graceMs).toBe(900_000);
    expect((await auditOf(key.id)).at(-1)).toMatchObject({
      action: 'api_key.rotate',
      reason,
      detail: { from: 1, to: 2, graceSeconds: 900 },
    });
    advance(900_000);
    expect((await read(key.id)).versions[1]).toMatchObject({
      status: 'revoked',
      revokedWhy: 'grace_over',
      revokedAt: retiring?.retiresAt,
    });
  });

  test('never moves the end of an earlier version', async () => {
    const key = await managed();
    const first = (await rotate(key, 1, 900)).key.versions[1]?.retiresAt;
    const { key: rotated } = await rotate(key, 2, 604_800);
    expect(statuses(rotated)).toEqual(['3 active', '2 retiring', '1 retiring']);
    expect(rotated.versions[2]?.retiresAt).toBe(first);
  });

  test('ends the old version at once where there is no grace', async () => {
    const key = await managed();
    const { key: rotated } = await rotate(key, 1, 0);
    expect(statuses(rotated)).toEqual(['2 active', '1 revoked']);
    expect(rotated.versions[1]?.revokedWhy).toBe('retired');
  });

  test('lets exactly one of ten at once win', async () => {
    const key = await managed();
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => rotate(key, 1, 900)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'edit_conflict' });
    }
    expect(statuses(await read(key.id))).toEqual(['2 active', '1 retiring']);
    expect(await auditOf(key.id)).toHaveLength(2);
  });

  test('takes the value of a managed key from nobody, and that of an external key from the person', async () => {
    const key = await managed();
    const request = { fromVersion: 1, graceSeconds: 900 as const, reason };
    await expect(
      rotateApiKey(as(admin), { ...request, id: key.id, value: 'from-outside' }),
    ).rejects.toMatchObject({ code: 'request_invalid' });
    const other = await external();
    await expect(rotateApiKey(as(admin), { ...request, id: other.id })).rejects.toMatchObject({
      code: 'request_invalid',
    });
    const { key: rotated } = await rotateApiKey(as(admin), {
      ...request,
      id: other.id,
      value: `${SECRET}-2`,
    });
    expect(statuses(rotated)).toEqual(['2 active', '1 retiring']);
  });

  test('refuses an actor without permission, and a key that is not there', async () => {
    const key = await managed();
    const request = { id: key.id, fromVersion: 1, graceSeconds: 0 as const, reason };
    for (const actor of [actorWith('analyst'), actorWith('auditor'), actorWith('responder', 'fleet')]) {
      await expect(rotateApiKey(as(actor), request)).rejects.toMatchObject({ code: 'permission_denied' });
    }
    await expect(rotateApiKey(as(admin), { ...request, id: crypto.randomUUID() })).rejects.toMatchObject({
      code: 'api_key_not_found',
    });
  });

  test('rolls everything back when the audit row cannot be written', async () => {
    const key = await managed();
    const before = await readFeedPosition(db.console.orm);
    await db.owner.sql.unsafe(`create function refuse_audit() returns trigger language plpgsql as
      $$ begin raise exception 'no audit'; end $$;
      create trigger refuse_audit before insert on audit_log for each row execute function refuse_audit()`);
    await expect(rotate(key, 1, 900)).rejects.toThrow();
    await db.owner.sql.unsafe('drop trigger refuse_audit on audit_log');
    expect(statuses(await read(key.id))).toEqual(['1 active']);
    expect((await readFeedPosition(db.console.orm)).seq).toBe(before.seq);
  });
});

describe('staging a version', () => {
  test('prepares it, and activating it later starts the grace then', async () => {
    const key = await managed();
    const { key: staged } = await stageApiKey(as(responder), { id: key.id });
    expect(statuses(staged)).toEqual(['2 staged', '1 active']);
    await expect(stageApiKey(as(responder), { id: key.id })).rejects.toMatchObject({
      code: 'api_key_transition_refused',
    });
    await expect(rotate(key, 1, 900)).rejects.toMatchObject({ code: 'api_key_transition_refused' });
    const activation = { id: key.id, version: 2, graceSeconds: 900 as const, reason };
    const { key: active } = await activateApiKey(as(responder), activation);
    expect(statuses(active)).toEqual(['2 active', '1 retiring']);
    await expect(activateApiKey(as(responder), activation)).rejects.toMatchObject({
      code: 'api_key_transition_refused',
    });
  });

  test('can be undone by discarding it', async () => {
    const key = await managed();
    await stageApiKey(as(responder), { id: key.id });
    const { key: discarded } = await retireApiKeyVersion(as(responder), {
      ...{ id: key.id, version: 2, reason, override: false },
    });
    expect(statuses(discarded)).toEqual(['2 revoked', '1 active']);
    expect(discarded.versions[0]?.revokedWhy).toBe('discarded');
  });
});

describe('retiring a version', () => {
  const retire = (key: ApiKeyView, version: number, override = false, actor = responder) =>
    retireApiKeyVersion(as(actor), { id: key.id, version, reason, override });

  test('is refused while it is used, unless the person says so and proves who they are', async () => {
    const key = await managed();
    await rotate(key, 1, 604_800);
    const counters = new KeyUseCounters(db.service, 'w1');
    counters.count({ keyId: key.id, version: 1, standing: 'retiring', instanceId: null }, clock.nowMs());
    await counters.flush();
    expect((await read(key.id)).versions[1]).toMatchObject({ isSafeToRetire: false, requestsLastHour: 1 });
    await expect(retire(key, 1)).rejects.toMatchObject({ code: 'api_key_in_use' });
    await expect(retire(key, 1, true)).rejects.toMatchObject({ code: 'step_up_required' });
    expect((await read(key.id)).versions[1]?.status).toBe('retiring');
    const { key: retired } = await retire(key, 1, true, proven());
    expect(statuses(retired)).toEqual(['2 active', '1 revoked']);
    expect((await auditOf(key.id)).at(-1)).toMatchObject({
      action: 'api_key.retire',
      detail: { version: 1, whileInUse: true },
    });
  });

  test('is safe where a day passed without a request', async () => {
    const key = await managed();
    await rotate(key, 1, 604_800);
    const counters = new KeyUseCounters(db.service, 'w1');
    counters.count({ keyId: key.id, version: 1, standing: 'retiring', instanceId: null }, clock.nowMs());
    await counters.flush();
    advance(25 * HOUR * 1000);
    expect((await read(key.id)).versions[1]?.isSafeToRetire).toBe(true);
    expect(statuses((await retire(key, 1)).key)).toEqual(['2 active', '1 revoked']);
  });

  test('refuses the active version, one that has ended, and one that never was', async () => {
    const key = await managed();
    await rotate(key, 1, 0);
    for (const version of [1, 2]) {
      await expect(retire(key, version)).rejects.toMatchObject({ code: 'api_key_transition_refused' });
    }
    await expect(retire(key, 3)).rejects.toMatchObject({ code: 'api_key_version_not_found' });
  });

  test('of an external key is safe only where no device holds it', async () => {
    const key = await external();
    const instanceId = await seedInstance(db.owner, 'bank');
    await recordDeliveries(db.service, [{ instanceId, keyId: key.id, version: 1 }], 'w1');
    await rotateApiKey(as(admin), {
      ...{ id: key.id, fromVersion: 1, graceSeconds: 604_800 as const, reason, value: `${SECRET}-2` },
    });
    await expect(retire(key, 1)).rejects.toMatchObject({ code: 'api_key_in_use' });
    await recordDeliveries(db.service, [{ instanceId, keyId: key.id, version: 2 }], 'w1');
    expect(statuses((await retire(key, 1)).key)).toEqual(['2 active', '1 revoked']);
  });
});

describe('revoking a version in an emergency', () => {
  const revoke = (key: ApiKeyView, version: number, value?: string) =>
    revokeApiKeyVersion(as(proven()), { id: key.id, version, reason, ...(value ? { value } : {}) });

  test('ends the active one at once, gives a successor, and says how many devices have not fetched it', async () => {
    const key = await managed();
    const devices = await Promise.all([1, 2, 3].map(() => seedInstance(db.owner, 'bank')));
    const deliver = (instanceId: string, version: number) =>
      recordDeliveries(db.service, [{ instanceId, keyId: key.id, version }], 'w1');
    for (const instanceId of devices) await deliver(instanceId, 1);
    await expect(
      revokeApiKeyVersion(as(responder), { id: key.id, version: 1, reason }),
    ).rejects.toMatchObject({ code: 'step_up_required' });
    const { key: revoked } = await revoke(key, 1);
    expect(statuses(revoked)).toEqual(['2 active', '1 revoked']);
    expect(revoked.versions[1]?.revokedWhy).toBe('emergency');
    expect(revoked).toMatchObject({ devices: 3, devicesBehind: 3 });
    await deliver(devices[0] ?? '', 2);
    expect(await read(key.id)).toMatchObject({ devices: 3, devicesBehind: 2 });
    expect((await auditOf(key.id)).at(-1)).toMatchObject({
      action: 'api_key.revoke',
      detail: { version: 1, successor: 2 },
    });
  });

  test('makes a staged version the successor', async () => {
    const key = await managed();
    await stageApiKey(as(responder), { id: key.id });
    expect(statuses((await revoke(key, 1)).key)).toEqual(['2 active', '1 revoked']);
  });

  test('may leave an external key without a version, or give it the value that is entered', async () => {
    const key = await external();
    expect(statuses((await revoke(key, 1)).key)).toEqual(['1 revoked']);
    const rotated = await rotateApiKey(as(admin), {
      ...{ id: key.id, fromVersion: null, graceSeconds: 0 as const, reason, value: `${SECRET}-2` },
    });
    expect(statuses(rotated.key)).toEqual(['2 active', '1 revoked']);
    expect(statuses((await revoke(key, 2, `${SECRET}-3`)).key)).toEqual([
      ...['3 active', '2 revoked', '1 revoked'],
    ]);
  });

  test('ends a retiring version and leaves the active one alone', async () => {
    const key = await managed();
    await rotate(key, 1, 604_800);
    expect(statuses((await revoke(key, 1)).key)).toEqual(['2 active', '1 revoked']);
    await expect(revoke(key, 1)).rejects.toMatchObject({ code: 'api_key_transition_refused' });
  });

  test('of two at once one wins', async () => {
    const key = await managed();
    const results = await Promise.allSettled([revoke(key, 1), revoke(key, 1)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(statuses(await read(key.id))).toEqual(['2 active', '1 revoked']);
  });
});

describe('the end of a grace', () => {
  test('is written down once, with its own time, an audit row and a change', async () => {
    const key = await managed();
    await rotate(key, 1, 900);
    await db.owner
      .sql`update api_key_versions set retires_at = date_trunc('milliseconds', clock_timestamp()) - interval '1 second'
      where key_id = ${key.id} and version = 1`;
    const [ended] = await Promise.all([endGraces(db.service, clock), endGraces(db.service, clock)]);
    expect(ended).toBeLessThanOrEqual(1);
    const [row] = await db.owner.sql`select status, revoked_why, revoked_at = retires_at as exact
      from api_key_versions where key_id = ${key.id} and version = 1`;
    expect(row).toEqual({ status: 'revoked', revoked_why: 'grace_over', exact: true });
    expect((await auditOf(key.id)).filter(({ action }) => action === 'api_key.end_grace')).toHaveLength(1);
  });
});

describe('requiring a managed key', () => {
  test('is an admin’s decision, and tells nodes', async () => {
    const key = await managed();
    const request = { id: key.id, isRequired: true, reason };
    await expect(requireApiKey(as(responder), request)).rejects.toMatchObject({ code: 'permission_denied' });
    const { key: required, seq } = await requireApiKey(as(admin), request);
    expect(required.isRequired).toBe(true);
    const [row] = await db.owner.sql`select payload from change_log where seq = ${seq}`;
    expect(row?.payload).toMatchObject({ id: key.id, isRequired: true });
    await expect(requireApiKey(as(admin), { ...request, id: (await external()).id })).rejects.toMatchObject({
      code: 'api_key_transition_refused',
    });
  });
});

describe('reading API keys', () => {
  test('hides those of other apps', async () => {
    const key = await managed();
    expect((await listApiKeys(as(actorWith('auditor', 'fleet')))).keys).toEqual([]);
    await expect(readApiKey(as(actorWith('auditor', 'fleet')), { id: key.id })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await expect(listApiKeys(as(actorWith(null)))).rejects.toMatchObject({ code: 'permission_denied' });
  });
});

test('nothing that was entered stands anywhere in the database', async () => {
  const tables = await db.owner.sql<{ name: string }[]>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'`;
  const hits: string[] = [];
  for (const { name } of tables) {
    const [row] = await db.owner.sql.unsafe<{ hits: number }[]>(
      `select count(*)::int as hits from "${name}" as t where t::text like '%third-partys-key%'`,
    );
    if ((row?.hits ?? 0) > 0) hits.push(name);
  }
  expect(hits).toEqual([]);
});

test('no key is made before there is a vault key to seal it to', async () => {
  const vault = await db.owner.orm.select().from(vaultKeys);
  await db.owner.orm.delete(vaultKeys);
  const input = { appId: 'bank', name: 'too-early', kind: 'external' as const, apiIds: [], value: SECRET };
  await expect(createApiKey(as(admin), input)).rejects.toMatchObject({ code: 'vault_not_ready' });
  await db.owner.orm.insert(vaultKeys).values(vault);
  expect((await listApiKeys(as(admin))).keys.some(({ name }) => name === 'too-early')).toBe(false);
});
