import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { type Database, openDatabase, type Tx } from '@/lib/db';

let db: TestDatabase;
let one: Database;
beforeAll(async () => {
  db = await createTestDatabase();
  one = openDatabase({ url: db.consoleUrl, applicationName: 'test', max: 1 });
});
afterAll(async () => {
  await one.close();
  await db.close();
});

const kept = async (text: string) =>
  (await one.sql`select 1 from pg_prepared_statements where statement = ${text}`).length;
const ask = (tx: Pick<Tx, 'execute'>, name: string, value: number) =>
  tx.execute<{ value: number }>(sql`select ${value}::int as value, ${sql.raw(`'${name}'`)} as name`);

describe('a statement of the query builder', () => {
  test('is prepared once for all transactions, also within another', async () => {
    for (const value of [1, 2, 3]) {
      const [row] = await one.orm.transaction((tx) => tx.transaction((inner) => ask(inner, 'asked', value)));
      expect(row?.value).toBe(value);
    }
    expect(await kept("select $1::int as value, 'asked' as name")).toBe(1);
  });

  test('is not kept where no transaction asks it', async () => {
    expect((await ask(one.orm, 'outside', 7))[0]?.value).toBe(7);
    expect(await kept("select $1::int as value, 'outside' as name")).toBe(0);
  });

  test('is taken back with its transaction, like any other', async () => {
    const work = one.orm.transaction(async (tx) => {
      await ask(tx, 'asked', 4);
      throw new Error('over');
    });
    await expect(work).rejects.toThrow('over');
    expect((await one.orm.transaction((tx) => ask(tx, 'asked', 5)))[0]?.value).toBe(5);
  });

  test('is one of a bounded number', async () => {
    for (let index = 0; index < 400; index++) {
      const [row] = await one.orm.transaction((tx) => ask(tx, `many ${index}`, index));
      expect(row?.value).toBe(index);
    }
    const [row] = await one.sql`select count(*)::int as count from pg_prepared_statements`;
    expect(row?.count).toBeLessThan(320);
  });
});
