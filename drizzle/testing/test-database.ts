import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { CONSOLE_ROLE, type Database, openDatabase, openDriver, SERVICE_ROLE, urlForRole } from '@/lib/db';
import { ROLE_PASSWORDS, TEMPLATE_DATABASE } from './constants';

/** A database of a test's own, migrated, with a pool under each role. */
export interface TestDatabase {
  ownerUrl: string;
  consoleUrl: string;
  serviceUrl: string;
  owner: Database;
  console: Database;
  service: Database;
  /** Closes the pools and drops the database. */
  close(): Promise<void>;
}

/** Copies the migrated template; 40 ms in memory. Call it once per test file, in `beforeAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const clusterUrl = inject('clusterUrl');
  const name = `countersign_test_${randomBytes(6).toString('hex')}`;
  await administer(clusterUrl, `create database ${name} template ${TEMPLATE_DATABASE} strategy file_copy`);
  const own = new URL(clusterUrl);
  own.pathname = `/${name}`;
  const consoleUrl = urlForRole(own.href, CONSOLE_ROLE, ROLE_PASSWORDS.console);
  const serviceUrl = urlForRole(own.href, SERVICE_ROLE, ROLE_PASSWORDS.service);
  const pools = {
    owner: openDatabase({ url: own.href, applicationName: 'test-owner', max: 3 }),
    console: openDatabase({ url: consoleUrl, applicationName: 'test-console', max: 5 }),
    service: openDatabase({ url: serviceUrl, applicationName: 'test-service', max: 5 }),
  };
  return {
    ownerUrl: own.href,
    consoleUrl,
    serviceUrl,
    ...pools,
    close: async () => {
      await Promise.all(Object.values(pools).map((pool) => pool.close()));
      await administer(clusterUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

async function administer(clusterUrl: string, statement: string): Promise<void> {
  const sql = openDriver(clusterUrl, { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
