import type postgres from 'postgres';
import type { Database } from '@/lib/db';

/** Held while scheduled work is done, so that one process does it at a time. */
const JOBS_LOCK = 7_310_502;
/** Rows deleted by one statement: small enough that nobody waits for it. */
const DELETE_BATCH = 10_000;

/** Where each statement is a transaction of its own: work that is cut short keeps what it did. */
export type JobSql = postgres.Sql;
/** Asked between pieces of work that may have many: what is left is done another time. */
export type MayGoOn = () => boolean;

/**
 * Runs `work` unless another process is at it; tells whether it ran. A transaction that does nothing else holds the lock,
 * so that it ends with this process; the work is done beside it.
 */
export async function underJobsLock(
  { sql }: Database,
  work: (sql: JobSql) => Promise<unknown>,
): Promise<boolean> {
  return await sql.begin(async (tx) => {
    const [lock] = await tx<{ taken: boolean }[]>`select pg_try_advisory_xact_lock(${JOBS_LOCK}) as taken`;
    if (lock?.taken !== true) return false;
    await work(sql);
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
export async function deleteExpiredChallenges(sql: JobSql, mayGoOn: MayGoOn): Promise<number> {
  return await inBatches(mayGoOn, async () => {
    const result = await sql`
      delete from consumed_challenges where digest in (
        select digest from consumed_challenges where expires_at < clock_timestamp() - interval '10 minutes'
        order by expires_at limit ${DELETE_BATCH})`;
    return result.count;
  });
}

/** Deletes acknowledgements of changes that are older than 7 days. */
export async function deleteOldAcknowledgements(sql: JobSql, mayGoOn: MayGoOn): Promise<number> {
  return await inBatches(mayGoOn, async () => {
    const result = await sql`
      delete from change_acks where (seq, node_id) in (
        select seq, node_id from change_acks where applied_at < clock_timestamp() - interval '7 days'
        order by applied_at limit ${DELETE_BATCH})`;
    return result.count;
  });
}

/** Deletes what blocks met longer ago than 30 days. */
export async function deleteOldBlockHits(sql: JobSql, mayGoOn: MayGoOn): Promise<number> {
  return await inBatches(mayGoOn, async () => {
    const result = await sql`
      delete from block_hits where (block_id, hour, writer) in (
        select block_id, hour, writer from block_hits where hour < clock_timestamp() - interval '30 days'
        order by hour limit ${DELETE_BATCH})`;
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

/** Drops the daily partitions that no app keeps any more. Returns how many. */
export async function dropExpiredPartitions(sql: JobSql): Promise<number> {
  for (let dropped = 0; ; dropped++) {
    const [row] = await sql<{ child: string | null }[]>`select countersign_drop_expired_partition() as child`;
    if (!row?.child) return dropped;
  }
}

/** Sums what has ended since into what the overview reads. Returns how many pieces of it. */
export async function summarise(sql: JobSql, mayGoOn: MayGoOn): Promise<number> {
  for (let done = 0; ; ) {
    const [row] = await sql<{ more: boolean }[]>`select countersign_summarise() as more`;
    if (row?.more !== true) return done;
    done += 1;
    if (!mayGoOn()) return done;
  }
}

/** Links rejected days that are not yet, and counts links that are not yet. Returns how many days were linked. */
export async function linkRejectedDays(sql: JobSql, mayGoOn: MayGoOn): Promise<number> {
  const linked = await inBatches(mayGoOn, async () => {
    const [row] = await sql<
      { linked: number }[]
    >`select countersign_link_rejected_days(${DELETE_BATCH}) as linked`;
    return row?.linked ?? 0;
  });
  for (;;) {
    const [row] = await sql<{ apps: number }[]>`select countersign_count_linked_days() as apps`;
    if (!row?.apps || !mayGoOn()) return linked;
  }
}

/** Notes which devices were rejected in which minutes since. Returns how many pieces of it, but for the last. */
export async function noteRejections(sql: JobSql, mayGoOn: MayGoOn): Promise<number> {
  for (let done = 0; ; ) {
    const [row] = await sql<{ more: boolean }[]>`select countersign_note_rejections() as more`;
    if (row?.more !== true) return done;
    done += 1;
    if (!mayGoOn()) return done;
  }
}

/** Deletes what apps keep for less long than others. Returns how many rows. */
export async function deleteExpiredRows(sql: JobSql, mayGoOn: MayGoOn): Promise<number> {
  return await inBatches(mayGoOn, async () => {
    const [row] = await sql<
      { gone: number }[]
    >`select countersign_delete_expired_rows(${DELETE_BATCH}) as gone`;
    return row?.gone ?? 0;
  });
}

/** Forgets addresses that are older than their apps keep them. Returns of how many rows. */
export async function forgetAddresses(sql: JobSql, mayGoOn: MayGoOn): Promise<number> {
  for (let total = 0; ; ) {
    const [row] = await sql<{ forgotten: number; finished: boolean }[]>`
      select forgotten, finished from countersign_forget_addresses(${DELETE_BATCH})`;
    if (row === undefined || row.finished) return total;
    total += row.forgotten;
    if (!mayGoOn()) return total;
  }
}

/** Asks for a new token-signing key where the one that signs has done so for as long as the schedule says. */
export async function requestScheduledRotation(sql: JobSql): Promise<number> {
  const result = await sql`
    insert into signing_key_rotations (id, reason, requested_by, requested_by_name, requested_at)
    select gen_random_uuid(), 'Scheduled every ' || s.rotate_every_days || ' days.', 'schedule', 'Schedule',
      clock_timestamp()
    from signing_key_schedule s
    where clock_timestamp() >= (
      select max(coalesce(activated_at, created_at)) from signing_keys where state = 'active'
    ) + s.rotate_every_days * interval '24 hours'
    on conflict do nothing`;
  return result.count;
}

async function inBatches(mayGoOn: MayGoOn, deleteSome: () => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const deleted = await deleteSome();
    total += deleted;
    if (deleted < DELETE_BATCH || !mayGoOn()) return total;
  }
}
