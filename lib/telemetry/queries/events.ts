import { and, eq, type SQL, sql } from 'drizzle-orm';
import { apps, archivedEvidence, attestationEvents, deviceInstances } from '@/drizzle/schema';
import type { AttestationRow } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import { EVENT_FACETS, type FacetFilter, facetConditions, instant, isOneOf, newestFirst } from './conditions';
import type { Cursor } from './cursor';

/** Which events are listed: newest first, within the exact span, of these apps (`null`: all). */
export interface EventScope {
  apps: readonly string[] | null;
  fromMs: number;
  toMs: number;
  filter: FacetFilter;
  /** Only this reference, or only this instance. */
  only?: { reference: string } | { instanceId: string };
}

/** A listed event with its position. */
export type ListedEvent = Cursor & { row: AttestationRow };

const AT_TEXT = sql<string>`${attestationEvents.receivedAt}::text`;

/** Columns of a listed event. */
export const ROW_COLUMNS = {
  id: attestationEvents.id,
  at: AT_TEXT,
  receivedAt: attestationEvents.receivedAt,
  reference: attestationEvents.reference,
  kind: attestationEvents.kind,
  appId: attestationEvents.appId,
  appName: sql<string>`coalesce(${apps.name}, ${attestationEvents.appId})`,
  instanceId: attestationEvents.instanceId,
  verdict: attestationEvents.verdict,
  decidingThreat: attestationEvents.decidingThreat,
  platform: attestationEvents.platform,
  environment: attestationEvents.environment,
  appVersion: attestationEvents.appVersion,
  osVersion: attestationEvents.osVersion,
  model: attestationEvents.model,
  country: attestationEvents.country,
  networkKind: attestationEvents.networkKind,
  networkPrefix: attestationEvents.networkPrefix,
  asn: attestationEvents.asn,
} as const;

/** A listed event as selected. */
export type SelectedEvent = Omit<AttestationRow, 'receivedAt'> & { at: string; receivedAt: Date };

/** One page of events after a position, newest first. Pass one more than is shown to learn whether more follow. */
export async function listEvents(
  db: Executor,
  scope: EventScope,
  after: Cursor | undefined,
  limit: number,
): Promise<ListedEvent[]> {
  const rows = await db
    .select(ROW_COLUMNS)
    .from(attestationEvents)
    .leftJoin(apps, eq(apps.id, attestationEvents.appId))
    .where(
      and(
        appCondition(scope.apps),
        sql`${attestationEvents.receivedAt} >= ${instant(scope.fromMs)}`,
        sql`${attestationEvents.receivedAt} < ${instant(scope.toMs)}`,
        facetConditions(EVENT_FACETS, scope.filter),
        onlyCondition(scope.only),
        after &&
          sql`(${attestationEvents.receivedAt}, ${attestationEvents.id}) < (${after.at}::timestamptz, ${after.id}::uuid)`,
      ),
    )
    .orderBy(newestFirst(attestationEvents.receivedAt), newestFirst(attestationEvents.id))
    .limit(limit);
  return rows.map(listedRow);
}

/** One event with everything that is stored of it. */
export interface StoredEvent {
  row: AttestationRow;
  format: string | null;
  decidingRule: string | null;
  policyVersion: number;
  latencyUs: number;
  node: string;
  detail: unknown;
}

/** An event's id holds the millisecond of its making (UUIDv7); it was received within this of it. */
const ID_TOLERANCE_MS = 60_000;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** The end of the year 9999, beyond which no time can be stored. */
const LAST_MS = 253_402_300_799_000;

/** The event with this id; `undefined` where there is none, or the id is not one of ours. */
export async function findEventById(db: Executor, id: string): Promise<StoredEvent | undefined> {
  const madeMs = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
  if (!UUID_V7.test(id) || madeMs > LAST_MS - ID_TOLERANCE_MS) return undefined;
  return findEvent(
    db,
    sql`${attestationEvents.id} = ${id}::uuid
      and ${attestationEvents.receivedAt} >= ${instant(madeMs - ID_TOLERANCE_MS)}
      and ${attestationEvents.receivedAt} <= ${instant(madeMs + ID_TOLERANCE_MS)}`,
  );
}

/** The newest event with this reference. */
export async function findEventByReference(
  db: Executor,
  reference: string,
): Promise<StoredEvent | undefined> {
  return findEvent(db, sql`${attestationEvents.reference} = ${reference}`);
}

async function findEvent(db: Executor, condition: SQL): Promise<StoredEvent | undefined> {
  const [found] = await db
    .select({
      ...ROW_COLUMNS,
      format: attestationEvents.format,
      decidingRule: attestationEvents.decidingRule,
      policyVersion: attestationEvents.policyVersion,
      latencyUs: attestationEvents.latencyUs,
      node: attestationEvents.node,
      detail: attestationEvents.detail,
    })
    .from(attestationEvents)
    .leftJoin(apps, eq(apps.id, attestationEvents.appId))
    .where(condition)
    .orderBy(newestFirst(attestationEvents.receivedAt))
    .limit(1);
  if (!found) return undefined;
  const { format, decidingRule, policyVersion, latencyUs, node, detail, ...row } = found;
  return { row: listedRow(row).row, format, decidingRule, policyVersion, latencyUs, node, detail };
}

/** How one instance fared in the days before an instant. */
export async function readHistory(
  db: Executor,
  instanceId: string,
  sinceMs: number,
): Promise<{ attestations30d: number; trusted30d: number; firstSeenAt: string } | null> {
  const [counts] = await db
    .select({
      all: sql<number>`count(*)::int`,
      trusted: sql<number>`(count(*) filter (where ${attestationEvents.verdict} = 'trusted'))::int`,
    })
    .from(attestationEvents)
    .where(
      and(
        eq(attestationEvents.subjectId, instanceId),
        sql`${attestationEvents.receivedAt} >= ${instant(sinceMs)}`,
      ),
    );
  const [device] = await db
    .select({ firstSeenAt: deviceInstances.firstSeenAt })
    .from(deviceInstances)
    .where(eq(deviceInstances.id, instanceId));
  if (!device || !counts) return null;
  return {
    attestations30d: counts.all,
    trusted30d: counts.trusted,
    firstSeenAt: device.firstSeenAt.toISOString(),
  };
}

/** Distinct instances with a rejected attestation, counted from the events: exact to the millisecond, any facet. */
export async function countRejectedDevices(db: Executor, scope: EventScope): Promise<number> {
  const [row] = await db
    .select({ devices: sql<number>`count(distinct ${attestationEvents.instanceId})::int` })
    .from(attestationEvents)
    .where(
      and(
        appCondition(scope.apps),
        sql`${attestationEvents.receivedAt} >= ${instant(scope.fromMs)}`,
        sql`${attestationEvents.receivedAt} < ${instant(scope.toMs)}`,
        // Spelled out, so that the index on rejected events is known to answer.
        sql`${attestationEvents.verdict} = 'rejected'`,
        facetConditions(EVENT_FACETS, scope.filter),
      ),
    );
  return row?.devices ?? 0;
}

/** Of these apps; `null`: of every one. */
export function appCondition(scope: readonly string[] | null): SQL | undefined {
  return scope === null ? undefined : isOneOf(EVENT_FACETS.app, scope);
}

/** Of one reference or one instance, where the scope is of that. */
export function onlyCondition(only: EventScope['only']): SQL | undefined {
  if (only === undefined) return undefined;
  return 'reference' in only
    ? eq(attestationEvents.reference, only.reference)
    : eq(attestationEvents.subjectId, only.instanceId);
}

/** A selected event as it is listed. */
export function listedRow({ at, receivedAt, ...row }: SelectedEvent): ListedEvent {
  return { at, id: row.id, row: { ...row, receivedAt: receivedAt.toISOString() } };
}

/** Whether the raw evidence of an event is kept. */
export async function hasArchivedEvidence(
  db: Executor,
  { id, instanceId, receivedAt }: Pick<AttestationRow, 'id' | 'instanceId' | 'receivedAt'>,
): Promise<boolean> {
  const rows = await db
    .select({ id: archivedEvidence.id })
    .from(archivedEvidence)
    .where(
      and(
        eq(archivedEvidence.subjectId, instanceId ?? id),
        eq(archivedEvidence.id, id),
        // Around its moment, so that one partition is read.
        sql`${archivedEvidence.receivedAt} between ${receivedAt}::timestamptz - interval '1 second'
          and ${receivedAt}::timestamptz + interval '1 second'`,
      ),
    );
  return rows.length > 0;
}
