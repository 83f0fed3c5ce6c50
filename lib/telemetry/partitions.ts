import type { Database } from '@/lib/db';
import { ensurePartitions, inTransaction, isPartitionMissing, type Sql } from './store';

const DAY_MS = 86_400_000;

/** Runs `work` in one transaction, on days that have partitions. */
export async function inTransactionOnDays<Result>(
  db: Pick<Database, 'sql'>,
  instantsMs: Iterable<number>,
  work: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  return onDays(db, instantsMs, () => inTransaction(db, work));
}

/**
 * Runs `work`, which writes all or nothing. Where a day of the rows has no partition, because the scheduled work did not
 * run for long or the rows are old, the days of `instantsMs` are made and `work` runs once more: what is late is not lost.
 */
export async function onDays<Result>(
  db: Pick<Database, 'sql'>,
  instantsMs: Iterable<number>,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isPartitionMissing(error)) throw error;
    await ensurePartitions(db.sql, daysOf(instantsMs));
    return await work();
  }
}

/** The distinct UTC days of the instants, as `YYYY-MM-DD`. */
function daysOf(instantsMs: Iterable<number>): string[] {
  const days = new Set<number>();
  for (const instant of instantsMs) days.add(Math.floor(instant / DAY_MS));
  return [...days].sort((a, b) => a - b).map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10));
}
