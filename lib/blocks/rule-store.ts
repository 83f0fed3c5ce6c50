import { and, asc, eq, gt, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import { blockRules, blocks } from '@/drizzle/schema';
import type { BlockRuleId } from '@/lib/core';
import type { Executor, Tx } from '@/lib/db';
import { countInForce } from './rule-blocks-store';

export type RuleRow = typeof blockRules.$inferSelect;

/** A rule with what it made: in the last day, and what of all is in force. */
export interface ListedRule {
  rule: RuleRow;
  counts: { blocks24h: number; inForce: number };
}

const present = (id: BlockRuleId): SQL | undefined =>
  and(eq(blockRules.id, id), isNull(blockRules.deletedAt));

/** Inserts a rule; `false` where its app has one of this name. */
export async function insertRule(tx: Tx, row: RuleRow): Promise<boolean> {
  const made = await tx.insert(blockRules).values(row).onConflictDoNothing().returning({ id: blockRules.id });
  return made.length === 1;
}

/** A rule that was not deleted. */
export async function findRule(db: Executor, id: BlockRuleId): Promise<RuleRow | undefined> {
  const [row] = await db.select().from(blockRules).where(present(id));
  return row;
}

/** The same, locked until the transaction ends: the evaluation of it waits, or is waited for. */
export async function lockRule(tx: Tx, id: BlockRuleId): Promise<RuleRow | undefined> {
  const [row] = await tx.select().from(blockRules).where(present(id)).for('update');
  return row;
}

/** A rule, also one that was deleted, locked in the same way: of two who lift what it made one waits for the other. */
export async function lockEvenDeleted(tx: Tx, id: BlockRuleId): Promise<RuleRow | undefined> {
  const [row] = await tx.select().from(blockRules).where(eq(blockRules.id, id)).for('update');
  return row;
}

/** Whether the app has another rule of this name. */
export async function isNameTaken(tx: Tx, { id, appId, name }: RuleRow): Promise<boolean> {
  const rows = await tx
    .select({ id: blockRules.id })
    .from(blockRules)
    .where(
      and(
        eq(blockRules.appId, appId),
        eq(blockRules.name, name),
        isNull(blockRules.deletedAt),
        sql`${blockRules.id} <> ${id}`,
      ),
    );
  return rows.length > 0;
}

export async function updateRule(tx: Tx, id: string, set: Partial<RuleRow>): Promise<void> {
  await tx.update(blockRules).set(set).where(eq(blockRules.id, id));
}

/** Writes down why a rule could not be evaluated; it is due again after the usual time. */
export async function noteFailure(db: Executor, id: BlockRuleId, why: string): Promise<void> {
  await db
    .update(blockRules)
    .set({ evaluatedAt: sql`clock_timestamp()`, evaluationError: why })
    .where(eq(blockRules.id, id));
}

/**
 * The rules of these apps (`null`: all), by app and name, with how many blocks each has made since a time, and how many are in
 * force. Those that were deleted are among them while any of theirs is.
 */
export async function listRuleRows(
  db: Executor,
  appIds: readonly string[] | null,
  since: Date,
  now: Date,
): Promise<ListedRule[]> {
  const rules = await db
    .select()
    .from(blockRules)
    .where(appIds === null ? undefined : inArray(blockRules.appId, [...appIds]))
    .orderBy(asc(blockRules.appId), asc(blockRules.name), asc(blockRules.id));
  const inForce = await countInForce(
    db,
    rules.map(({ id }) => id),
    now,
  );
  const shown = rules.filter(({ id, deletedAt }) => deletedAt === null || inForce.has(id));
  const made = await countMade(
    db,
    shown.map(({ id }) => id),
    since,
  );
  return shown.map((rule) => ({
    rule,
    counts: { blocks24h: made.get(rule.id) ?? 0, inForce: inForce.get(rule.id) ?? 0 },
  }));
}

/** How many blocks each of these rules has made since a time. */
export async function countMade(
  db: Executor,
  ids: readonly string[],
  since: Date,
): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: blocks.createdBy, count: sql<number>`count(*)::int` })
    .from(blocks)
    .where(
      and(inArray(blocks.createdBy, [...ids]), sql`${blocks.origin} = 'rule'`, gt(blocks.createdAt, since)),
    )
    .groupBy(blocks.createdBy);
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** Rules that nobody has evaluated for so many seconds, by the database's clock. */
export async function dueRules(db: Executor, everySeconds: number): Promise<BlockRuleId[]> {
  const rows = await db
    .select({ id: blockRules.id })
    .from(blockRules)
    .where(isDue(everySeconds))
    .orderBy(sql`${blockRules.evaluatedAt} nulls first`);
  return rows.map(({ id }) => id as BlockRuleId);
}

/** Takes a rule that is still due, unless somebody else has it; it is held until the transaction ends. */
export async function takeDueRule(
  tx: Tx,
  id: BlockRuleId,
  everySeconds: number,
): Promise<{ rule: RuleRow; now: Date } | undefined> {
  const [row] = await tx
    .select({ rule: blockRules, nowMs: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::float8` })
    .from(blockRules)
    .where(and(eq(blockRules.id, id), isDue(everySeconds)))
    .for('update', { skipLocked: true });
  return row && { rule: row.rule, now: new Date(row.nowMs) };
}

function isDue(everySeconds: number): SQL | undefined {
  return and(
    eq(blockRules.state, 'active'),
    isNull(blockRules.deletedAt),
    sql`coalesce(${blockRules.evaluatedAt}, '-infinity')
      < clock_timestamp() - make_interval(secs => ${everySeconds})`,
  );
}
