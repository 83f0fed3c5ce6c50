import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import { deviceInstances, pinRotations } from '@/drizzle/schema';
import { ADOPTION_WINDOW_DAYS, type RotationState } from '@/lib/contracts';
import type { OriginId, RotationId } from '@/lib/core';
import type { Executor, Tx } from '@/lib/db';

export type RotationRow = typeof pinRotations.$inferSelect;

/** States in which a rotation is under way. */
export const OPEN_STATES: readonly RotationState[] = ['adopting', 'switching', 'confirmed'];

/** Inserts a rotation; `false` where one is under way, also one that commits first in a race. */
export async function insertRotation(tx: Tx, row: typeof pinRotations.$inferInsert): Promise<boolean> {
  const made = await tx
    .insert(pinRotations)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: pinRotations.id });
  return made.length === 1;
}

/** The rotation of an origin that is under way, locked until the transaction ends. */
export async function lockOpenRotation(tx: Tx, originId: OriginId): Promise<RotationRow | undefined> {
  const [row] = await tx
    .select()
    .from(pinRotations)
    .where(and(eq(pinRotations.originId, originId), inArray(pinRotations.state, [...OPEN_STATES])))
    .for('no key update');
  return row;
}

/** Moves a rotation on, if it is still in one of these states. */
export async function moveRotation(
  tx: Tx,
  id: RotationId,
  from: readonly RotationState[],
  change: Partial<RotationRow>,
): Promise<boolean> {
  const rows = await tx
    .update(pinRotations)
    .set(change)
    .where(and(eq(pinRotations.id, id), inArray(pinRotations.state, [...from])))
    .returning({ id: pinRotations.id });
  return rows.length === 1;
}

/** Counts the adoption of an app's rotations that are under way from a version on: those of before tell nothing any more. */
export async function recountAdoption(tx: Tx, appId: string, version: number): Promise<void> {
  await tx
    .update(pinRotations)
    .set({ addedInVersion: version })
    .where(and(eq(pinRotations.appId, appId), inArray(pinRotations.state, [...OPEN_STATES])));
}

/** The rotations of these origins that are under way. */
export async function openRotations(
  db: Executor,
  originIds: readonly string[],
): Promise<ReadonlyMap<string, RotationRow>> {
  if (originIds.length === 0) return new Map();
  const rows = await db
    .select()
    .from(pinRotations)
    .where(
      and(inArray(pinRotations.originId, [...originIds]), inArray(pinRotations.state, [...OPEN_STATES])),
    );
  return new Map(rows.map((row) => [row.originId, row]));
}

export async function listRotations(db: Executor, originId: OriginId, limit: number): Promise<RotationRow[]> {
  return await db
    .select()
    .from(pinRotations)
    .where(eq(pinRotations.originId, originId))
    .orderBy(sql`${pinRotations.startedAt} desc nulls last`, desc(pinRotations.id))
    .limit(limit);
}

/** Devices of an app by the configuration version that they held when they last attested, newest version first. */
export async function devicesByConfig(
  db: Executor,
  appId: string,
  nowMs: number,
): Promise<{ version: number; devices: number }[]> {
  // Whoever is rejected is told nothing, and has nothing to lose.
  return await db
    .select({ version: deviceInstances.configVersion, devices: sql<number>`count(*)::int` })
    .from(deviceInstances)
    .where(
      and(
        eq(deviceInstances.appId, appId),
        sql`${deviceInstances.listedAt} >= ${new Date(nowMs - ADOPTION_WINDOW_DAYS * 86_400_000).toISOString()}::timestamptz`,
        sql`${deviceInstances.verdict} <> 'rejected'`,
      ),
    )
    .groupBy(deviceInstances.configVersion)
    .orderBy(desc(deviceInstances.configVersion));
}
