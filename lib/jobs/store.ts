import type postgres from 'postgres';
import type { Database } from '@/lib/db';

/** Held while scheduled work is done, so that one process does it at a time. */
const JOBS_LOCK = 7_310_502;
/** Rows deleted by one statement: small enough that nobody waits for it. */
const DELETE_BATCH = 10_000;

/** A transaction that holds the lock. */
export type JobSql = postgres.TransactionSql;

/** Runs `work` unless another process is at it; tells whether it ran. The lock ends with the transaction. */
export async function underJobsLock(
  { sql }: Database,
  work: (sql: JobSql) => Promise<unknown>,
): Promise<boolean> {
  return await sql.begin(async (tx) => {
    const [lock] = await tx<{ taken: boolean }[]>`select pg_try_advisory_xact_lock(${JOBS_LOCK}) as taken`;
    if (lock?.taken !== true) return false;
    await work(tx);
    return true;
  });
}

/** Makes the daily partitions of the telemetry tables from yesterday to 14 days ahead. Returns how many were missing. */
export async function ensurePartitions(sql: JobSql): Promise<number> {
  const [row] = await sql<{ made: number }[]>`
    select countersign_ensure_partitions(
      (clock_timestamp() at time zone 'UTC')::date - 1, (clock_timestamp() at time zone 'UTC')::date + 14) as made`;
  return row?.made ?? 0;
}

/** Deletes challenges that expired 10 minutes ago: they could not be used again if they came back. */
export async function deleteExpiredChallenges(sql: JobSql): Promise<number> {
  return await inBatches(async () => {
    const result = await sql`
      delete from consumed_challenges where digest in (
        select digest from consumed_challenges where expires_at < clock_timestamp() - interval '10 minutes'
        order by expires_at limit ${DELETE_BATCH})`;
    return result.count;
  });
}

/** Deletes acknowledgements of changes that are older than 7 days. */
export async function deleteOldAcknowledgements(sql: JobSql): Promise<number> {
  return await inBatches(async () => {
    const result = await sql`
      delete from change_acks where (seq, node_id) in (
        select seq, node_id from change_acks where applied_at < clock_timestamp() - interval '7 days'
        order by applied_at limit ${DELETE_BATCH})`;
    return result.count;
  });
}

/** Forgets nodes that stopped, or were not heard of, a day ago. */
export async function deleteGoneNodes(sql: JobSql): Promise<number> {
  const result = await sql`
    delete from service_nodes
    where coalesce(stopped_at, last_seen_at) < clock_timestamp() - interval '1 day'
      and last_seen_at < clock_timestamp() - interval '1 day'`;
  return result.count;
}

async function inBatches(deleteSome: () => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const deleted = await deleteSome();
    total += deleted;
    if (deleted < DELETE_BATCH) return total;
  }
}
