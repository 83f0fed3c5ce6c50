import type { CellDelta } from './cells';
import { plainColumn, textColumn } from './columns';
import type { CounterDelta } from './counters';
import type { RecentCounts, RestCounts } from './counts';
import { hasLost } from './lost';
import type { RollupDelta } from './rollup';
import type { Sql } from './store';

/*
 * What folds the counts of several batches into the rollups, as one statement each. `writer` is the shard of a rollup that a
 * node alone writes to.
 */

/**
 * Adds the recent counts of several batches to the rollups and notes in the journal that they are folded: both or neither.
 * @returns whether all of `ids` were there with their recent counts; nothing was written otherwise
 */
export function foldRecent(
  sql: Sql,
  ids: readonly string[],
  counts: RecentCounts,
  writer: string,
): Promise<boolean> {
  return isWon(
    sql`
      with taken as (
          update rollup_journal set is_recent_folded = true
          where id = any(${list(ids)}::int8[]) and not is_recent_folded returning 1),
        ${addRecent(sql, counts, writer)}
      select countersign_require_all_won((select count(*) from taken) = ${ids.length}::int)`,
  );
}

/**
 * Adds the rest of the counts of several batches to the rollups, whose recent ones are folded, and takes them out of the
 * journal: both or neither. @returns as `foldRecent`
 */
export function foldRest(
  sql: Sql,
  ids: readonly string[],
  counts: RestCounts,
  writer: string,
): Promise<boolean> {
  return isWon(
    sql`
      with taken as (
          delete from rollup_journal where id = any(${list(ids)}::int8[]) and is_recent_folded returning 1),
        ${addRest(sql, counts, writer)}
      select countersign_require_all_won((select count(*) from taken) = ${ids.length}::int)`,
  );
}

/** Adds recent counts to the rollups. */
export async function writeRecent(sql: Sql, counts: RecentCounts, writer: string): Promise<void> {
  await sql`with ${addRecent(sql, counts, writer)} select 1`;
}

/** Adds the rest of the counts to the rollups. */
export async function writeRest(sql: Sql, counts: RestCounts, writer: string): Promise<void> {
  await sql`with ${addRest(sql, counts, writer)} select 1`;
}

async function isWon(statement: Promise<unknown>): Promise<boolean> {
  try {
    await statement;
    return true;
  } catch (error) {
    if (hasLost(error)) return false;
    throw error;
  }
}

const list = (values: readonly string[]) => plainColumn(values, (value) => value);

function addRecent(sql: Sql, { minutes, counters }: RecentCounts, writer: string) {
  return sql`
      minutes as (${addRollups(sql, 'attestation_rollup_minutes', minutes, writer)}),
      counters as (${addCounters(sql, counters, writer)})`;
}

function addRest(sql: Sql, { hours, cells }: RestCounts, writer: string) {
  return sql`
      hours as (${addRollups(sql, 'attestation_rollup_hours', hours, writer)}),
      cells as (${addCells(sql, cells, writer)})`;
}

/** Adds to rollup rows, given sorted by key. */
function addRollups(
  sql: Sql,
  table: 'attestation_rollup_minutes' | 'attestation_rollup_hours',
  deltas: readonly RollupDelta[],
  writer: string,
) {
  return sql`
    insert into ${sql(table)} as r (app_id, bucket, writer, facet, verdict, deciding_threat, platform, os_version,
      app_version, country, network_kind, policy_version, events, latency_us)
    select t.app_id, to_timestamp(t.bucket_ms / 1000), ${writer}, t.facet, t.verdict, t.deciding_threat, t.platform,
      t.os_version, t.app_version, t.country, t.network_kind, t.policy_version, t.events, t.latency_us
    from (
      select
        unnest(${textColumn(deltas, (row) => row.appId)}::text[]) as app_id,
        unnest(${plainColumn(deltas, (row) => row.bucketMs)}::float8[]) as bucket_ms,
        unnest(${plainColumn(deltas, (row) => row.facets.id)}::uuid[]) as facet,
        unnest(${textColumn(deltas, (row) => row.facets.verdict)}::text[]) as verdict,
        unnest(${textColumn(deltas, (row) => row.facets.decidingThreat)}::text[]) as deciding_threat,
        unnest(${textColumn(deltas, (row) => row.facets.platform)}::text[]) as platform,
        unnest(${textColumn(deltas, (row) => row.facets.osVersion)}::text[]) as os_version,
        unnest(${textColumn(deltas, (row) => row.facets.appVersion)}::text[]) as app_version,
        unnest(${textColumn(deltas, (row) => row.facets.country)}::text[]) as country,
        unnest(${textColumn(deltas, (row) => row.facets.networkKind)}::text[]) as network_kind,
        unnest(${plainColumn(deltas, (row) => row.facets.policyVersion)}::int4[]) as policy_version,
        unnest(${plainColumn(deltas, (row) => row.events)}::int8[]) as events,
        unnest(${plainColumn(deltas, (row) => row.latencyUs)}::int8[]) as latency_us
    ) as t
    on conflict (app_id, bucket, writer, facet)
    do update set events = r.events + excluded.events, latency_us = r.latency_us + excluded.latency_us`;
}

/** Adds to the cells, given sorted by key. */
function addCells(sql: Sql, deltas: readonly CellDelta[], writer: string) {
  return sql`
    insert into cell_rollups as r (app_id, bucket, writer, cell, signal, platform, os_version, app_version, model,
      country, events)
    select t.app_id, to_timestamp(t.bucket_ms / 1000), ${writer}, t.cell, t.signal, t.platform, t.os_version,
      t.app_version, t.model, t.country, t.events
    from (
      select
        unnest(${textColumn(deltas, (row) => row.appId)}::text[]) as app_id,
        unnest(${plainColumn(deltas, (row) => row.bucketMs)}::float8[]) as bucket_ms,
        unnest(${plainColumn(deltas, (row) => row.cell.id)}::uuid[]) as cell,
        unnest(${textColumn(deltas, (row) => row.signal)}::text[]) as signal,
        unnest(${textColumn(deltas, (row) => row.cell.platform)}::text[]) as platform,
        unnest(${textColumn(deltas, (row) => row.cell.osVersion)}::text[]) as os_version,
        unnest(${textColumn(deltas, (row) => row.cell.appVersion)}::text[]) as app_version,
        unnest(${textColumn(deltas, (row) => row.cell.model)}::text[]) as model,
        unnest(${textColumn(deltas, (row) => row.cell.country)}::text[]) as country,
        unnest(${plainColumn(deltas, (row) => row.events)}::int8[]) as events
    ) as t
    on conflict (app_id, bucket, writer, cell, signal) do update set events = r.events + excluded.events`;
}

/** Adds to counters, given sorted by key. */
export function addCounters(sql: Sql, deltas: readonly CounterDelta[], writer: string) {
  return sql`
    insert into counter_rollup_minutes as r (app_id, bucket, writer, name, bin, events)
    select t.app_id, to_timestamp(t.bucket_ms / 1000), ${writer}, t.name, t.bin, t.events
    from (
      select
        unnest(${textColumn(deltas, (row) => row.appId)}::text[]) as app_id,
        unnest(${plainColumn(deltas, (row) => row.bucketMs)}::float8[]) as bucket_ms,
        unnest(${textColumn(deltas, (row) => row.name)}::text[]) as name,
        unnest(${plainColumn(deltas, (row) => row.bin)}::int2[]) as bin,
        unnest(${plainColumn(deltas, (row) => row.events)}::int8[]) as events
    ) as t
    on conflict (app_id, bucket, writer, name, bin) do update set events = r.events + excluded.events`;
}
