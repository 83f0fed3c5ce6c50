import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SQL, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apps } from '@/drizzle/schema';
import { seedApp } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { cancellable, openDatabase } from '@/lib/db';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank', 'Retail Bank');
});
afterAll(() => db.close());

/** Statements of the console's pool that run, or keep a transaction open. */
async function running(): Promise<string[]> {
  const rows = await db.owner.sql<{ query: string }[]>`
    select query from pg_stat_activity where application_name = 'test-console' and datname = current_database() and state <> 'idle'`;
  return rows.map(({ query }) => query);
}

/** As many as the pool of a test has. */
const CONNECTIONS = 5;

/** The statement on every connection of the pool at once. */
function allConnections(statement: SQL): Promise<unknown> {
  const reads = cancellable(db.console, new AbortController().signal);
  return Promise.all(Array.from({ length: CONNECTIONS }, () => reads.execute(statement)));
}

test('reads what the pool reads, with the same types', async () => {
  const reads = cancellable(db.console, new AbortController().signal);
  const columns = { id: apps.id, createdAt: apps.createdAt, versions: apps.appleBundleIds };
  expect(await reads.select(columns).from(apps)).toEqual(await db.console.orm.select(columns).from(apps));
  expect([...(await reads.execute(sql`select id, revision from apps`))]).toEqual([
    { id: 'bank', revision: 1 },
  ]);
  await expect(reads.execute(sql`select 1 / 0`)).rejects.toMatchObject({ cause: { code: '22012' } });
});

test('ends the statement in the server when it is cancelled, and holds up no other', async () => {
  const controller = new AbortController();
  const read = cancellable(db.console, controller.signal).execute(sql`select pg_sleep(20)`);
  const ended = expect(read).rejects.toMatchObject({ cause: { name: 'AbortError' } });
  await expect.poll(running).toEqual(['select pg_sleep(20)']);
  // More than there are connections: they are sent one behind the other, but not behind this one.
  await Promise.all(Array.from({ length: 40 }, () => db.console.sql`select pg_sleep(0.02)`));
  expect(await running()).toEqual(['select pg_sleep(20)']);
  const abortedMs = performance.now();
  controller.abort();
  await ended;
  expect(await running()).toEqual([]);
  expect(performance.now() - abortedMs).toBeLessThan(1_000);
  await expect(cancellable(db.console, controller.signal).execute(sql`select 1`)).rejects.toBeDefined();
});

test('gives every connection back, however it ends', async () => {
  for (let round = 0; round < 12; round++) {
    const controller = new AbortController();
    const reads = cancellable(db.console, controller.signal);
    const many = Array.from({ length: 8 }, () => reads.execute(sql`select pg_sleep(0.01)`));
    const settled = Promise.allSettled(many);
    setTimeout(() => controller.abort(), 2 * round);
    await settled;
  }
  await expect.poll(running, { timeout: 1_000 }).toEqual([]);
  const all = allConnections(sql`select pg_sleep(0.5)`);
  await expect.poll(async () => (await running()).length).toBe(CONNECTIONS);
  await all;
});

test('never begins where it was cancelled while every connection was taken', async () => {
  const busy = allConnections(sql`select pg_sleep(1)`);
  await expect.poll(async () => (await running()).length).toBe(CONNECTIONS);
  const controller = new AbortController();
  const ended = expect(
    cancellable(db.console, controller.signal).execute(sql`select pg_sleep(19)`),
  ).rejects.toBeDefined();
  controller.abort();
  await Promise.all([busy, ended]);
  expect(await running()).toEqual([]);
});

const CANCEL_REQUEST = 80_877_102;

/** A way to the database on which cancellations, which travel on connections of their own, take so long. */
async function slowlyCancelling(delayMs: number) {
  const target = new URL(db.consoleUrl);
  const sessions: net.Socket[] = [];
  const server = net.createServer((near) => {
    const far = net.connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) socket.on('error', () => socket.destroy());
    near.once('data', async (first) => {
      if (first.length >= 8 && first.readInt32BE(4) === CANCEL_REQUEST) await sleep(delayMs);
      else sessions.push(near);
      far.write(first);
      near.pipe(far);
      far.pipe(near);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
  // The embedded server's socket would go around it.
  url.searchParams.delete('host');
  /** Ends all sessions of now, but not the cancellations that are on their way. */
  const cut = () => {
    for (const session of sessions) session.destroy();
  };
  return { url: url.href, cut, close: () => server.close() };
}

test('a cancellation that comes after its statement has ended meets nobody else’s, however late', async () => {
  const way = await slowlyCancelling(600);
  const pool = openDatabase({ url: way.url, applicationName: 'test-console', max: 1 });
  try {
    const controller = new AbortController();
    const read = cancellable(pool, controller.signal).execute(sql`select pg_sleep(0.3)`);
    const ended = expect(read).rejects.toMatchObject({ cause: { name: 'AbortError' } });
    await expect.poll(running, { interval: 10 }).toEqual(['select pg_sleep(0.3)']);
    controller.abort();
    await ended;
    expect(await pool.sql`select 1 as one from pg_sleep(1)`).toEqual([{ one: 1 }]);
  } finally {
    await pool.close();
    way.close();
  }
});

test('a connection that ends before its cancellation has arrived is not given to others', async () => {
  const way = await slowlyCancelling(600);
  const pool = openDatabase({ url: way.url, applicationName: 'test-console', max: 1 });
  try {
    const controller = new AbortController();
    const read = cancellable(pool, controller.signal).execute(sql`select pg_sleep(0.3)`);
    const ended = expect(read).rejects.toMatchObject({ cause: { name: 'AbortError' } });
    await expect.poll(running, { interval: 10 }).toEqual(['select pg_sleep(0.3)']);
    controller.abort();
    await ended;
    way.cut();
    await sleep(600);
    expect(await pool.sql`select 1 as one`).toEqual([{ one: 1 }]);
  } finally {
    await pool.close();
    way.close();
  }
});
