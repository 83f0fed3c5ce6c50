import type postgres from 'postgres';
import { encodeTrustVector } from '@/lib/contracts';
import type { Database } from '@/lib/db';
import { hexColumn, plainColumn, textColumn } from './columns';
import type { RequestDelta, RequestEvent } from './request-rows';
import type { InstanceState } from './rows';

/*
 * Hand-written statements for the write path: each takes whole columns as arrays, so that a batch of any size is one
 * prepared statement. Binary columns travel as hexadecimal.
 */

/** A transaction, or the pool itself. */
export type Sql = postgres.Sql;

/** Channel on which readers of telemetry are woken after a commit; the payload is the writer's node id. */
export const EVENTS_CHANNEL = 'countersign_events';

const list = (values: readonly (string | number)[]) => plainColumn(values, (value) => value);

/** What a batch claims. Challenges are sorted by digest, ids by themselves. */
export interface BatchClaims {
  readonly challenges: readonly { readonly digestHex: string; readonly expiresAtMs: number }[];
  /** Instances to be changed. */
  readonly ids: readonly string[];
  /** Instances that something is filed under; they only have to stay. */
  readonly named: readonly string[];
}

/** What a batch holds: challenges that nobody had consumed before (hex), the counters of its instances, what exists. */
export interface Claimed {
  readonly fresh: Set<string>;
  readonly counters: Map<string, number>;
  readonly named: Set<string>;
}

/** Consumes challenges, then locks the instances that exist, in the order of their ids. */
export async function claimBatch(sql: Sql, { challenges, ids, named }: BatchClaims): Promise<Claimed> {
  const rows = await sql<{ kind: 'challenge' | 'instance' | 'named'; name: string; counter: string }[]>`
    with fresh as (${consumeChallenges(sql, challenges)} returning encode(digest, 'hex') as name),
    locked as (
      select id::text as name, counter from device_instances
      where id = any(${list(ids)}::uuid[]) order by id for no key update
    ), kept as (${keepNamed(sql, named)})
    select 'challenge' as kind, name, 0::int8 as counter from fresh
    union all select 'instance', name, counter from locked
    union all select 'named', id::text, 0 from kept`;
  const claimed: Claimed = { fresh: new Set(), counters: new Map(), named: new Set() };
  for (const { kind, name, counter } of rows) {
    if (kind === 'challenge') claimed.fresh.add(name);
    else if (kind === 'named') claimed.named.add(name);
    else claimed.counters.set(name, Number(counter));
  }
  return claimed;
}

/** Consumes the challenges that nobody has consumed yet; a statement that may return them. */
function consumeChallenges(sql: Sql, challenges: BatchClaims['challenges']) {
  return sql`${insertChallenges(sql, challenges)} on conflict (digest) do nothing`;
}

/** Consumes challenges, and fails where one of them has been: a third cheaper than leaving that one out. */
export function insertChallenges(sql: Sql, challenges: BatchClaims['challenges']) {
  return sql`
    insert into consumed_challenges (digest, expires_at)
    select decode(t.digest, 'hex'), to_timestamp(t.expires_ms / 1000)
    from (
      select
        unnest(${plainColumn(challenges, (row) => row.digestHex)}::text[]) as digest,
        unnest(${plainColumn(challenges, (row) => row.expiresAtMs)}::float8[]) as expires_ms
    ) as t`;
}

/** Keeps the instances among `ids`, sorted, from being erased until the transaction ends. */
export function keepNamed(sql: Sql, ids: readonly string[]) {
  return sql<{ id: string }[]>`
    select id from device_instances where id = any(${list(ids)}::uuid[]) order by id for key share`;
}

/** Keeps the instances among `ids` from being erased until the transaction ends, and returns those that exist. */
export async function keepInstances(sql: Sql, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const sorted = [...new Set(ids)].sort();
  const rows = await keepNamed(sql, sorted);
  return new Set(rows.map((row) => row.id));
}

/** Locks the instances among `ids` that exist, in the order of their ids, and returns their counters. */
export async function lockInstances(sql: Sql, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await sql<{ id: string; counter: string }[]>`
    select id, counter from device_instances where id = any(${list(ids)}::uuid[]) order by id for no key update`;
  return new Map(rows.map((row) => [row.id, Number(row.counter)]));
}

/** An instance with its enrolment: one that may be inserted. */
export type EnrolledInstance = InstanceState & {
  readonly enrolment: NonNullable<InstanceState['enrolment']>;
};

/** Inserts new instances, given sorted by id. Returns the ids that were inserted; the others existed by then. */
export async function insertInstances(
  sql: Sql,
  instances: readonly EnrolledInstance[],
): Promise<Set<string>> {
  const rows = await sql<{ id: string }[]>`
    insert into device_instances (id, app_id, platform, format, public_key, key_id, counter, claims, integrity, verdict,
      vector, app_version, os_version, model, country, asn, network_prefix, config_version, evidence_at, first_seen_at,
      last_seen_at, listed_at)
    select t.id, t.app_id, t.platform, t.format, decode(t.public_key, 'hex'), decode(t.key_id, 'hex'), t.counter,
      t.claims::jsonb, t.integrity::jsonb, t.verdict, t.vector, t.app_version, t.os_version, t.model, t.country, t.asn,
      t.network_prefix, t.config_version, t.seen_at, t.seen_at, t.seen_at, t.seen_at
    from (
      select
        unnest(${plainColumn(instances, (row) => row.id)}::uuid[]) as id,
        unnest(${textColumn(instances, (row) => row.enrolment.appId)}::text[]) as app_id,
        unnest(${textColumn(instances, (row) => row.enrolment.platform)}::text[]) as platform,
        unnest(${textColumn(instances, (row) => row.enrolment.format)}::text[]) as format,
        unnest(${hexColumn(instances, (row) => row.enrolment.publicKey)}::text[]) as public_key,
        unnest(${hexColumn(instances, (row) => row.enrolment.keyId)}::text[]) as key_id,
        unnest(${plainColumn(instances, (row) => row.counter ?? 0)}::int8[]) as counter,
        unnest(${textColumn(instances, (row) => row.enrolment.claims)}::text[]) as claims,
        unnest(${textColumn(instances, (row) => row.integrity ?? null)}::text[]) as integrity,
        unnest(${textColumn(instances, (row) => row.verdict)}::text[]) as verdict,
        unnest(${textColumn(instances, (row) => encodeTrustVector(row.vector))}::text[]) as vector,
        unnest(${textColumn(instances, (row) => row.appVersion)}::text[]) as app_version,
        unnest(${textColumn(instances, (row) => row.osVersion)}::text[]) as os_version,
        unnest(${textColumn(instances, (row) => row.model)}::text[]) as model,
        unnest(${textColumn(instances, (row) => row.country)}::text[]) as country,
        unnest(${plainColumn(instances, (row) => row.asn)}::int4[]) as asn,
        unnest(${plainColumn(instances, (row) => row.networkPrefix)}::text[]) as network_prefix,
        unnest(${plainColumn(instances, (row) => row.configVersion)}::int4[]) as config_version,
        unnest(${plainColumn(instances, (row) => row.seenAtMs)}::float8[]) as seen_ms
    ) as given
    cross join lateral (select given.*, to_timestamp(given.seen_ms / 1000) as seen_at) as t
    on conflict (id) do nothing
    returning id`;
  const inserted = new Set(rows.map((row) => row.id));
  await insertReceipts(
    sql,
    instances.filter(({ id }) => inserted.has(id)),
  );
  return inserted;
}

/** Keeps the receipts that new instances came with. The first renewal is due a day later. */
async function insertReceipts(sql: Sql, instances: readonly EnrolledInstance[]): Promise<void> {
  const kept = instances.flatMap(({ id, enrolment: { appId, receipt } }) =>
    receipt ? [{ id, appId, ...receipt }] : [],
  );
  if (kept.length === 0) return;
  await sql`
    insert into app_attest_receipts (instance_id, app_id, receipt, type, created_at, expires_at, due_at)
    select t.id, t.app_id, decode(t.receipt, 'hex'), 'attestation', to_timestamp(t.created_ms / 1000),
      to_timestamp(t.expires_ms / 1000), to_timestamp(t.created_ms / 1000) + interval '1 day'
    from (
      select
        unnest(${plainColumn(kept, (row) => row.id)}::uuid[]) as id,
        unnest(${textColumn(kept, (row) => row.appId)}::text[]) as app_id,
        unnest(${hexColumn(kept, (row) => row.bytes)}::text[]) as receipt,
        unnest(${plainColumn(kept, (row) => row.createdAtMs)}::float8[]) as created_ms,
        unnest(${plainColumn(kept, (row) => row.expiresAtMs)}::float8[]) as expires_ms
    ) as t`;
}

/** Inserts refused requests seen by `node`. */
export async function insertRequestEvents(
  sql: Sql,
  events: readonly RequestEvent[],
  node: string,
): Promise<void> {
  await sql`
    insert into request_events (subject_id, received_at, id, app_id, api_id, instance_id, outcome, enforced,
      network_kind, country, asn, network_prefix, address_hash, node)
    select coalesce(t.instance_id, t.id), to_timestamp(t.received_ms / 1000), t.id, t.app_id, t.api_id, t.instance_id,
      t.outcome, t.enforced, t.network_kind, t.country, t.asn, t.network_prefix, decode(t.address_hash, 'hex'), ${node}
    from (
      select
        unnest(${plainColumn(events, (row) => row.receivedAtMs)}::float8[]) as received_ms,
        unnest(${plainColumn(events, (row) => row.id)}::uuid[]) as id,
        unnest(${textColumn(events, (row) => row.appId)}::text[]) as app_id,
        unnest(${textColumn(events, (row) => row.apiId)}::text[]) as api_id,
        unnest(${plainColumn(events, (row) => row.instanceId)}::uuid[]) as instance_id,
        unnest(${textColumn(events, (row) => row.outcome)}::text[]) as outcome,
        unnest(${plainColumn(events, (row) => (row.isEnforced ? 1 : 0))}::int4[]) as enforced,
        unnest(${textColumn(events, (row) => row.networkKind)}::text[]) as network_kind,
        unnest(${textColumn(events, (row) => row.country)}::text[]) as country,
        unnest(${plainColumn(events, (row) => row.asn)}::int4[]) as asn,
        unnest(${plainColumn(events, (row) => row.networkPrefix)}::text[]) as network_prefix,
        unnest(${hexColumn(events, (row) => row.addressHash)}::text[]) as address_hash
    ) as t`;
}

/** Adds to the decisions per bucket, given sorted by key; `writer` is this node's own shard. */
export async function addRequestRollups(
  sql: Sql,
  table: 'request_rollup_minutes' | 'request_rollup_hours',
  deltas: readonly RequestDelta[],
  writer: string,
): Promise<void> {
  await sql`
    insert into ${sql(table)} as r (app_id, bucket, writer, api_id, outcome, network_kind, requests)
    select t.app_id, to_timestamp(t.bucket_ms / 1000), ${writer}, t.api_id, t.outcome, t.network_kind, t.requests
    from (
      select
        unnest(${textColumn(deltas, (row) => row.appId)}::text[]) as app_id,
        unnest(${plainColumn(deltas, (row) => row.bucketMs)}::float8[]) as bucket_ms,
        unnest(${textColumn(deltas, (row) => row.apiId)}::text[]) as api_id,
        unnest(${textColumn(deltas, (row) => row.outcome)}::text[]) as outcome,
        unnest(${textColumn(deltas, (row) => row.networkKind)}::text[]) as network_kind,
        unnest(${plainColumn(deltas, (row) => row.requests)}::int8[]) as requests
    ) as t
    on conflict (app_id, bucket, writer, api_id, outcome, network_kind)
    do update set requests = r.requests + excluded.requests`;
}

/** What a batch counted, from the journal. */
export interface JournalledCounts {
  readonly writer: string;
  /** Whether what live views read of it is folded. */
  readonly isRecentFolded: boolean;
  readonly counts: string;
}

/** Takes at most `limit` batches out of the journal that have been there for `olderThanMs`, and that nobody folds now. */
export async function takeAbandoned(
  sql: Sql,
  olderThanMs: number,
  limit: number,
): Promise<JournalledCounts[]> {
  return await sql<JournalledCounts[]>`
    delete from rollup_journal where id in (
      select id from rollup_journal where written_at <= clock_timestamp() - ${olderThanMs}::int * interval '1 millisecond'
      order by id limit ${limit} for update skip locked)
    returning writer, is_recent_folded as "isRecentFolded", counts`;
}

/** An instance as attestations need it. Times are milliseconds since the epoch. */
export interface StoredInstance {
  readonly id: string;
  readonly appId: string;
  readonly format: string;
  readonly counter: number;
  /** JSON of the enrolment's claims. */
  readonly claims: string;
  readonly evidenceAtMs: number;
  /** JSON of the newest verified Play Integrity verdict's claims; `null` where there is none. */
  readonly integrity: string | null;
  /** Whether a person asked for new evidence since: the app has to enrol anew. */
  readonly mustReenrol: boolean;
}

/** Reads the instances among `ids` that exist. */
export async function selectInstances(
  sql: Sql,
  ids: readonly string[],
): Promise<Map<string, StoredInstance>> {
  const rows = await sql<(Omit<StoredInstance, 'counter'> & { counter: string })[]>`
    select id, app_id as "appId", format, counter, claims::text as claims, integrity::text as integrity,
      (extract(epoch from evidence_at) * 1000)::float8 as "evidenceAtMs",
      coalesce(reenrol_asked_at >= evidence_at, false) as "mustReenrol"
    from device_instances where id = any(${list(ids)}::uuid[])`;
  return new Map(rows.map((row) => [row.id, { ...row, counter: Number(row.counter) }]));
}

/** Wakes the readers of telemetry. */
export async function notifyEvents(sql: Sql, node: string): Promise<void> {
  await sql`select pg_notify(${EVENTS_CHANNEL}, ${node})`;
}

/** Makes the partitions of the days (`YYYY-MM-DD`, UTC) that are missing. */
export async function ensurePartitions(sql: Sql, days: readonly string[]): Promise<void> {
  await sql`
    select countersign_ensure_partitions(day::date, day::date)
    from unnest(${textColumn(days, (day) => day)}::text[]) as day`;
}

/** Whether a statement failed because its rows belong to a day that has no partition. */
export function isPartitionMissing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, routine } = error as { code?: unknown; routine?: unknown };
  // In a cluster a worker refused the rows, and what is left of its answer is a text in its language: it may be for this.
  if (routine === 'ReportCopyError') return true;
  // The code is that of every failed check; the function of the server tells them apart in any language.
  return code === '23514' && (routine === 'ExecFindPartition' || routine === 'ReportResultError');
}

/** Runs `work` in one transaction on a connection of its own. */
export async function inTransaction<Result>(
  db: Pick<Database, 'sql'>,
  work: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  // A transaction takes every statement that the pool does; what it lacks (`begin`, `listen`) nobody here uses. And the
  // driver's type would resolve arrays of promises, which no work returns.
  return (await db.sql.begin((sql) => work(sql as unknown as Sql))) as Result;
}
