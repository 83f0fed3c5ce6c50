import { drizzle } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import * as schema from '@/drizzle/schema';
import { isConnectionLost } from './lost-connection';
import type { Database, Executor } from './open';

/** How long a connection is kept from others after a cancellation that came when its statement had just ended. */
const LATE_CANCEL_S = 0.25;

type Unsafe = postgres.Sql['unsafe'];

/**
 * Reads that end with `signal`: the statement that is running is cancelled in the server, none begins any more, and the read
 * rejects. Each statement has a connection to itself while it runs, and none in between. For reads only.
 */
export function cancellable({ sql }: Database, signal: AbortSignal): Executor {
  const unsafe = (...statement: Parameters<Unsafe>) => {
    let isRaw = false;
    // Whether rows are wanted as arrays is said right after the statement, before it is sent.
    const rows = Promise.resolve().then(() => runAlone(sql, signal, statement, isRaw));
    const values = () => {
      isRaw = true;
      return rows;
    };
    return Object.assign(rows, { values });
  };
  // Of a client the query builder uses the parsers and, for reads, `unsafe`; a transaction it cannot begin on this one.
  return drizzle({ options: sql.options, unsafe } as unknown as postgres.Sql, { schema });
}

async function runAlone(
  sql: postgres.Sql,
  signal: AbortSignal,
  statement: Parameters<Unsafe>,
  isRaw: boolean,
): Promise<readonly unknown[]> {
  signal.throwIfAborted();
  // Alone, because the driver sends statements of others after it on the same connection: cancelling would hit those.
  const connection = await sql.reserve();
  const query = signal.aborted ? undefined : connection.unsafe(...statement);
  const cancel = () => query?.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const rows = await (isRaw ? query?.values() : query);
    if (query !== undefined && signal.aborted) void absorbCancellation(connection);
    else connection.release();
    return rows ?? [];
  } catch (error) {
    releaseAfter(error, connection);
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
    signal.throwIfAborted();
  }
}

/** Gives a connection back once a cancellation that came when its statement had just ended has met this one instead of somebody else's. */
async function absorbCancellation(connection: postgres.ReservedSql): Promise<void> {
  try {
    await connection.unsafe(`select pg_sleep(${LATE_CANCEL_S})`);
    connection.release();
  } catch (error) {
    releaseAfter(error, connection);
  }
}

/** Gives a connection back, unless it has ended: the driver would hand it out without a socket. */
function releaseAfter(error: unknown, connection: postgres.ReservedSql): void {
  if (!isConnectionLost(error)) connection.release();
}
