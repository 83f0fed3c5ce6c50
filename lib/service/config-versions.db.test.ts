import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { loadApps } from '@/lib/apps';
import { appendChange } from '@/lib/changes';
import { newId } from '@/lib/core';
import type { RunningService } from './index';
import { registerTestApp, startTestService, TEST_APP } from './testing/service';

let db: TestDatabase;
const running: RunningService[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
  await registerTestApp(db);
});
afterAll(() => db.close());
afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.close()));
  await db.owner.sql`delete from pin_rotations`;
  await db.owner.sql`delete from protected_origins`;
});

const within = { timeout: 8_000, interval: 20 };
async function start(): Promise<RunningService> {
  const service = await startTestService(db);
  running.push(service);
  return service;
}
const storedVersion = async () =>
  Number((await db.owner.sql`select config_version from apps where id = ${TEST_APP.id}`)[0]?.config_version);

/** The version that devices are told. */
async function told(service: RunningService): Promise<number> {
  const jws = await (await fetch(`${service.url}/v1/apps/${TEST_APP.id}/config`)).text();
  const payload = Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString();
  return (JSON.parse(payload) as { config: { version: number } }).config.version;
}

/** As if so many configurations had been published. */
async function publish(version: number): Promise<void> {
  await db.owner.sql`update apps set config_version = ${version} where id = ${TEST_APP.id}`;
  await db.console.orm.transaction(async (tx) => {
    const [app] = await loadApps(tx, [TEST_APP.id]);
    if (app) await appendChange(tx, 'app', app.snapshot);
  });
}

/** A rotation of a pin that is under way, whose pin is in this version. */
async function rotation(addedIn: number): Promise<() => Promise<unknown>> {
  const [origin, id] = [newId(Date.now()), newId(Date.now())];
  await db.owner.sql`insert into protected_origins (id, app_id, host, port, include_subdomains, created_at,
    created_by_name, probe_due_at) values (${origin}, ${TEST_APP.id}, 'api.example', 443, false, now(), 't', now())`;
  await db.owner
    .sql`insert into pin_rotations (id, app_id, origin_id, state, new_pin, old_pin, added_in_version,
    target_share, started_at, started_by_name)
    values (${id}, ${TEST_APP.id}, ${origin}, 'adopting', 'new', 'old', ${addedIn}, 0.9, now(), 't')`;
  return async () =>
    (await db.owner.sql`select added_in_version from pin_rotations where id = ${id}`)[0]?.added_in_version;
}
const raises = async () =>
  (
    await db.owner
      .sql`select 1 from audit_log where action = 'app_config.raise' and target_id = ${TEST_APP.id}`
  ).length;

describe('the version of an app’s configuration', () => {
  test('is past every one that a node knew, after a restore that it ran through', async () => {
    const [first, second] = [await start(), await start()];
    const [backup] = await db.owner.sql`select seq from change_feed`;
    const before = await storedVersion();
    await publish(before + 6);
    for (const node of [first, second]) await expect.poll(() => told(node), within).toBe(before + 6);
    const addedIn = await rotation(before);
    const raised = await raises();
    await db.owner.sql.begin(async (sql) => {
      await sql`update change_feed set seq = ${Number(backup?.seq)}`;
      await sql`delete from change_log where seq > ${Number(backup?.seq)}`;
      await sql`update apps set config_version = ${before} where id = ${TEST_APP.id}`;
    });
    for (const node of [first, second]) await expect.poll(() => told(node), within).toBe(before + 7);
    expect([await storedVersion(), await raises(), await addedIn()]).toEqual([
      before + 7,
      raised + 1,
      before + 7,
    ]);
  });

  test('is past every one that can have been, after a restore that begins a new epoch', async () => {
    const before = await storedVersion();
    const addedIn = await rotation(before);
    const raised = await raises();
    await db.owner.sql`update change_feed set epoch = gen_random_uuid()`;
    const after = before + 100_000;
    expect([await storedVersion(), await raises(), await addedIn()]).toEqual([after, raised + 1, after]);
    expect(await told(await start())).toBe(after);
  });
});
