import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import { auditLog } from '@/drizzle/schema';
import type { AuditRow } from '@/lib/contracts';
import type { Executor, Tx } from '@/lib/db';

/** Who acts: a signed-in person, the operator's shell, or the system by itself. */
export interface AuditActor {
  kind: 'staff' | 'cli' | 'system';
  id: string;
  name: string;
}

/** What happened, to what, and why. `action` is a precise verb such as `block.create`. No secret may stand in it. */
export interface AuditEntry {
  action: string;
  targetKind: string;
  targetId: string;
  appId?: string | null;
  reason?: string | null;
  detail?: Record<string, unknown>;
  changeSeq?: number | null;
}

/** Writes one audit row inside the transaction of the change it tells of, or with it does not happen. */
export async function recordAudit(tx: Tx, actor: AuditActor, entry: AuditEntry): Promise<void> {
  await tx.insert(auditLog).values({
    at: sql`clock_timestamp()`,
    actorKind: actor.kind,
    actorId: actor.id,
    actorName: actor.name,
    action: entry.action,
    targetKind: entry.targetKind,
    targetId: entry.targetId,
    appId: entry.appId ?? null,
    reason: entry.reason ?? null,
    detail: entry.detail ?? {},
    changeSeq: entry.changeSeq ?? null,
  });
}

/** Which rows of the log a reader may see: all, those of some apps, and in any case the reader's own. */
export interface AuditReader {
  actorId: string;
  /** `null` for every row, also those that belong to no app. */
  apps: readonly string[] | null;
}

/** What of the log is asked for. */
export interface AuditFilter {
  action?: string | undefined;
  targetKind?: string | undefined;
  targetId?: string | undefined;
  apps: readonly string[];
}

/** One page of the log after the row `beforeId`, newest first. Ids rise with time, so they are the order. */
export async function listAudit(
  db: Executor,
  reader: AuditReader,
  filter: AuditFilter,
  beforeId: number | undefined,
  limit: number,
): Promise<AuditRow[]> {
  const rows = await db
    .select()
    .from(auditLog)
    .where(
      and(
        readableBy(reader),
        filter.action === undefined ? undefined : eq(auditLog.action, filter.action),
        filter.targetKind === undefined ? undefined : eq(auditLog.targetKind, filter.targetKind),
        filter.targetId === undefined ? undefined : eq(auditLog.targetId, filter.targetId),
        filter.apps.length === 0 ? undefined : inArray(auditLog.appId, [...filter.apps]),
        beforeId === undefined ? undefined : lt(auditLog.id, beforeId),
      ),
    )
    .orderBy(desc(auditLog.id))
    .limit(limit);
  return rows.map(toRow);
}

/** Rows of changes that took effect in a span, oldest first: what a chart marks. `apps` null: all apps. */
export async function listAuditedChanges(
  db: Executor,
  span: { from: Date; to: Date },
  apps: readonly string[] | null,
  limit: number,
): Promise<AuditRow[]> {
  const rows = await db
    .select()
    .from(auditLog)
    .where(
      and(
        isNotNull(auditLog.changeSeq),
        gte(auditLog.at, span.from),
        lt(auditLog.at, span.to),
        apps === null ? undefined : or(isNull(auditLog.appId), inArray(auditLog.appId, [...apps])),
      ),
    )
    // As the index is spelled: Postgres would not use it for its own default, `nulls first`.
    .orderBy(sql`${auditLog.at} desc nulls last`, sql`${auditLog.id} desc nulls last`)
    .limit(limit);
  return rows.map(toRow).reverse();
}

/** Rows written after the row `afterId`, oldest first. */
export async function listAuditAfter(db: Executor, afterId: number, limit: number): Promise<AuditRow[]> {
  const rows = await db
    .select()
    .from(auditLog)
    .where(gt(auditLog.id, afterId))
    .orderBy(asc(auditLog.id))
    .limit(limit);
  return rows.map(toRow);
}

/** Id of the newest row; 0 where there is none. */
export async function lastAuditId(db: Executor): Promise<number> {
  const [row] = await db.select({ id: auditLog.id }).from(auditLog).orderBy(desc(auditLog.id)).limit(1);
  return row?.id ?? 0;
}

function readableBy({ actorId, apps }: AuditReader) {
  if (apps === null) return undefined;
  const own = eq(auditLog.actorId, actorId);
  return apps.length === 0 ? own : or(own, inArray(auditLog.appId, [...apps]));
}

function toRow(row: typeof auditLog.$inferSelect): AuditRow {
  const { changeSeq: _, actorId: __, at, detail, ...rest } = row;
  return { ...rest, at: at.toISOString(), detail: toDetail(detail) };
}

/** The column is JSON; `recordAudit` writes objects only, and another shape is no reason to hide the row. */
function toDetail(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : { value };
}
