import { and, desc, eq, sql } from 'drizzle-orm';
import { apis, apps, attestationEvents, cutOffs, deviceInstances, signingKeys } from '@/drizzle/schema';
import type { CutOffScope, CutOffSnapshot } from '@/lib/contracts';
import type { Executor, Tx } from '@/lib/db';

export type CutOffRow = typeof cutOffs.$inferSelect;

/** Serialises the cut-offs of one target until the transaction ends, so that the later one is compared with the other. */
export async function lockTarget(tx: Tx, scope: CutOffScope, target: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(7310530, hashtext(${`${scope} ${target}`}))`);
}

/** The database's clock, in milliseconds: the one that tokens are dated by. */
export async function databaseNowMs(db: Executor): Promise<number> {
  const [row] = await db.execute<{ now: number }>(
    sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`,
  );
  return row?.now ?? Number.NaN;
}

/** Cut-offs of one target, the latest first. */
export async function selectCutOffs(
  db: Executor,
  scope: CutOffScope,
  target: string,
  limit: number,
): Promise<CutOffRow[]> {
  return await db
    .select()
    .from(cutOffs)
    .where(and(eq(cutOffs.scope, scope), eq(cutOffs.target, target)))
    .orderBy(sql`${cutOffs.notBefore} desc nulls last`, desc(cutOffs.createdAt))
    .limit(limit);
}

export async function insertCutOff(tx: Tx, row: Omit<CutOffRow, 'createdAt'>): Promise<CutOffRow> {
  const [made] = await tx
    .insert(cutOffs)
    .values({ ...row, createdAt: sql`clock_timestamp()` })
    .returning();
  if (!made) throw new Error('The cut-off was not stored.');
  return made;
}

/** Whether a cut-off is still stored. */
export async function hasCutOff(tx: Tx, { id }: CutOffSnapshot): Promise<boolean> {
  return (await tx.select({ id: cutOffs.id }).from(cutOffs).where(eq(cutOffs.id, id))).length > 0;
}

/**
 * The apps whose tokens a target concerns: `null` for all of them; `undefined` where there is no such target.
 */
export async function appsOfTarget(
  db: Executor,
  scope: CutOffScope,
  target: string,
): Promise<readonly string[] | null | undefined> {
  switch (scope) {
    case 'organisation':
      return null;
    case 'app':
      return (await db.select({ id: apps.id }).from(apps).where(eq(apps.id, target))).length > 0
        ? [target]
        : undefined;
    case 'api':
      return (await db.select({ appIds: apis.appIds }).from(apis).where(eq(apis.id, target)))[0]?.appIds;
    case 'signing_key': {
      const { kid } = signingKeys;
      return (await db.select({ kid }).from(signingKeys).where(eq(kid, target))).length > 0
        ? null
        : undefined;
    }
    case 'instance': {
      const { appId, id } = deviceInstances;
      const [row] = await db.select({ appId }).from(deviceInstances).where(eq(id, target));
      return row && [row.appId];
    }
  }
}

/** When a key signed: from its first token to its last. `null`: it has signed none, or signs still. */
export async function spanOfKey(
  db: Executor,
  target: string,
): Promise<{ from: Date | null; until: Date | null } | undefined> {
  const { kid, activatedAt, replacedAt, revokedAt } = signingKeys;
  const [row] = await db
    .select({ from: activatedAt, replacedAt, revokedAt })
    .from(signingKeys)
    .where(eq(kid, target));
  return row && { from: row.from, until: row.replacedAt ?? row.revokedAt };
}

/** Tokens that are counted: of these apps (`null`: all), of one device, key or API, issued within a span. */
export interface IssuedTokens {
  apps: readonly string[] | null;
  instanceId?: string;
  kid?: string;
  apiId?: string;
  /** When the first of them may have been issued; absent: whenever. */
  from?: Date | null;
  before: Date;
}

/**
 * How many devices hold a token that was issued in this span and is good: accepted attestations, with the lifetime that
 * the policy of their app gives a token now, that no cut-off and no revoked key refuses already.
 */
export async function countHolders(db: Executor, issued: IssuedTokens, now: Date): Promise<number> {
  const oldest = new Date(now.getTime() - (await longestTokenSeconds(db)) * 1000);
  const from = issued.from && issued.from > oldest ? issued.from : oldest;
  if (issued.before <= from) return 0;
  const { receivedAt, instanceId, appId, verdict, subjectId } = attestationEvents;
  // A parameter of a hand-written fragment carries no type that the driver would know a date by.
  const [fromText, beforeText, nowText] = [from, issued.before, now].map((at) => at.toISOString());
  const [row] = await db.execute<{ devices: number }>(sql`
    with cut as (
      select scope, target, max(not_before) as until from ${cutOffs}
      where not_before > ${fromText}::timestamptz group by scope, target
    ), lifetimes as (
      select a.id as app_id, make_interval(secs => (p.policy->>'tokenTtlSeconds')::int) as lifetime
      from apps a join policy_versions p on p.app_id = a.id and p.version = a.policy_version
    ), revoked as (
      select k.activated_at, coalesce(k.replaced_at, k.revoked_at) as until from ${signingKeys} k
      where k.state = 'revoked'
    )
    select count(distinct ${instanceId})::int as devices
    from ${attestationEvents}
    join lifetimes on lifetimes.app_id = ${appId}
    left join cut by_organisation on by_organisation.scope = 'organisation'
    left join cut by_app on by_app.scope = 'app' and by_app.target = ${appId}
    left join cut by_device on by_device.scope = 'instance' and by_device.target = ${instanceId}::text
    left join cut by_key on by_key.scope = 'signing_key' and by_key.target = ${issued.kid ?? null}::text
    left join cut by_api on by_api.scope = 'api' and by_api.target = ${issued.apiId ?? null}::text
    where ${receivedAt} >= ${fromText}::timestamptz and ${receivedAt} < ${beforeText}::timestamptz
      and ${verdict} <> 'rejected' and ${instanceId} is not null
      and ${receivedAt} + lifetimes.lifetime > ${nowText}::timestamptz
      and ${receivedAt} >= coalesce(
        greatest(by_organisation.until, by_app.until, by_device.until, by_key.until, by_api.until), '-infinity')
      and not exists (
        select from revoked where ${receivedAt} >= revoked.activated_at and ${receivedAt} < revoked.until)
      ${issued.apps === null ? sql`` : sql`and ${appId} = any(${sql.param([...issued.apps])}::text[])`}
      ${issued.instanceId === undefined ? sql`` : sql`and ${subjectId} = ${issued.instanceId}::uuid`}`);
  return row?.devices ?? 0;
}

/** Lifetime of the longest-lived token that any app's policy gives now, in seconds: how far back there is to look. */
async function longestTokenSeconds(db: Executor): Promise<number> {
  const [row] = await db.execute<{ seconds: number | null }>(sql`
    select max((p.policy->>'tokenTtlSeconds')::int) as seconds
    from apps a join policy_versions p on p.app_id = a.id and p.version = a.policy_version`);
  return row?.seconds ?? 0;
}
