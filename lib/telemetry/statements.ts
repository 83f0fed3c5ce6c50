import { encodeTrustVector } from '@/lib/contracts';
import { hexColumn, jsonColumn, plainColumn, textColumn } from './columns';
import { hasLost } from './lost';
import type { AttestationEvent, InstanceState } from './rows';
import { type BatchClaims, insertChallenges, keepNamed, type Sql } from './store';

/*
 * Everything that a batch of attestations writes, as one statement: parsing, planning and the way to the server and back
 * cost as much as a dozen rows. Each part takes whole columns, so that it is prepared once; they are unnested as output columns,
 * side by side, since as tables each would be stored before it is read.
 */

/** What a batch writes. Device days are sorted by key, updates by instance; each instance occurs once. */
export interface BatchRows {
  readonly events: readonly AttestationEvent[];
  /** New state of instances, one entry for each. */
  readonly updates: readonly InstanceUpdate[];
  /** How far an instance is seen after its place in lists before it moves up. */
  readonly listedEveryMs: number;
  /** What it adds to the rollups, as the journal notes it. */
  readonly counts: string;
  readonly days: readonly DeviceDay[];
  readonly archived: readonly ArchivedEvidence[];
}

/** Raw evidence of one event, sealed. */
export interface ArchivedEvidence {
  readonly subjectId: string;
  readonly receivedAtMs: number;
  readonly id: string;
  readonly appId: string;
  readonly sealed: Buffer;
}

/** New state of an instance. */
export interface InstanceUpdate {
  readonly state: InstanceState;
  /** The stored counter must be lower than this; `null` where it has been compared, or there is none. */
  readonly counterFrom: number | null;
}

/**
 * Writes a batch whose challenges are consumed and whose instances are locked; `node` is its shard of all rollups.
 * @returns the id of its counts in the journal
 */
export async function writeBatch(sql: Sql, rows: BatchRows, node: string): Promise<string> {
  const written = await sql<{ id: string }[]>`
    with updated as (${updateInstances(sql, rows.updates, rows.listedEveryMs)}),
      ${insertRows(sql, rows, node)}
    select id from journal`;
  return idOf(written);
}

/**
 * Claims and writes a batch in one statement, which is its transaction: nothing is written unless every challenge was
 * unused, every instance is there, and every counter rises. Rows are taken in the order of `claimBatch`: instances as they
 * come, sorted by id, which is how they are looked up. Locking them first would take a tenth of the whole. Where two
 * batches still waited for each other, or for one challenge, one of them has lost.
 * @returns the id of its counts in the journal; `null` where nothing was written
 */
export async function writeUnclaimedBatch(
  sql: Sql,
  { challenges, ids, named }: BatchClaims,
  rows: BatchRows,
  node: string,
): Promise<string | null> {
  const { updates } = rows;
  const updated = new Set(updates.map(({ state }) => state.id));
  const kept = [...named, ...ids.filter((id) => !updated.has(id))].sort();
  try {
    const written = await sql<{ id: string }[]>`
      with fresh as (${insertChallenges(sql, challenges)} returning 1),
        updated as (${updateInstances(sql, updates, rows.listedEveryMs)} returning 1),
        kept as (${keepNamed(sql, kept)}),
        ${insertRows(sql, rows, node)}
      select id, countersign_require_all_won(
        (select count(*) from fresh) = ${challenges.length}::int
        and (select count(*) from updated) = ${updates.length}::int
        and (select count(*) from kept) = ${kept.length}::int)
      from journal`;
    return idOf(written);
  } catch (error) {
    if (hasLost(error)) return null;
    throw error;
  }
}

function idOf([row]: readonly { readonly id: string }[]): string {
  if (row === undefined) throw new TypeError('The statement returned no row.');
  return row.id;
}

/** What a batch adds, whoever its claims were won by. */
function insertRows(sql: Sql, rows: BatchRows, node: string) {
  return sql`
      recorded as (${insertEvents(sql, rows.events, node)}),
      archived as (${archiveEvidence(sql, rows.archived)}),
      days as (${insertDeviceDays(sql, rows.days)}),
      journal as (insert into rollup_journal (writer, counts) values (${node}, ${rows.counts}) returning id)`;
}

/** Writes the new state of instances that are locked, one entry per id. */
function updateInstances(sql: Sql, updates: readonly InstanceUpdate[], listedEveryMs: number) {
  const states = updates.map(({ state }) => state);
  return sql`
    update device_instances as i set
      counter = greatest(i.counter, t.counter), verdict = t.verdict, vector = t.vector,
      app_version = t.app_version, os_version = t.os_version, model = t.model, country = t.country, asn = t.asn,
      network_prefix = t.network_prefix, config_version = t.config_version,
      last_seen_at = greatest(i.last_seen_at, to_timestamp(t.seen_ms / 1000)),
      listed_at = case when to_timestamp(t.seen_ms / 1000) >= i.listed_at + ${listedEveryMs}::float8 * interval '1 millisecond'
        then to_timestamp(t.seen_ms / 1000) else i.listed_at end,
      claims = coalesce(t.claims::jsonb, i.claims), integrity = coalesce(t.integrity::jsonb, i.integrity),
      evidence_at = case when t.claims is null then i.evidence_at else to_timestamp(t.seen_ms / 1000) end
    from (
      select
        unnest(${plainColumn(states, (row) => row.id)}::uuid[]) as id,
        unnest(${plainColumn(updates, (row) => row.counterFrom)}::int8[]) as counter_from,
        unnest(${plainColumn(states, (row) => row.counter ?? 0)}::int8[]) as counter,
        unnest(${textColumn(states, (row) => row.verdict)}::text[]) as verdict,
        unnest(${textColumn(states, (row) => encodeTrustVector(row.vector))}::text[]) as vector,
        unnest(${textColumn(states, (row) => row.appVersion)}::text[]) as app_version,
        unnest(${textColumn(states, (row) => row.osVersion)}::text[]) as os_version,
        unnest(${textColumn(states, (row) => row.model)}::text[]) as model,
        unnest(${textColumn(states, (row) => row.country)}::text[]) as country,
        unnest(${plainColumn(states, (row) => row.asn)}::int4[]) as asn,
        unnest(${plainColumn(states, (row) => row.networkPrefix)}::text[]) as network_prefix,
        unnest(${plainColumn(states, (row) => row.configVersion)}::int4[]) as config_version,
        unnest(${textColumn(states, (row) => row.enrolment?.claims ?? null)}::text[]) as claims,
        unnest(${textColumn(states, (row) => row.integrity ?? null)}::text[]) as integrity,
        unnest(${plainColumn(states, (row) => row.seenAtMs)}::float8[]) as seen_ms
    ) as t
    where i.id = t.id and (t.counter_from is null or i.counter < t.counter_from)`;
}

/** Inserts events written by `node`. */
function insertEvents(sql: Sql, events: readonly AttestationEvent[], node: string) {
  return sql`
    insert into attestation_events (subject_id, received_at, id, reference, kind, app_id, instance_id, verdict,
      deciding_threat, deciding_rule, policy_version, platform, format, environment, app_version, os_version, model,
      country, network_kind, asn, network_prefix, address_hash, threats, facts, shadow_verdict, detail, latency_us, node)
    select t.subject_id, to_timestamp(t.received_ms / 1000), t.id, t.reference, t.kind, t.app_id, t.instance_id,
      t.verdict, t.deciding_threat, t.deciding_rule, t.policy_version, t.platform, t.format, t.environment,
      t.app_version, t.os_version, t.model, t.country, t.network_kind, t.asn, t.network_prefix,
      decode(t.address_hash, 'hex'), string_to_array(t.threats, ','), t.facts, t.shadow_verdict, t.detail, t.latency_us,
      ${node}
    from (
      select
        unnest(${plainColumn(events, (row) => row.subjectId)}::uuid[]) as subject_id,
        unnest(${plainColumn(events, (row) => row.receivedAtMs)}::float8[]) as received_ms,
        unnest(${plainColumn(events, (row) => row.id)}::uuid[]) as id,
        unnest(${plainColumn(events, (row) => row.reference)}::text[]) as reference,
        unnest(${textColumn(events, (row) => row.kind)}::text[]) as kind,
        unnest(${textColumn(events, (row) => row.appId)}::text[]) as app_id,
        unnest(${plainColumn(events, (row) => row.instanceId)}::uuid[]) as instance_id,
        unnest(${textColumn(events, (row) => row.verdict)}::text[]) as verdict,
        unnest(${textColumn(events, (row) => row.decidingThreat)}::text[]) as deciding_threat,
        unnest(${textColumn(events, (row) => row.decidingRule)}::text[]) as deciding_rule,
        unnest(${plainColumn(events, (row) => row.policyVersion)}::int4[]) as policy_version,
        unnest(${textColumn(events, (row) => row.platform)}::text[]) as platform,
        unnest(${textColumn(events, (row) => row.format)}::text[]) as format,
        unnest(${textColumn(events, (row) => row.environment)}::text[]) as environment,
        unnest(${textColumn(events, (row) => row.appVersion)}::text[]) as app_version,
        unnest(${textColumn(events, (row) => row.osVersion)}::text[]) as os_version,
        unnest(${textColumn(events, (row) => row.model)}::text[]) as model,
        unnest(${textColumn(events, (row) => row.country)}::text[]) as country,
        unnest(${textColumn(events, (row) => row.networkKind)}::text[]) as network_kind,
        unnest(${plainColumn(events, (row) => row.asn)}::int4[]) as asn,
        unnest(${plainColumn(events, (row) => row.networkPrefix)}::text[]) as network_prefix,
        unnest(${hexColumn(events, (row) => row.addressHash)}::text[]) as address_hash,
        unnest(${textColumn(events, (row) => row.threats.join(','))}::text[]) as threats,
        unnest(${textColumn(events, (row) => row.facts ?? null)}::text[]) as facts,
        unnest(${textColumn(events, (row) => row.shadowVerdict ?? null)}::text[]) as shadow_verdict,
        unnest(${plainColumn(events, (row) => row.latencyUs)}::int4[]) as latency_us,
        jsonb_array_elements(${jsonColumn(events, (row) => row.detail)}::jsonb) as detail
    ) as t`;
}

/** Keeps raw evidence beside the events that it is of. */
function archiveEvidence(sql: Sql, rows: readonly ArchivedEvidence[]) {
  return sql`
    insert into archived_evidence (subject_id, received_at, id, app_id, sealed)
    select t.subject_id, to_timestamp(t.received_ms / 1000), t.id, t.app_id, decode(t.sealed, 'hex')
    from (
      select
        unnest(${plainColumn(rows, (row) => row.subjectId)}::uuid[]) as subject_id,
        unnest(${plainColumn(rows, (row) => row.receivedAtMs)}::float8[]) as received_ms,
        unnest(${plainColumn(rows, (row) => row.id)}::uuid[]) as id,
        unnest(${textColumn(rows, (row) => row.appId)}::text[]) as app_id,
        unnest(${hexColumn(rows, (row) => row.sealed)}::text[]) as sealed
    ) as t`;
}

/** One entry of `device_days`; `day` is `YYYY-MM-DD` in UTC. */
export interface DeviceDay {
  readonly appId: string;
  readonly day: string;
  readonly instanceId: string;
  readonly verdict: string;
}

/** Notes verdicts of instances per day, given sorted by key; what is known already stays. */
function insertDeviceDays(sql: Sql, days: readonly DeviceDay[]) {
  return sql`
    insert into device_days (app_id, day, instance_id, verdict)
    select t.app_id, t.day::date, t.instance_id, t.verdict
    from (
      select
        unnest(${textColumn(days, (row) => row.appId)}::text[]) as app_id,
        unnest(${textColumn(days, (row) => row.day)}::text[]) as day,
        unnest(${plainColumn(days, (row) => row.instanceId)}::uuid[]) as instance_id,
        unnest(${textColumn(days, (row) => row.verdict)}::text[]) as verdict
    ) as t
    on conflict do nothing`;
}
