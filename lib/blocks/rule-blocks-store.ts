import { and, eq, gt, inArray, isNull, lte, type SQL, sql } from 'drizzle-orm';
import { blocks } from '@/drizzle/schema';
import type { Executor, Tx } from '@/lib/db';
import { type BlockRow, type Lift, liftWhere } from './store';

/** Decisions of a rule that were made until a time. */
export interface MadeByRule {
  ruleId: string;
  before: Date;
}

/** Lifts up to `most` of what a rule made that are in force at `now`, in the order of their ids. */
export async function liftSomeOfRule(
  tx: Tx,
  { ruleId, before }: MadeByRule,
  lift: Lift,
  now: Date,
  most: number,
): Promise<BlockRow[]> {
  const some = tx
    .select({ id: blocks.id })
    .from(blocks)
    .where(and(isOfRule(ruleId), lte(blocks.createdAt, before), isEndingAfter(now)))
    .orderBy(blocks.id)
    .limit(most);
  return liftWhere(tx, inArray(blocks.id, some), lift, now);
}

/** How much of what each of these rules made is in force at `now`. */
export async function countInForce(
  db: Executor,
  ruleIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, number>> {
  if (ruleIds.length === 0) return new Map();
  const rows = await db
    .select({ id: blocks.createdBy, count })
    .from(blocks)
    .where(and(inArray(blocks.createdBy, [...ruleIds]), IS_OF_A_RULE, isEndingAfter(now)))
    .groupBy(blocks.createdBy);
  return new Map(rows.map((row) => [row.id, row.count]));
}

/** The same of one rule, of what was made until a time. */
export async function countLeft(db: Executor, { ruleId, before }: MadeByRule, now: Date): Promise<number> {
  const [row] = await db
    .select({ count })
    .from(blocks)
    .where(and(isOfRule(ruleId), lte(blocks.createdAt, before), isEndingAfter(now)));
  return row?.count ?? 0;
}

const count = sql<number>`count(*)::int`;
/** Spelled as in the condition of the indexes. */
const IS_OF_A_RULE = sql`${blocks.origin} = 'rule'`;

/** Decisions of a rule. */
export function isOfRule(ruleId: string): SQL | undefined {
  return and(eq(blocks.createdBy, ruleId), IS_OF_A_RULE);
}

/** In force at a time, of what ends by itself, as everything does that a rule makes. */
function isEndingAfter(now: Date): SQL | undefined {
  return and(isNull(blocks.liftedAt), gt(blocks.expiresAt, now));
}
