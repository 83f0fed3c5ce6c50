import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { seedApp } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import { systemClock } from '@/lib/core';
import { createAddressGuard } from '@/lib/outbound';
import { readEndorsements, refreshStatusList, requestListCheck, setListAge } from './index';
import { selectStatusList } from './store/status-list';
import { type StandIn, startStandIn } from './testing/endorser';

const guard = createAddressGuard(['127.0.0.0/8']);
const LIST = JSON.stringify({
  entries: { a1: { status: 'REVOKED', reason: 'KEY_COMPROMISE' }, 17: { status: 'SUSPENDED' } },
});

let db: TestDatabase;
let google: StandIn;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank');
});
afterAll(() => db.close());
beforeEach(async () => {
  google = await startStandIn();
  await db.owner.sql`
    update status_lists set body = null, digest = null, fetched_at = null, entries = 0, previous_entries = null,
      etag = null, last_modified = null, source = null, attempts = 0, last_error = null, next_check_at = now(),
      checked_at = null, changed_at = null, max_age_hours = 72`;
});
afterEach(() => google.close());

const ctx = (role: 'admin' | 'analyst' = 'admin') => ({
  db: db.console,
  actor: actorWith(role),
  clock: systemClock,
});
const refresh = (timeoutMs = 2_000) =>
  refreshStatusList(db.service, { url: `${google.url}/attestation/status`, guard, timeoutMs });
const due = () => db.owner.sql`update status_lists set next_check_at = now()`;
const list = async () => (await readEndorsements(ctx())).statusList;
const changes = async () => {
  const [row] = await db.owner.sql<{ count: number }[]>`
    select count(*)::int as count from change_log where topic = 'status_list'`;
  return row?.count ?? 0;
};

/** Answers as Google does: with validators, and 304 where they are still right. */
function serve(text: string, headers: Record<string, string> = {}): void {
  google.answer(({ headers: asked }, response) => {
    const etag = `"${Buffer.from(text).toString('base64url').slice(-12)}"`;
    const known = asked['if-none-match'] === etag;
    response.writeHead(known ? 304 : 200, {
      etag,
      'last-modified': 'Mon, 01 Jun 2026 00:00:00 GMT',
      ...headers,
    });
    response.end(known ? undefined : text);
  });
}

describe('the list of revoked keys', () => {
  test('is fetched, kept, and told to the nodes', async () => {
    serve(LIST, { 'cache-control': 'public, max-age=1800' });
    const before = await changes();
    expect(await refresh()).toBe(true);
    expect(await list()).toMatchObject({ entries: 2, previousEntries: null, lastError: null, attempts: 0 });
    expect(await changes()).toBe(before + 1);
    const stored = await selectStatusList(db.service.orm, null);
    expect(stored).toMatchObject({ list: LIST, maxAgeSeconds: 72 * 3_600 });
    expect(await selectStatusList(db.service.orm, stored.digest)).toMatchObject({ list: null });
    const { checkedAt, nextCheckAt } = await list();
    expect(Date.parse(nextCheckAt) - Date.parse(checkedAt ?? '')).toBe(1_800_000);
    expect(google.asked[0]).toMatchObject({ method: 'GET', path: '/attestation/status' });
    expect(google.asked[0]?.headers['accept-encoding']).toBe('identity');
  });

  test('is asked for by its validators, and stays young while it is unchanged', async () => {
    serve(LIST);
    await refresh();
    const first = await selectStatusList(db.service.orm, null);
    await db.owner
      .sql`update status_lists set fetched_at = fetched_at - interval '1 hour', next_check_at = now()`;
    expect(await refresh()).toBe(true);
    expect(google.asked[1]?.headers).toMatchObject({ 'if-modified-since': 'Mon, 01 Jun 2026 00:00:00 GMT' });
    expect(google.asked[1]?.headers['if-none-match']).toBeDefined();
    const second = await selectStatusList(db.service.orm, null);
    expect([second.digest, second.list]).toEqual([first.digest, first.list]);
    expect(second.fetchedAtMs).toBeGreaterThanOrEqual(first.fetchedAtMs ?? 0);
  });

  test('is fetched by one of several processes, and only when it is due', async () => {
    serve(LIST);
    const all = await Promise.all(Array.from({ length: 5 }, () => refresh()));
    expect(all.filter(Boolean)).toHaveLength(1);
    expect(await refresh()).toBe(false);
    expect(google.asked).toHaveLength(1);
    await requestListCheck(ctx());
    expect(await refresh()).toBe(true);
  });

  test('keeps what it has where the source fails, asks again later each time, and says why', async () => {
    serve(LIST);
    await refresh();
    const good = await selectStatusList(db.service.orm, null);
    const bad: [string, Parameters<StandIn['answer']>[0]][] = [
      ['status_unexpected', (_, response) => response.writeHead(500).end()],
      ['list_malformed', (_, response) => response.end('<html>')],
      ['list_empty', (_, response) => response.end('{"entries":{}}')],
      ['redirected', (_, response) => response.writeHead(301, { location: google.url }).end()],
      ['encoding_refused', (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end()],
      ['answer_too_large', (_, response) => response.end(Buffer.alloc(9 * 1024 * 1024, 32))],
      ['timeout', () => undefined],
    ];
    const pauses: number[] = [];
    for (const [error, respond] of bad) {
      google.answer(respond);
      await due();
      await refresh(error === 'timeout' ? 50 : 2_000);
      const { lastError, checkedAt, nextCheckAt } = await list();
      expect(lastError).toBe(error);
      pauses.push((Date.parse(nextCheckAt) - Date.parse(checkedAt ?? '')) / 1000);
    }
    expect(pauses).toEqual([30, 60, 120, 240, 480, 960, 1_920]);
    expect(await selectStatusList(db.service.orm, null)).toEqual(good);
    serve(LIST);
    await due();
    await refresh();
    expect(await list()).toMatchObject({ lastError: null, attempts: 0 });
  });

  test('of another source is asked for without the validators of the first', async () => {
    serve(LIST);
    await refresh();
    await db.owner.sql`update status_lists set checked_at = now() - interval '2 minutes'`;
    const url = `${google.url}/mirror`;
    expect(await refreshStatusList(db.service, { url, guard })).toBe(true);
    expect(google.asked[1]?.headers['if-none-match']).toBeUndefined();
    expect((await list()).source).toBe(url);
  });

  test('is not fetched from a private address that nobody allowed', async () => {
    await refreshStatusList(db.service, { url: google.url, guard: createAddressGuard([]) });
    expect(await list()).toMatchObject({ lastError: 'address_refused', fetchedAt: null });
    expect(google.asked).toHaveLength(0);
  });

  test('may be as old as an administrator says, which every node is told', async () => {
    const before = await changes();
    await setListAge(ctx(), { maxAgeHours: 24, reason: 'a stricter rule' });
    expect((await list()).maxAgeHours).toBe(24);
    await setListAge(ctx(), { maxAgeHours: null, reason: 'no network here' });
    expect(await changes()).toBe(before + 2);
    expect(await selectStatusList(db.service.orm, null)).toMatchObject({ maxAgeSeconds: null });
    const audit = await db.owner
      .sql`select detail from audit_log where action = 'status_list.set_max_age' order by id`;
    expect(audit.map(({ detail }) => detail)).toEqual([
      { before: 72, after: 24 },
      { before: 24, after: null },
    ]);
    for (const attempt of [
      setListAge(ctx('analyst'), { maxAgeHours: 1, reason: 'no' }),
      requestListCheck(ctx('analyst')),
    ])
      await expect(attempt).rejects.toMatchObject({ code: 'permission_denied' });
  });

  test('is an alarm only where a production app needs it', async () => {
    const alarms = async () => (await readEndorsements(ctx())).alarms.map(({ id }) => id);
    expect(await alarms()).not.toContain('status_list_stale');
    await db.owner.sql`
      update apps set environment = 'production', android_packages = '{com.example}' where id = 'bank'`;
    expect(await alarms()).toContain('status_list_stale');
    serve(LIST);
    await refresh();
    expect(await alarms()).not.toContain('status_list_stale');
    await db.owner.sql`update status_lists set previous_entries = 400`;
    expect(await alarms()).toContain('status_list_shrank');
  });

  test('is written by nobody but the service', async () => {
    for (const statement of [
      "update status_lists set body = ''",
      'select body from status_lists',
      'delete from status_lists',
    ])
      await expect(db.console.sql.unsafe(statement)).rejects.toMatchObject({ code: '42501' });
  });
});
