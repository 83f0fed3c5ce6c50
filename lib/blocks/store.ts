import { and, desc, eq, gt, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { blocks, deviceInstances } from '@/drizzle/schema';
import type { BlockId } from '@/lib/core';
import type { Executor, Tx } from '@/lib/db';

export type BlockRow = typeof blocks.$inferSelect;

/** App that an instance belongs to; `undefined` where there is no such instance. */
export async function appOfInstance(db: Executor, instanceId: string): Promise<string | undefined> {
  const [row] = await db
    .select({ appId: deviceInstances.appId })
    .from(deviceInstances)
    .where(eq(deviceInstances.id, instanceId));
  return row?.appId;
}

/** Closes the block of a target that has run out, so that a new one may take its place. */
export async function closeExpired(tx: Tx, target: string, now: Date): Promise<void> {
  await tx
    .update(blocks)
    .set({
      liftedAt: sql`${blocks.expiresAt}`,
      liftedBy: 'system',
      liftedByName: 'Countersign',
      liftReason: 'The block ran out.',
    })
    .where(
      and(
        eq(blocks.scope, 'instance'),
        eq(blocks.target, target),
        isNull(blocks.liftedAt),
        lte(blocks.expiresAt, now),
      ),
    );
}

/** Inserts a block; `undefined` where the target has an active one, also one that commits first in a race. */
export async function insertBlock(
  tx: Tx,
  row: Pick<
    BlockRow,
    'id' | 'appId' | 'target' | 'reason' | 'createdBy' | 'createdByName' | 'createdAt' | 'expiresAt'
  >,
): Promise<BlockRow | undefined> {
  const [made] = await tx
    .insert(blocks)
    .values({ ...row, scope: 'instance', seq: 0 })
    .onConflictDoNothing()
    .returning();
  return made;
}

/** Writes down where in the change feed a block stands. */
export async function setBlockSeq(tx: Tx, id: string, seq: number): Promise<void> {
  await tx.update(blocks).set({ seq }).where(eq(blocks.id, id));
}

export async function setLiftSeq(tx: Tx, id: string, liftSeq: number): Promise<void> {
  await tx.update(blocks).set({ liftSeq }).where(eq(blocks.id, id));
}

/** Lifts a block that is in force at `now`; `undefined` where it is not, also for the second of two in a race. */
export async function liftIfActive(
  tx: Tx,
  id: BlockId,
  lift: { by: string; byName: string; reason: string },
  now: Date,
): Promise<BlockRow | undefined> {
  const [row] = await tx
    .update(blocks)
    .set({ liftedAt: now, liftedBy: lift.by, liftedByName: lift.byName, liftReason: lift.reason })
    .where(and(eq(blocks.id, id), isActiveAt(now)))
    .returning();
  return row;
}

export async function findBlock(db: Executor, id: BlockId): Promise<BlockRow | undefined> {
  const [row] = await db.select().from(blocks).where(eq(blocks.id, id));
  return row;
}

/** Blocks of one target, newest first. */
export async function blocksOfTarget(db: Executor, target: string, limit: number): Promise<BlockRow[]> {
  return db
    .select()
    .from(blocks)
    .where(eq(blocks.target, target))
    .orderBy(sql`${blocks.createdAt} desc nulls last`, desc(blocks.id))
    .limit(limit);
}

/** Which of the targets are blocked at `now`. */
export async function activeTargets(
  db: Executor,
  targets: readonly string[],
  now: Date,
): Promise<ReadonlySet<string>> {
  if (targets.length === 0) return new Set();
  const rows = await db
    .select({ target: blocks.target })
    .from(blocks)
    .where(and(eq(blocks.scope, 'instance'), inArray(blocks.target, [...targets]), isActiveAt(now)));
  return new Set(rows.map((row) => row.target));
}

/** How many blocks are in force at `now`, for the given apps (`null`: all). */
export async function countActive(db: Executor, apps: readonly string[] | null, now: Date): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(blocks)
    .where(and(isActiveAt(now), apps === null ? undefined : inArray(blocks.appId, [...apps])));
  return row?.count ?? 0;
}

function isActiveAt(now: Date) {
  return and(isNull(blocks.liftedAt), or(isNull(blocks.expiresAt), gt(blocks.expiresAt, now)));
}
