import { and, desc, eq, inArray } from 'drizzle-orm';
import { pinSetVersions, protectedOrigins } from '@/drizzle/schema';
import { PIN_PROBLEMS, type Pin, type PinProblem, pinSchema } from '@/lib/contracts';
import type { OriginId } from '@/lib/core';
import type { Executor, Tx } from '@/lib/db';

/** A published pin set, its pins parsed. */
export interface PinSetRow {
  appId: string;
  version: number;
  originId: OriginId;
  host: string;
  pins: Pin[];
  reportOnly: boolean;
  reason: string;
  overridden: PinProblem[];
  publishedByName: string;
  publishedAt: Date;
  seq: number;
}

/** Inserts a set, before its place in the change feed is known. */
export async function insertPinSet(tx: Tx, row: Omit<PinSetRow, 'seq'>): Promise<void> {
  await tx.insert(pinSetVersions).values({ ...row, seq: 0 });
}

export async function setPinSetSeq(tx: Tx, appId: string, version: number, seq: number): Promise<void> {
  await tx
    .update(pinSetVersions)
    .set({ seq })
    .where(and(eq(pinSetVersions.appId, appId), eq(pinSetVersions.version, version)));
}

/** The sets in force of these origins. */
export async function currentPinSets(
  db: Executor,
  originIds: readonly string[],
): Promise<ReadonlyMap<string, PinSetRow>> {
  if (originIds.length === 0) return new Map();
  const rows = await db
    .select({ set: pinSetVersions })
    .from(protectedOrigins)
    .innerJoin(
      pinSetVersions,
      and(
        eq(pinSetVersions.appId, protectedOrigins.appId),
        eq(pinSetVersions.version, protectedOrigins.pinVersion),
      ),
    )
    .where(inArray(protectedOrigins.id, [...originIds]));
  return new Map(rows.map(({ set }) => [set.originId, toRow(set)]));
}

/** The newest sets of an origin, newest first. */
export async function listPinSets(db: Executor, originId: OriginId, limit: number): Promise<PinSetRow[]> {
  const rows = await db
    .select()
    .from(pinSetVersions)
    .where(eq(pinSetVersions.originId, originId))
    .orderBy(desc(pinSetVersions.version))
    .limit(limit);
  return rows.map(toRow);
}

function toRow(row: typeof pinSetVersions.$inferSelect): PinSetRow {
  return {
    ...row,
    originId: row.originId as OriginId,
    pins: pinSchema.array().parse(row.pins),
    overridden: PIN_PROBLEMS.filter((problem) => row.overridden.includes(problem)),
  };
}
