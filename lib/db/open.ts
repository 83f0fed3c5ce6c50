import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import * as schema from '@/drizzle/schema';
import { openDriver } from './driver';
import { preparingTransactions } from './prepared';

/** The typed query builder over the whole schema. */
export type Orm = PostgresJsDatabase<typeof schema>;
/** A transaction of the query builder; a domain's store takes this or the builder itself. */
export type Tx = Parameters<Parameters<Orm['transaction']>[0]>[0];
/** What a store's function runs on: inside a transaction or not. */
export type Executor = Orm | Tx;

/** An open pool of connections under one role. */
export interface Database {
  readonly orm: Orm;
  /** The driver itself, for LISTEN, COPY and hand-written statements. Dates come as strings from it. */
  readonly sql: postgres.Sql;
  /** Waits up to 5 s for running queries, then closes every connection. */
  close(): Promise<void>;
}

/**
 * For pools that telemetry is read by. By the server's default of 4, Postgres sorts a million rows on disk to put a few thousand
 * groups together: it takes them to be too many for a hash table, and is wrong by a factor of a hundred.
 */
export const READING_WORK_MEM_MB = 16;

/**
 * Opens a pool; the first connection is made by the first query.
 * @param options.url - `postgres://` URL with the role's credentials.
 * @param options.max - most connections held at once.
 * @param options.statementTimeoutMs - after which the server cancels a statement.
 * @param options.workMemMb - what a step of a statement may hold in memory; else what the server allows.
 */
export function openDatabase(options: {
  url: string;
  applicationName: string;
  max?: number;
  statementTimeoutMs?: number;
  workMemMb?: number;
}): Database {
  const sql = openDriver(options.url, {
    max: options.max ?? 10,
    connect_timeout: 5,
    // The driver's own delay grows to 20 s, which is how long a database that is back would be taken for gone.
    backoff: (attempt: number) => Math.min(0.05 * 2 ** attempt, 1),
    idle_timeout: 60,
    max_lifetime: 30 * 60,
    onnotice: () => undefined,
    connection: {
      application_name: options.applicationName,
      statement_timeout: options.statementTimeoutMs ?? 30_000,
      ...(options.workMemMb === undefined ? {} : { work_mem: `${options.workMemMb}MB` }),
    },
  });
  return {
    sql,
    orm: drizzle(preparingTransactions(sql), { schema }),
    close: () => sql.end({ timeout: 5 }),
  };
}
