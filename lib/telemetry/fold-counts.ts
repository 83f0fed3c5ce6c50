import type { Database } from '@/lib/db';
import { CountSums, type Counts, decodeCounts, type RecentCounts, type RestCounts, RestSums } from './counts';
import { foldRecent, foldRest, writeRecent, writeRest } from './fold-statements';
import { inTransactionOnDays, onDays } from './partitions';
import { sortedByKey } from './rollup';
import { type JournalledCounts, takeAbandoned } from './store';

/** For how long a writer may fold its counts itself. */
export const ABANDONED_AFTER_MS = 5_000;
/** Batches folded for others in one transaction. */
const MAX_ABANDONED = 500;
/** How often a busy writer folds hours and cells: many batches later most of them add to the same rows. */
const REST_EVERY_MS = 2_000;

/**
 * Counts of batches that have committed, with their ids in the journal. What a batch adds to the rollups commits with it,
 * as one row of the journal; several are folded at once, since most add to the same rows. That is done in two steps:
 * minutes and counters, which live views read, soon; hours and cells, of which there are twice as many rows, later.
 */
export class UnfoldedCounts {
  #ids: string[] = [];
  #sums = new CountSums();
  #restIds: string[] = [];
  #restSums = new RestSums();
  #restFoldedAt = performance.now();

  /** Takes note of a batch. */
  add(id: string, counts: Counts): void {
    this.#ids.push(id);
    this.#sums.add(counts);
  }

  /** All of which nothing is folded; what is added from now on belongs to the next fold. */
  takeRecent(): { ids: string[]; sums: CountSums } {
    const taken = { ids: this.#ids, sums: this.#sums };
    this.#ids = [];
    this.#sums = new CountSums();
    return taken;
  }

  /** Takes note that the recent counts of batches are folded. */
  addRest(ids: readonly string[], rest: RestCounts): void {
    this.#restIds.push(...ids);
    this.#restSums.add(rest);
  }

  /** All of which the recent counts are folded. */
  takeRest(): { ids: string[]; rest: RestCounts } {
    const taken = { ids: this.#restIds, rest: this.#restSums.rest };
    this.#restIds = [];
    this.#restSums = new RestSums();
    this.#restFoldedAt = performance.now();
    return taken;
  }

  /** Whether some are half folded. */
  get hasRest(): boolean {
    return this.#restIds.length > 0;
  }

  /** Whether the other half of them is due. */
  get isRestDue(): boolean {
    return this.hasRest && performance.now() - this.#restFoldedAt >= REST_EVERY_MS;
  }
}

interface FoldingWriter {
  readonly node: string;
  readonly unfolded: UnfoldedCounts;
}

/**
 * Folds what a writer has counted into the rollups, and out of the journal. Where that fails, or where others took a part
 * for abandoned, it is in the journal and is folded from there: nothing is counted twice, nothing is lost.
 * @returns how many batches were folded
 */
export async function foldCounts(db: Database, writer: FoldingWriter): Promise<number> {
  await foldRecentCounts(db, writer);
  return await foldRestOfCounts(db, writer);
}

/**
 * Folds what live views read of what a writer has counted, and now and then the rest; `writer.unfolded.hasRest` says whether
 * some is left for the next time. @returns whether anything was folded
 */
export async function foldDueCounts(db: Database, writer: FoldingWriter): Promise<boolean> {
  const recent = await foldRecentCounts(db, writer);
  const rest = writer.unfolded.isRestDue ? await foldRestOfCounts(db, writer) : 0;
  return recent + rest > 0;
}

async function foldRecentCounts(db: Database, { node, unfolded }: FoldingWriter): Promise<number> {
  const { ids, sums } = unfolded.takeRecent();
  if (ids.length === 0) return 0;
  const { recent } = sums;
  const isFolded = await onDays(db, daysOf(recent), () => foldRecent(db.sql, ids, recent, node));
  if (!isFolded) return 0;
  unfolded.addRest(ids, sums.rest);
  return ids.length;
}

async function foldRestOfCounts(db: Database, { node, unfolded }: FoldingWriter): Promise<number> {
  const { ids, rest } = unfolded.takeRest();
  if (ids.length === 0) return 0;
  const isFolded = await onDays(db, daysOf(rest), () => foldRest(db.sql, ids, rest, node));
  return isFolded ? ids.length : 0;
}

/** Instants in the days of which there must be partitions. */
function daysOf(counts: RecentCounts | RestCounts): number[] {
  return ('minutes' in counts ? counts.minutes : counts.hours).map(({ bucketMs }) => bucketMs);
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
      // In one order, so that two processes that fold for the same writers cannot wait for each other.
      for (const { writer, sums, isRecentFolded } of summedByWriter(batches)) {
        const { recent, rest } = sums;
        instants.push(...daysOf(rest));
        if (!isRecentFolded) await writeRecent(sql, recent, writer);
        await writeRest(sql, rest, writer);
      }
      return batches.length;
    });
    folded += taken;
    if (taken < MAX_ABANDONED) return folded;
  }
}

/** Counts from the journal by writer, those of which nothing is folded apart from the others; in a fixed order. */
function summedByWriter(batches: readonly JournalledCounts[]) {
  const groups = new Map<string, { writer: string; sums: CountSums; isRecentFolded: boolean }>();
  for (const { writer, isRecentFolded, counts } of batches) {
    const key = `${writer}\n${isRecentFolded}`;
    const group = groups.get(key) ?? { writer, sums: new CountSums(), isRecentFolded };
    groups.set(key, group);
    group.sums.add(decodeCounts(counts));
  }
  return sortedByKey(groups);
}
