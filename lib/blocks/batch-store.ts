import { and, desc, eq, inArray } from 'drizzle-orm';
import { blockBatches, blockBatchTargets } from '@/drizzle/schema';
import type { Executor, Tx } from '@/lib/db';

export type BatchRow = typeof blockBatches.$inferSelect;

/** Counts of an act that is made in one go. */
export function finishedBatch(devices: number) {
  return {
    state: 'done',
    steppedAt: null,
    devices,
    handled: devices,
    blocked: devices,
    lifted: 0,
    seq: null,
  } as const;
}

export async function insertBatch(tx: Tx, row: BatchRow): Promise<void> {
  await tx.insert(blockBatches).values(row);
}

export async function findBatch(db: Executor, id: string): Promise<BatchRow | undefined> {
  const [row] = await db.select().from(blockBatches).where(eq(blockBatches.id, id));
  return row;
}

/** Acts that somebody does in steps, or left; `createdBy` `null` for everybody's. Newest first. */
export async function unfinishedBatches(
  db: Executor,
  createdBy: string | null,
  most: number,
): Promise<BatchRow[]> {
  const unfinished = inArray(blockBatches.state, ['open', 'undoing']);
  return db
    .select()
    .from(blockBatches)
    .where(createdBy === null ? unfinished : and(unfinished, eq(blockBatches.createdBy, createdBy)))
    .orderBy(desc(blockBatches.createdAt))
    .limit(most);
}

/** The act, locked until the transaction ends: of two who step it, one waits for the other. */
export async function lockBatch(tx: Tx, id: string): Promise<BatchRow | undefined> {
  const [row] = await tx.select().from(blockBatches).where(eq(blockBatches.id, id)).for('update');
  return row;
}

export async function updateBatch(
  tx: Tx,
  id: string,
  set: Partial<Pick<BatchRow, 'state' | 'steppedAt' | 'handled' | 'blocked' | 'lifted' | 'seq'>>,
): Promise<BatchRow | undefined> {
  const [row] = await tx.update(blockBatches).set(set).where(eq(blockBatches.id, id)).returning();
  return row;
}

/** A device that an act is to block. */
export interface BatchTarget {
  instanceId: string;
  appId: string;
}

const ROWS_AT_ONCE = 5_000;

/** Puts devices before an act. A device counts once. */
export async function insertTargets(tx: Tx, batchId: string, targets: readonly BatchTarget[]): Promise<void> {
  for (let from = 0; from < targets.length; from += ROWS_AT_ONCE) {
    await tx
      .insert(blockBatchTargets)
      .values(targets.slice(from, from + ROWS_AT_ONCE).map((target) => ({ ...target, batchId })))
      .onConflictDoNothing();
  }
}

/** Takes up to `most` devices from before an act. */
export async function takeTargets(tx: Tx, batchId: string, most: number): Promise<BatchTarget[]> {
  const some = tx
    .select({ id: blockBatchTargets.instanceId })
    .from(blockBatchTargets)
    .where(eq(blockBatchTargets.batchId, batchId))
    .orderBy(blockBatchTargets.instanceId)
    .limit(most);
  return tx
    .delete(blockBatchTargets)
    .where(and(eq(blockBatchTargets.batchId, batchId), inArray(blockBatchTargets.instanceId, some)))
    .returning({ instanceId: blockBatchTargets.instanceId, appId: blockBatchTargets.appId });
}

/** Takes all that are left. */
export async function dropTargets(tx: Tx, batchId: string): Promise<void> {
  await tx.delete(blockBatchTargets).where(eq(blockBatchTargets.batchId, batchId));
}
