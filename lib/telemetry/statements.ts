import { encodeTrustVector } from '@/lib/contracts';
import { hexColumn, jsonColumn, plainColumn, textColumn } from './columns';
import { hasLost } from './lost';
import { sortedByKey } from './rollup';
import type { AttestationEvent, InstanceState } from './rows';
import { type BatchClaims, insertChallenges, keepNamed, type Sql } from './store';

/*
 * Everything that a batch of attestations writes, as one statement: parsing, planning and the way to the server and back
 * cost as much as a dozen rows. Each part takes whole columns, so that it is prepared once.
 */

/** What a batch writes. Device days are sorted by key; each instance occurs once. */
export interface BatchRows {
  readonly events: readonly AttestationEvent[];
  /** New state of instances, one entry for each. */
  readonly updates: readonly InstanceUpdate[];
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

/** How far a device is seen after its place in lists before it moves up. */
const LISTED_EVERY = '5 minutes';

/**
 * Writes a batch whose challenges are consumed and whose instances are locked; `node` is its shard of all rollups.
 * @returns the id of its counts in the journal
 */
export async function writeBatch(sql: Sql, rows: BatchRows, node: string): Promise<string> {
  const written = await sql<{ id: string }[]>`
    with updated as (${updateInstances(sql, rows.updates)}),
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
  const updates = [...rows.updates].sort((a, b) => (a.state.id < b.state.id ? -1 : 1));
  const updated = new Set(updates.map(({ state }) => state.id));
  const kept = [...named, ...ids.filter((id) => !updated.has(id))].sort();
  try {
    const written = await sql<{ id: string }[]>`
      with fresh as (${insertChallenges(sql, challenges)} returning 1),
        updated as (${updateInstances(sql, updates)} returning 1),
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
      ${insertDeviceDays(sql, rows.days)},
      journal as (insert into rollup_journal (writer, counts) values (${node}, ${rows.counts}) returning id)`;
}

/** Writes the new state of instances that are locked, one entry per id. */
function updateInstances(sql: Sql, updates: readonly InstanceUpdate[]) {
  const states = updates.map(({ state }) => state);
  return sql`
    update device_instances as i set
      counter = greatest(i.counter, t.counter), verdict = t.verdict, vector = t.vector,
      app_version = t.app_version, os_version = t.os_version, model = t.model, country = t.country, asn = t.asn,
      network_prefix = t.network_prefix, config_version = t.config_version,
      last_seen_at = greatest(i.last_seen_at, to_timestamp(t.seen_ms / 1000)),
      listed_at = case when to_timestamp(t.seen_ms / 1000) >= i.listed_at + ${LISTED_EVERY}::interval
        then to_timestamp(t.seen_ms / 1000) else i.listed_at end,
      claims = coalesce(t.claims::jsonb, i.claims), integrity = coalesce(t.integrity::jsonb, i.integrity),
      evidence_at = case when t.claims is null then i.evidence_at else to_timestamp(t.seen_ms / 1000) end
    from unnest(
      ${plainColumn(states, (row) => row.id)}::uuid[],
      ${plainColumn(updates, (row) => row.counterFrom)}::int8[],
      ${plainColumn(states, (row) => row.counter ?? 0)}::int8[],
      ${textColumn(states, (row) => row.verdict)}::text[],
      ${textColumn(states, (row) => encodeTrustVector(row.vector))}::text[],
      ${textColumn(states, (row) => row.appVersion)}::text[],
      ${textColumn(states, (row) => row.osVersion)}::text[],
      ${textColumn(states, (row) => row.model)}::text[],
      ${textColumn(states, (row) => row.country)}::text[],
      ${plainColumn(states, (row) => row.asn)}::int4[],
      ${textColumn(states, (row) => row.networkPrefix)}::text[],
      ${plainColumn(states, (row) => row.configVersion)}::int4[],
      ${textColumn(states, (row) => row.enrolment?.claims ?? null)}::text[],
      ${textColumn(states, (row) => row.integrity ?? null)}::text[],
      ${plainColumn(states, (row) => row.seenAtMs)}::float8[]
    ) as t(id, counter_from, counter, verdict, vector, app_version, os_version, model, country, asn, network_prefix,
      config_version, claims, integrity, seen_ms)
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
    from rows from (unnest(
      ${plainColumn(events, (row) => row.subjectId)}::uuid[],
      ${plainColumn(events, (row) => row.receivedAtMs)}::float8[],
      ${plainColumn(events, (row) => row.id)}::uuid[],
      ${textColumn(events, (row) => row.reference)}::text[],
      ${textColumn(events, (row) => row.kind)}::text[],
      ${textColumn(events, (row) => row.appId)}::text[],
      ${plainColumn(events, (row) => row.instanceId)}::uuid[],
      ${textColumn(events, (row) => row.verdict)}::text[],
      ${textColumn(events, (row) => row.decidingThreat)}::text[],
      ${textColumn(events, (row) => row.decidingRule)}::text[],
      ${plainColumn(events, (row) => row.policyVersion)}::int4[],
      ${textColumn(events, (row) => row.platform)}::text[],
      ${textColumn(events, (row) => row.format)}::text[],
      ${textColumn(events, (row) => row.environment)}::text[],
      ${textColumn(events, (row) => row.appVersion)}::text[],
      ${textColumn(events, (row) => row.osVersion)}::text[],
      ${textColumn(events, (row) => row.model)}::text[],
      ${textColumn(events, (row) => row.country)}::text[],
      ${textColumn(events, (row) => row.networkKind)}::text[],
      ${plainColumn(events, (row) => row.asn)}::int4[],
      ${textColumn(events, (row) => row.networkPrefix)}::text[],
      ${hexColumn(events, (row) => row.addressHash)}::text[],
      ${textColumn(events, (row) => row.threats.join(','))}::text[],
      ${textColumn(events, (row) => row.facts ?? null)}::text[],
      ${textColumn(events, (row) => row.shadowVerdict ?? null)}::text[],
      ${plainColumn(events, (row) => row.latencyUs)}::int4[]
    ), jsonb_array_elements(${jsonColumn(events, (row) => row.detail)}::jsonb)) as t(subject_id, received_ms, id,
      reference, kind, app_id, instance_id, verdict, deciding_threat, deciding_rule, policy_version, platform, format,
      environment, app_version, os_version, model, country, network_kind, asn, network_prefix, address_hash, threats,
      facts, shadow_verdict, latency_us, detail)`;
}

/** Keeps raw evidence beside the events that it is of. */
function archiveEvidence(sql: Sql, rows: readonly ArchivedEvidence[]) {
  return sql`
    insert into archived_evidence (subject_id, received_at, id, app_id, sealed)
    select t.subject_id, to_timestamp(t.received_ms / 1000), t.id, t.app_id, decode(t.sealed, 'hex')
    from unnest(
      ${plainColumn(rows, (row) => row.subjectId)}::uuid[],
      ${plainColumn(rows, (row) => row.receivedAtMs)}::float8[],
      ${plainColumn(rows, (row) => row.id)}::uuid[],
      ${textColumn(rows, (row) => row.appId)}::text[],
      ${hexColumn(rows, (row) => row.sealed)}::text[]
    ) as t(subject_id, received_ms, id, app_id, sealed)`;
}

/** One entry of `device_days`; `day` is `YYYY-MM-DD` in UTC. */
export interface DeviceDay {
  readonly appId: string;
  readonly day: string;
  readonly instanceId: string;
  readonly verdict: string;
}

/** What stands for the day before of a rejected day that is not linked yet: earlier than any day that is. */
export const UNLINKED = '0001-01-01';

/**
 * Notes verdicts of instances per day, given sorted by key; what is known already stays. A rejected day is linked to the one
 * before it: counting distinct devices reads as many rows as there are of them then, whatever the window. A day that comes
 * after a later one stays unlinked until `countersign_link_rejected_days`.
 */
function insertDeviceDays(sql: Sql, days: readonly DeviceDay[]) {
  const rejected = lastRejectedDays(days);
  return sql`
      rejected as (
        insert into rejected_devices as r (app_id, instance_id, day, previous_day)
        select t.app_id, t.instance_id, t.day::date, '-infinity'
        from unnest(
          ${textColumn(rejected, (row) => row.appId)}::text[],
          ${plainColumn(rejected, (row) => row.instanceId)}::uuid[],
          ${textColumn(rejected, (row) => row.day)}::text[]
        ) as t(app_id, instance_id, day)
        on conflict (app_id, instance_id) do update set day = excluded.day, previous_day = r.day
          where r.day < excluded.day
        returning app_id, instance_id, day, previous_day),
      days as (
        insert into device_days (app_id, day, instance_id, verdict, previous_day)
        select t.app_id, t.day::date, t.instance_id, t.verdict, coalesce(r.previous_day, ${UNLINKED}::date)
        from unnest(
          ${textColumn(days, (row) => row.appId)}::text[],
          ${textColumn(days, (row) => row.day)}::text[],
          ${plainColumn(days, (row) => row.instanceId)}::uuid[],
          ${textColumn(days, (row) => row.verdict)}::text[]
        ) as t(app_id, day, instance_id, verdict)
          left join rejected r on t.verdict = 'rejected' and r.app_id = t.app_id and r.instance_id = t.instance_id
            and r.day = t.day::date
        -- All of the one before any of the other, so that two batches wait for each other in one order.
        where (select count(*) from rejected) >= 0
        on conflict do nothing)`;
}

/** The last rejected day of each instance, sorted by app and instance. */
function lastRejectedDays(days: readonly DeviceDay[]): DeviceDay[] {
  const last = new Map<string, DeviceDay>();
  for (const row of days) {
    if (row.verdict !== 'rejected') continue;
    const name = `${row.appId}\n${row.instanceId}`;
    const known = last.get(name);
    if (known === undefined || known.day < row.day) last.set(name, row);
  }
  return sortedByKey(last);
}
