import type { Database } from '@/lib/db';
import { CountSums, type Counts, decodeCounts } from './counts';
import { inTransactionOnDays, onDays } from './partitions';
import { foldBatches, writeCounts } from './statements';
import { takeAbandoned } from './store';

/** For how long a writer may fold its counts itself. */
export const ABANDONED_AFTER_MS = 5_000;
/** Batches folded for others in one transaction. */
const MAX_ABANDONED = 500;

/**
 * Counts of batches that have committed, with their ids in the journal. What a batch adds to the rollups commits with it,
 * as one row of the journal; several are folded at once, since most add to the same rows.
 */
export class UnfoldedCounts {
  #ids: string[] = [];
  #sums = new CountSums();

  /** Takes note of a batch. */
  add(id: string, counts: Counts): void {
    this.#ids.push(id);
    this.#sums.add(counts);
  }

  /** All there is; what is added from now on belongs to the next fold. */
  take(): { ids: string[]; sums: CountSums } {
    const taken = { ids: this.#ids, sums: this.#sums };
    this.#ids = [];
    this.#sums = new CountSums();
    return taken;
  }
}

/**
 * Folds what a writer has counted into the rollups, and out of the journal, in one transaction. Where that fails, or
 * where others took a part for abandoned, it is in the journal and is folded from there: nothing is counted twice,
 * nothing is lost. @returns how many batches were folded
 */
export async function foldCounts(
  db: Database,
  { node, unfolded }: { readonly node: string; readonly unfolded: UnfoldedCounts },
): Promise<number> {
  const { ids, sums } = unfolded.take();
  if (ids.length === 0) return 0;
  const counts = sums.read();
  const days = counts.minutes.map(({ bucketMs }) => bucketMs);
  const isFolded = await onDays(db, days, () => foldBatches(db.sql, ids, counts, node));
  return isFolded ? ids.length : 0;
}

/**
 * Folds batches that have been in the journal for `olderThanMs`: of writers that ended before they did, or could not.
 * Any number of processes may do it at once. @returns how many were folded
 */
export async function foldAbandonedCounts(
  db: Pick<Database, 'sql'>,
  olderThanMs = ABANDONED_AFTER_MS,
): Promise<number> {
  let folded = 0;
  for (;;) {
    const instants: number[] = [];
    const taken = await inTransactionOnDays(db, instants, async (sql) => {
      const batches = await takeAbandoned(sql, olderThanMs, MAX_ABANDONED);
      const byWriter = new Map<string, CountSums>();
      for (const { writer, counts } of batches) {
        const sums = byWriter.get(writer) ?? new CountSums();
        byWriter.set(writer, sums);
        sums.add(decodeCounts(counts));
      }
      // In one order, so that two processes that fold for the same writers cannot wait for each other.
      for (const [writer, sums] of [...byWriter].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const counts = sums.read();
        instants.push(...counts.minutes.map(({ bucketMs }) => bucketMs));
        await writeCounts(sql, counts, writer);
      }
      return batches.length;
    });
    folded += taken;
    if (taken < MAX_ABANDONED) return folded;
  }
}
