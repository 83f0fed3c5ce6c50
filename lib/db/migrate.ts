import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import type postgres from 'postgres';
import { spreadOverCitus } from './citus';
import { openDriver } from './driver';

/** The database was migrated by a newer build than this one. */
export class DatabaseTooNewError extends Error {
  constructor(applied: number, known: number) {
    super(
      `The database belongs to a newer version of Countersign (${applied} migrations, this build knows ${known}). ` +
        'Start that version, or restore a backup that this one made.',
    );
    this.name = 'DatabaseTooNewError';
  }
}

/** Serialises migrations of several processes that start at once. */
const MIGRATION_LOCK = 7_310_499;

function migrationsFolder(root: string): string {
  const folder = path.join(root, 'drizzle', 'migrations');
  if (!existsSync(folder)) throw new Error(`No migrations at ${folder}.`);
  return folder;
}

/**
 * Brings the database up to this build's schema; one process at a time, all or nothing per migration. On a Citus cluster
 * its telemetry tables are spread besides.
 * @param ownerUrl - connection of the role that owns the tables.
 * @param root - the project's root folder, which holds `drizzle/migrations`.
 * @returns how many migrations were applied.
 * @throws DatabaseTooNewError where the database is ahead; nothing is changed then.
 */
export async function migrateDatabase(ownerUrl: string, root: string): Promise<number> {
  const folder = migrationsFolder(root);
  const journal = JSON.parse(readFileSync(path.join(folder, 'meta', '_journal.json'), 'utf8')) as {
    entries: unknown[];
  };
  const known = journal.entries.length;
  const sql = openDriver(ownerUrl, { max: 1, onnotice: () => undefined, connect_timeout: 10 });
  try {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`;
    const before = await appliedMigrations(sql);
    if (before > known) throw new DatabaseTooNewError(before, known);
    await migrate(drizzle(sql), { migrationsFolder: folder });
    await spreadOverCitus(sql);
    return known - before;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function appliedMigrations(sql: postgres.Sql): Promise<number> {
  const [table] = await sql`select to_regclass('drizzle.__drizzle_migrations') as name`;
  if (!table?.name) return 0;
  const [row] = await sql<
    { count: number }[]
  >`select count(*)::int as count from drizzle.__drizzle_migrations`;
  return row?.count ?? 0;
}
