import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { openDriver } from './driver';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** Where the server says that a connection comes from: an address, or `null` for its Unix socket. */
async function clientAddress(url: string): Promise<string | null | undefined> {
  const sql = openDriver(url, { max: 1, onnotice: () => undefined });
  try {
    const [row] = await sql<{ address: string | null }[]>`select host(inet_client_addr()) as address`;
    return row?.address;
  } finally {
    await sql.end();
  }
}

test('a host parameter names the folder of a socket, and without it the address counts', async (context) => {
  const url = new URL(db.ownerUrl);
  const folder = url.searchParams.get('host');
  if (folder === null || !existsSync(folder)) context.skip('This server is reached by its address only.');
  expect(await clientAddress(url.href)).toBeNull();
  url.searchParams.delete('host');
  expect(await clientAddress(url.href)).toBe('127.0.0.1');
});
