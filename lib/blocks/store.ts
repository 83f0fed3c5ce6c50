import { and, desc, eq, gt, gte, inArray, isNull, lte, or, type SQL, sql } from 'drizzle-orm';
import { apps, blockHits, blocks, deviceInstances } from '@/drizzle/schema';
import type { BlockEffect, BlockScope } from '@/lib/contracts';
import type { BlockId } from '@/lib/core';
import type { Database, Executor, Tx } from '@/lib/db';

export type BlockRow = typeof blocks.$inferSelect;

/** What a decision is when it is made. */
export type NewBlock = Pick<
  BlockRow,
  | 'id'
  | 'scope'
  | 'effect'
  | 'origin'
  | 'appId'
  | 'target'
  | 'owner'
  | 'batchId'
  | 'reason'
  | 'incident'
  | 'createdBy'
  | 'createdByName'
  | 'createdAt'
  | 'expiresAt'
>;

/** The place of a decision: one stands in each at a time. */
export type BlockPlace = Pick<BlockRow, 'scope' | 'target' | 'appId' | 'effect'>;

/** Who ends a decision, and why. */
export interface Lift {
  by: string;
  byName: string;
  reason: string;
}

/** App that an instance belongs to; `undefined` where there is no such instance. */
export async function appOfInstance(db: Executor, instanceId: string): Promise<string | undefined> {
  const [row] = await db
    .select({ appId: deviceInstances.appId })
    .from(deviceInstances)
    .where(eq(deviceInstances.id, instanceId));
  return row?.appId;
}

export async function appExists(db: Executor, appId: string): Promise<boolean> {
  const rows = await db.select({ id: apps.id }).from(apps).where(eq(apps.id, appId));
  return rows.length > 0;
}

/** Closes what ran out on these targets, so that something new may take its place. */
export async function closeExpired(
  tx: Tx,
  scope: BlockScope,
  targets: readonly string[],
  now: Date,
): Promise<void> {
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
        eq(blocks.scope, scope),
        inArray(blocks.target, [...targets]),
        isNull(blocks.liftedAt),
        lte(blocks.expiresAt, now),
      ),
    );
}

/** Inserts decisions; left out are those whose place is taken, also by one that commits first in a race. */
export async function insertBlocks(tx: Tx, rows: readonly NewBlock[]): Promise<BlockRow[]> {
  if (rows.length === 0) return [];
  return tx
    .insert(blocks)
    .values(rows.map((row) => ({ ...row, seq: 0 })))
    .onConflictDoNothing()
    .returning();
}

/** Writes down where in the change feed decisions stand: the first at `firstSeq`, the others behind it. */
export async function setBlockSeqs(tx: Tx, ids: readonly string[], firstSeq: number): Promise<void> {
  await numberRows(tx, 'seq', ids, firstSeq);
}

export async function setLiftSeqs(tx: Tx, ids: readonly string[], firstSeq: number): Promise<void> {
  await numberRows(tx, 'lift_seq', ids, firstSeq);
}

async function numberRows(
  tx: Tx,
  column: 'seq' | 'lift_seq',
  ids: readonly string[],
  firstSeq: number,
): Promise<void> {
  await tx.execute(sql`
    update blocks b set ${sql.identifier(column)} = ${firstSeq}::bigint + given.place - 1
    from unnest(${sql.param([...ids])}::uuid[]) with ordinality as given (id, place) where b.id = given.id`);
}

/** Lifts a decision that is in force at `now`; `undefined` where it is not, also for the second of two in a race. */
export async function liftIfActive(
  tx: Tx,
  id: BlockId,
  lift: Lift,
  now: Date,
): Promise<BlockRow | undefined> {
  const [row] = await liftWhere(tx, eq(blocks.id, id), lift, now);
  return row;
}

/** Lifts up to `most` decisions of a bulk act that are still in force, in the order of their ids. */
export async function liftSomeOfBatch(
  tx: Tx,
  batchId: string,
  lift: Lift,
  now: Date,
  most: number,
): Promise<BlockRow[]> {
  const some = tx
    .select({ id: blocks.id })
    .from(blocks)
    .where(and(eq(blocks.batchId, batchId), isActiveAt(now)))
    .orderBy(blocks.id)
    .limit(most);
  return liftWhere(tx, inArray(blocks.id, some), lift, now);
}

/** Lifts which of these are in force. */
export function liftWhere(tx: Tx, which: SQL, lift: Lift, now: Date): Promise<BlockRow[]> {
  return tx
    .update(blocks)
    .set({ liftedAt: now, liftedBy: lift.by, liftedByName: lift.byName, liftReason: lift.reason })
    .where(and(which, isActiveAt(now)))
    .returning();
}

export async function findBlock(db: Executor, id: BlockId): Promise<BlockRow | undefined> {
  const [row] = await db.select().from(blocks).where(eq(blocks.id, id));
  return row;
}

export async function findBlocks(db: Executor, ids: readonly string[]): Promise<BlockRow[]> {
  return ids.length === 0
    ? []
    : db
        .select()
        .from(blocks)
        .where(inArray(blocks.id, [...ids]));
}

/** The decision that holds a place at `now`. */
export async function findActive(db: Executor, place: BlockPlace, now: Date): Promise<BlockRow | undefined> {
  const [row] = await db
    .select()
    .from(blocks)
    .where(
      and(
        eq(blocks.scope, place.scope),
        eq(blocks.target, place.target),
        sql`coalesce(${blocks.appId}, '') = ${place.appId ?? ''}`,
        eq(blocks.effect, place.effect),
        isActiveAt(now),
      ),
    );
  return row;
}

/** Decisions in force at `now` under any of these targets, for an app or for every one. */
export async function activeOnTargets(
  db: Executor,
  appId: string,
  targets: readonly { scope: BlockScope; target: string }[],
  now: Date,
): Promise<BlockRow[]> {
  if (targets.length === 0) return [];
  const places = targets.map(({ scope, target }) => sql`(${scope}, ${target})`);
  return db
    .select()
    .from(blocks)
    .where(
      and(
        sql`(${blocks.scope}, ${blocks.target}) in (${sql.join(places, sql`, `)})`,
        or(isNull(blocks.appId), eq(blocks.appId, appId)),
        isActiveAt(now),
      ),
    );
}

/** Decisions about one device, newest first. */
export async function blocksOfTarget(db: Executor, target: string, limit: number): Promise<BlockRow[]> {
  return db
    .select()
    .from(blocks)
    .where(and(eq(blocks.scope, 'instance'), eq(blocks.target, target)))
    .orderBy(sql`${blocks.createdAt} desc nulls last`, desc(blocks.id))
    .limit(limit);
}

/** How often exactly this was blocked since a time. */
export async function countOffences(
  db: Executor,
  { scope, target, appId }: Omit<BlockPlace, 'effect'>,
  since: Date,
): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(blocks)
    .where(
      and(
        eq(blocks.target, target),
        eq(blocks.scope, scope),
        sql`coalesce(${blocks.appId}, '') = ${appId ?? ''}`,
        eq(blocks.effect, 'refuse'),
        gte(blocks.createdAt, since),
      ),
    );
  return row?.count ?? 0;
}

/** Which of the devices have a block, or an allowlist entry, of their own at `now`. */
export async function activeTargets(
  db: Executor,
  targets: readonly string[],
  now: Date,
  effect: BlockEffect = 'refuse',
): Promise<ReadonlySet<string>> {
  if (targets.length === 0) return new Set();
  const rows = await db
    .select({ target: blocks.target })
    .from(blocks)
    .where(
      and(
        eq(blocks.scope, 'instance'),
        eq(blocks.effect, effect),
        inArray(blocks.target, [...targets]),
        isActiveAt(now),
      ),
    );
  return new Set(rows.map((row) => row.target));
}

/** How many blocks refuse something at `now`, for the given apps (`null`: all); what is of every app counts for each. */
export async function countActive(db: Executor, apps: readonly string[] | null, now: Date): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(blocks)
    .where(and(isActiveAt(now), eq(blocks.effect, 'refuse'), isOfApps(apps)));
  return row?.count ?? 0;
}

/** Decisions of these apps and of every app. */
export function isOfApps(appIds: readonly string[] | null): SQL | undefined {
  return appIds === null ? undefined : or(isNull(blocks.appId), inArray(blocks.appId, [...appIds]));
}

/** In force at a time. */
export function isActiveAt(now: Date) {
  return and(isNull(blocks.liftedAt), or(isNull(blocks.expiresAt), gt(blocks.expiresAt, now)));
}

/** What decisions met, to be added to what is stored. */
export interface BlockHit {
  blockId: string;
  hourMs: number;
  attestations: number;
  requests: number;
}

/** Adds what decisions met to the writer's own rows; pass them in the order of their keys. */
export async function addHits({ orm }: Database, writer: string, hits: readonly BlockHit[]): Promise<void> {
  await orm
    .insert(blockHits)
    .values(hits.map(({ hourMs, ...hit }) => ({ ...hit, hour: new Date(hourMs), writer })))
    .onConflictDoUpdate({
      target: [blockHits.blockId, blockHits.hour, blockHits.writer],
      set: {
        attestations: sql`${blockHits.attestations} + excluded.attestations`,
        requests: sql`${blockHits.requests} + excluded.requests`,
      },
    });
}

/** Apps and effects of what a bulk act or an import made. */
export async function appsOfBatch(
  db: Executor,
  batchId: string,
): Promise<Pick<BlockRow, 'appId' | 'effect'>[]> {
  return db
    .selectDistinct({ appId: blocks.appId, effect: blocks.effect })
    .from(blocks)
    .where(eq(blocks.batchId, batchId));
}
