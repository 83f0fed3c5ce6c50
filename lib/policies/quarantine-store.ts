import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { apps, signalQuarantines } from '@/drizzle/schema';
import { type Condition, conditionSchema, type QuarantineSnapshot } from '@/lib/contracts';
import type { Executor, Tx } from '@/lib/db';

type Stored = typeof signalQuarantines.$inferSelect;

/** A quarantine as stored, with its app's name. */
export interface QuarantineRow extends Omit<Stored, 'condition'> {
  condition: Condition;
  appName: string;
}

const SELECTED = { quarantine: signalQuarantines, appName: apps.name };

function parsed({ quarantine, appName }: { quarantine: Stored; appName: string }): QuarantineRow {
  return { ...quarantine, appName, condition: conditionSchema.parse(quarantine.condition) };
}

/** Quarantines of these apps (`null`: all), newest first. */
export async function selectQuarantines(
  db: Executor,
  appIds: readonly string[] | null,
  { onlyActive, limit }: { onlyActive: boolean; limit: number },
): Promise<QuarantineRow[]> {
  const rows = await db
    .select(SELECTED)
    .from(signalQuarantines)
    .innerJoin(apps, eq(apps.id, signalQuarantines.appId))
    .where(
      and(
        appIds === null ? undefined : inArray(signalQuarantines.appId, [...appIds]),
        onlyActive ? isNull(signalQuarantines.endedAt) : undefined,
        onlyActive ? sql`${signalQuarantines.expiresAt} > clock_timestamp()` : undefined,
      ),
    )
    .orderBy(desc(signalQuarantines.createdAt), desc(signalQuarantines.id))
    .limit(limit);
  return rows.map(parsed);
}

export async function findQuarantine(db: Executor, id: string): Promise<QuarantineRow | undefined> {
  const [row] = await db
    .select(SELECTED)
    .from(signalQuarantines)
    .innerJoin(apps, eq(apps.id, signalQuarantines.appId))
    .where(eq(signalQuarantines.id, id));
  return row && parsed(row);
}

export async function insertQuarantine(
  tx: Tx,
  row: Omit<Stored, 'createdAt' | 'expiresAt' | 'endedAt' | 'endedByName' | 'endReason' | 'endSeq'>,
  durationSeconds: number,
): Promise<void> {
  // By the database's clock, which is the nodes': it begins and ends for all of them at the same moment.
  const now = sql`date_trunc('milliseconds', clock_timestamp())`;
  await tx.insert(signalQuarantines).values({
    ...row,
    createdAt: now,
    expiresAt: sql`${now} + ${durationSeconds} * interval '1 second'`,
  });
}

export async function setSeq(tx: Tx, id: string, seq: { seq: number } | { endSeq: number }): Promise<void> {
  await tx.update(signalQuarantines).set(seq).where(eq(signalQuarantines.id, id));
}

/** Ends a quarantine that is in force; `false` where it has ended. */
export async function endIfActive(
  tx: Tx,
  id: string,
  end: { byName: string; reason: string },
): Promise<boolean> {
  const rows = await tx
    .update(signalQuarantines)
    .set({ endedAt: sql`clock_timestamp()`, endedByName: end.byName, endReason: end.reason })
    .where(
      and(
        eq(signalQuarantines.id, id),
        isNull(signalQuarantines.endedAt),
        sql`${signalQuarantines.expiresAt} > clock_timestamp()`,
      ),
    )
    .returning({ id: signalQuarantines.id });
  return rows.length === 1;
}

/** Quarantines that were in force at some time since, with the times between which they were. */
export async function quarantinesSince(
  db: Executor,
  appId: string,
  sinceMs: number,
): Promise<QuarantineSnapshot[]> {
  const rows = await db
    .select()
    .from(signalQuarantines)
    .where(
      and(
        eq(signalQuarantines.appId, appId),
        sql`coalesce(${signalQuarantines.endedAt}, ${signalQuarantines.expiresAt}) >= ${new Date(sinceMs).toISOString()}::timestamptz`,
      ),
    )
    .orderBy(signalQuarantines.createdAt, signalQuarantines.id);
  return rows.map(({ id, threat, condition, createdAt, expiresAt, endedAt }) => ({
    ...{ id, threat, when: conditionSchema.parse(condition), fromMs: createdAt.getTime() },
    toMs: (endedAt ?? expiresAt).getTime(),
  }));
}
