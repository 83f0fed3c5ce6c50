import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { appendChange } from '@/lib/changes';
import { signingKeySnapshotSchema } from '@/lib/contracts';
import type { TestCa } from '@/lib/evidence/testing';
import { ensureSigningKey } from '@/lib/signing-keys';
import type { RunningService } from './index';
import { Phone } from './testing/phone';
import { registerTestApp, startTestService, TEST_APP, TEST_MASTER_KEY } from './testing/service';
import { openVault } from './vault';

let db: TestDatabase;
let ca: TestCa;
let service: RunningService;
beforeAll(async () => {
  db = await createTestDatabase();
  ca = await registerTestApp(db);
  service = await startTestService(db);
});
afterAll(async () => {
  await service.close();
  await db.close();
});

const enrol = async () => (await new Phone(ca, 'android').enrol(service.url)).status;

/** Revokes every key that signs or could, and makes a new one, as the owner of the database. */
async function rotate(): Promise<void> {
  const { publicJwk } = await openVault(db.owner, TEST_MASTER_KEY);
  await db.owner.orm.transaction(async (tx) => {
    const rows = await db.owner.sql`
      update signing_keys set state = 'revoked' where state in ('active', 'staged')
      returning kid, public_jwk as "publicJwk", state, status`;
    for (const row of rows) await appendChange(tx, 'signing_key', signingKeySnapshotSchema.parse(row));
  });
  await ensureSigningKey(db.owner, publicJwk);
}

test('a node that could not read a new signing key when it was announced signs with it soon after', async () => {
  expect(await enrol()).toBe(201);
  const isStaged = async () => (await db.owner.sql`select 1 from signing_keys where state = 'staged'`).length;
  await expect.poll(isStaged, { timeout: 5_000 }).toBe(1);
  await db.owner.sql`revoke select on signing_keys from countersign_service`;
  await db.owner.sql`grant select (kid, public_jwk, state, status) on signing_keys to countersign_service`;
  await rotate();
  const isApplied = async () =>
    (await db.owner.sql`select 1 from service_nodes, change_feed where applied_seq = change_feed.seq`).length;
  await expect.poll(isApplied, { timeout: 5_000 }).toBe(1);
  // It has asked for the keys by now, and was refused.
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(service.readiness().isReady).toBe(false);
  await db.owner.sql`grant select on signing_keys to countersign_service`;
  await expect.poll(() => service.readiness().isReady, { timeout: 10_000 }).toBe(true);
  expect(await enrol()).toBe(201);
});

test('a configuration that came back from a backup under the same version is signed anew', async () => {
  const origins = async () => {
    const answer = await fetch(`${service.url}/v1/apps/${TEST_APP.id}/config`);
    const [, payload = ''] = (await answer.text()).split('.');
    return JSON.parse(Buffer.from(payload, 'base64url').toString()).config.protectedOrigins;
  };
  expect(await origins()).toEqual([]);
  const config = JSON.stringify({ pins: [], protectedOrigins: ['https://restored.example'] });
  await db.owner.sql.unsafe(`update apps set config = '${config}' where id = '${TEST_APP.id}';
    update change_feed set epoch = gen_random_uuid()`);
  await expect.poll(origins, { timeout: 5_000 }).toEqual(['https://restored.example']);
});
