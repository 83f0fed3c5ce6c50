import { drizzle } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import * as schema from '@/drizzle/schema';
import { isConnectionLost } from './lost-connection';
import type { Database, Executor } from './open';

/** How long each of the statements takes that keep a connection busy until a cancellation is delivered. */
const KEPT_S = 0.05;

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
  let delivery: Promise<void> | undefined;
  const cancel = () => {
    delivery = query && cancellation(query);
  };
  signal.addEventListener('abort', cancel, { once: true });
  let isEnded = false;
  let isMet = false;
  try {
    return (await (isRaw ? query?.values() : query)) ?? [];
  } catch (error) {
    isEnded = isConnectionLost(error);
    isMet = isCancelled(error);
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
    // One that has ended the driver would hand out without a socket.
    if (!isEnded) {
      if (delivery === undefined || isMet) connection.release();
      else void releaseAfter(delivery, connection);
    }
    signal.throwIfAborted();
  }
}

/**
 * Cancels a statement; resolves when that can hit nothing any more. A cancellation travels on a connection of its own and names the session,
 * not the statement: where its statement ends before it arrives, it hits the next one. The server closes that connection when it has
 * signalled the session, which the driver waits for, and tells nobody.
 */
async function cancellation(query: object): Promise<void> {
  const { canceller } = query as { canceller: ((query: object) => Promise<void>) | null };
  // What cannot be delivered hits nothing either.
  await canceller?.(query).catch(() => undefined);
}

/** Gives a connection back when a cancellation is delivered, unless it has ended by then. */
async function releaseAfter(delivery: Promise<void>, connection: postgres.ReservedSql): Promise<void> {
  let isDelivered = false;
  void delivery.then(() => {
    isDelivered = true;
  });
  // Only a statement that is running learns from the driver that its connection has ended; and a late cancellation meets this one.
  while (!isDelivered) {
    try {
      await connection.unsafe(`select pg_sleep(${KEPT_S})`);
    } catch (error) {
      if (!isCancelled(error)) return;
    }
  }
  connection.release();
}

/** Whether a cancellation has met the statement. */
function isCancelled(error: unknown): boolean {
  return (error as { code?: unknown }).code === '57014';
}
