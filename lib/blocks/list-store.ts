import { and, desc, eq, gte, ilike, inArray, isNotNull, lte, or, type SQL, sql } from 'drizzle-orm';
import { apps, blockHits, blocks } from '@/drizzle/schema';
import type { BlockQuery } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import { isOfRule } from './rule-blocks-store';
import { type BlockRow, isActiveAt, isOfApps } from './store';

/** Position in the list: when the last row was made, in Postgres' spelling, and its id. */
export interface BlockPosition {
  at: string;
  id: string;
}

export type ListedRow = BlockPosition & { row: BlockRow; appName: string | null };

/** One page of decisions after a position, newest first. `appIds` null: of every app. */
export async function listBlockRows(
  db: Executor,
  appIds: readonly string[] | null,
  query: Omit<BlockQuery, 'app' | 'cursor' | 'limit'>,
  after: BlockPosition | undefined,
  limit: number,
  now: Date,
): Promise<ListedRow[]> {
  const rows = await db
    .select({ row: blocks, at: sql<string>`${blocks.createdAt}::text`, appName: apps.name })
    .from(blocks)
    .leftJoin(apps, eq(apps.id, blocks.appId))
    .where(
      and(
        isOfApps(appIds),
        stateCondition(query.state, now),
        query.scope.length === 0 ? undefined : inArray(blocks.scope, query.scope),
        query.effect.length === 0 ? undefined : inArray(blocks.effect, query.effect),
        query.origin.length === 0 ? undefined : inArray(blocks.origin, query.origin),
        query.batch === undefined ? undefined : eq(blocks.batchId, query.batch),
        query.rule === undefined ? undefined : isOfRule(query.rule),
        query.incident === undefined ? undefined : isOfIncident(query.incident),
        textCondition(query.q),
        after &&
          sql`${blocks.createdAt} <= ${after.at}::timestamptz
          and (${blocks.createdAt} < ${after.at}::timestamptz or ${blocks.id} < ${after.id}::uuid)`,
      ),
    )
    // As the index is spelled: Postgres would not use it for its own default, `nulls first`.
    .orderBy(sql`${blocks.createdAt} desc nulls last`, desc(blocks.id))
    .limit(limit);
  return rows.map(({ row, at, appName }) => ({ row, at, id: row.id, appName }));
}

function stateCondition(states: BlockQuery['state'], now: Date): SQL | undefined {
  const [state, ...more] = new Set(states);
  if (state === undefined || more.length > 0) return undefined;
  return state === 'active' ? isActiveAt(now) : or(isNotNull(blocks.liftedAt), lte(blocks.expiresAt, now));
}

/** As the index is spelled. */
function isOfIncident(incident: string): SQL | undefined {
  return and(isNotNull(blocks.incident), sql`lower(${blocks.incident}) = lower(${incident})`);
}

function textCondition(q: string): SQL | undefined {
  if (q === '') return undefined;
  // `%` and `_` in what was typed mean themselves.
  const text = q.replace(/[\\%_]/g, '\\$&');
  return or(
    ilike(blocks.target, `${text}%`),
    ilike(blocks.reason, `%${text}%`),
    ilike(blocks.owner, `%${text}%`),
    ilike(blocks.incident, `%${text}%`),
  );
}

/** What decisions met since a time. */
export async function readHits(
  db: Executor,
  ids: readonly string[],
  since: Date,
): Promise<ReadonlyMap<string, { attestations: number; requests: number }>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({
      id: blockHits.blockId,
      attestations: sql<number>`sum(${blockHits.attestations})::float8`,
      requests: sql<number>`sum(${blockHits.requests})::float8`,
    })
    .from(blockHits)
    .where(and(inArray(blockHits.blockId, [...ids]), gte(blockHits.hour, since)))
    .groupBy(blockHits.blockId);
  return new Map(rows.map(({ id, ...hits }) => [id, hits]));
}
