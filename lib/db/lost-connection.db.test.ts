import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { sql as text } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { cancellable, type Database, openDatabase } from '@/lib/db';

let db: TestDatabase;
/** Stands between the pool and the server; what it ends, the server has ended as far as the driver can tell. */
let wire: Server;
const held: Socket[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
  await db.owner.sql`create table notes (id int)`;
  const { hostname, port, searchParams } = new URL(db.ownerUrl);
  const folder = searchParams.get('host');
  wire = createServer((client) => {
    const server = folder === null ? connect(Number(port), hostname) : connect(`${folder}/.s.PGSQL.${port}`);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.pipe(to);
      from.on('error', () => undefined);
    }
    client.on('close', () => server.destroy());
    held.push(client);
  });
  await new Promise<void>((listening) => wire.listen(0, '127.0.0.1', listening));
});
afterAll(async () => {
  wire.close();
  await db.close();
});

/** A pool of one, so that whoever comes next gets the connection that was made again. */
let one: Database;
beforeEach(() => {
  const url = new URL(db.ownerUrl);
  url.searchParams.delete('host');
  url.hostname = '127.0.0.1';
  url.port = String((wire.address() as AddressInfo).port);
  one = openDatabase({ url: url.href, applicationName: 'test-lost', max: 1 });
});
afterEach(async () => {
  await db.owner.sql`delete from notes`;
  await one.close();
});

/** Ends every connection: in order, or by a reset. */
function cut(how: 'end' | 'resetAndDestroy'): void {
  for (const client of held.splice(0)) client[how]();
}

const notes = async () =>
  (await db.owner.sql<{ id: number }[]>`select id from notes order by id`).map(({ id }) => id);
const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(['end', 'resetAndDestroy'] as const)('when a connection ends (%s)', (how) => {
  test('a transaction whose statement runs rejects, and the pool goes on', async () => {
    const work = one.sql.begin(async (tx) => {
      await tx`insert into notes values (1)`;
      setTimeout(() => cut(how), 20);
      await tx`select pg_sleep(20)`;
    });
    await expect(work).rejects.toThrow(/CONNECTION_CLOSED|ECONNRESET/);
    expect(await one.sql`select 1 as one`).toMatchObject([{ one: 1 }]);
    expect(await notes()).toEqual([]);
  });

  test('one of the query builder rejects, also within another', async () => {
    const work = one.orm.transaction((tx) =>
      tx.transaction(async (inner) => {
        setTimeout(() => cut(how), 20);
        await inner.execute(text`select pg_sleep(20)`);
      }),
    );
    await expect(work).rejects.toThrow();
    expect((await one.orm.execute(text`select 1 as one`))[0]).toEqual({ one: 1 });
  });

  test('what its transaction asks later is refused, and hits nobody who has the connection by then', async () => {
    let isRefused = false;
    let isDone = () => {};
    const done = new Promise<void>((resolve) => {
      isDone = resolve;
    });
    const lost = one.sql.begin(async (tx) => {
      await tx`insert into notes values (1)`;
      cut(how);
      await passed(300);
      try {
        await tx`insert into notes values (2)`;
      } catch {
        isRefused = true;
      }
      isDone();
      throw new Error('gives up');
    });
    await expect(lost).rejects.toThrow();
    await one.sql.begin(async (tx) => {
      await tx`insert into notes values (3)`;
      await done;
      await passed(20);
      await tx`insert into notes values (4)`;
    });
    expect(isRefused).toBe(true);
    expect(await notes()).toEqual([3, 4]);
  });

  test('a transaction that asks nothing more does not commit what another has begun', async () => {
    let isDone = () => {};
    const done = new Promise<void>((resolve) => {
      isDone = resolve;
    });
    const lost = one.sql.begin(async (tx) => {
      await tx`insert into notes values (1)`;
      cut(how);
      await passed(300);
      isDone();
    });
    await expect(lost).rejects.toThrow();
    const other = one.sql.begin(async (tx) => {
      await tx`insert into notes values (3)`;
      await done;
      await passed(20);
      await tx`insert into notes values (4)`;
      throw new Error('taken back');
    });
    await expect(other).rejects.toThrow('taken back');
    expect(await notes()).toEqual([]);
  });

  test('a read that has the connection to itself rejects, and the pool goes on', async () => {
    const read = cancellable(one, new AbortController().signal).execute(text`select pg_sleep(20)`);
    setTimeout(() => cut(how), 200);
    await expect(read).rejects.toThrow();
    expect(await one.sql`select 1 as one`).toMatchObject([{ one: 1 }]);
  });
});

test('a transaction that fails by itself is rolled back, and rejects with its error', async () => {
  const work = one.sql.begin(async (tx) => {
    await tx`insert into notes values (1)`;
    throw new Error('own');
  });
  await expect(work).rejects.toThrow('own');
  expect(await notes()).toEqual([]);
  await one.sql.begin((tx) => [tx`insert into notes values (1)`, tx`insert into notes values (2)`]);
  expect(await notes()).toEqual([1, 2]);
});

test('a statement after the end of its transaction is refused', async () => {
  let ask: () => Promise<unknown> = async () => undefined;
  await one.sql.begin(async (tx) => {
    ask = async () => tx`insert into notes values (1)`;
  });
  await expect(ask()).rejects.toThrow('The transaction has ended.');
  expect(await notes()).toEqual([]);
});
