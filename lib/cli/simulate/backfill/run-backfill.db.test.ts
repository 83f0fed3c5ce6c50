import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import type { Verdict } from '@/lib/contracts';
import type { Database } from '@/lib/db';
import { type DataSet, loadDataSet } from '@/lib/enrichment';
import { decodeDetail } from '@/lib/telemetry';
import { prepareDemo } from '../../prepare-demo';
import { makeDataDirectory } from '../../supervisor';
import { type Fleet, loadFleet } from '../fleet-store';
import { runBackfill } from './run-backfill';

/** The fleet's CA is as old as the test. */
const NOW_MS = Date.now();
const ARGUMENTS = { seed: 9, days: 6, events: 4_000 };

let dataSet: DataSet;
let folder: string;
const opened: TestDatabase[] = [];

/** An installation of the demo with a database of its own, and with the fleet of another one if that is given. */
async function install(name: string, like?: Installed): Promise<Installed> {
  const db = await createTestDatabase();
  opened.push(db);
  const layout = await makeDataDirectory(path.join(folder, name));
  if (like !== undefined) {
    await mkdir(layout.fleet);
    await copyFile(path.join(like.directory, 'fleet.json'), path.join(layout.fleet, 'fleet.json'));
  }
  await prepareDemo({ urls: { console: db.consoleUrl, service: db.serviceUrl }, layout });
  const fleet = await loadFleet(layout.fleet);
  if (fleet === undefined) throw new Error('The demo made no fleet.');
  return { db, directory: layout.fleet, fleet };
}

interface Installed {
  db: TestDatabase;
  directory: string;
  fleet: Fleet;
}

const NEVER = new AbortController().signal;

const fill = ({ db, directory, fleet }: Installed, stop = NEVER, onProgress: () => void = () => undefined) =>
  runBackfill({
    arguments: ARGUMENTS,
    serviceUrl: db.serviceUrl,
    fleet,
    directory,
    dataSet,
    nowMs: NOW_MS,
    stop,
    onProgress,
  });

/** Every table of telemetry, row by row, but for what names tokens, and the certificates that are forged anew in each run. */
async function contentOf({ sql }: Database): Promise<Record<string, unknown>> {
  const tables: [string, string, string][] = [
    [
      'attestation_events',
      "to_jsonb(t) - 'detail' || jsonb_build_object('detail', t.detail - 'tokenId' - 'claims' - 'checks')",
      'id',
    ],
    ['attestation_rollup_minutes', 'to_jsonb(t)', 'app_id, bucket, writer, facet'],
    ['attestation_rollup_hours', 'to_jsonb(t)', 'app_id, bucket, writer, facet'],
    ['cell_rollups', 'to_jsonb(t)', 'app_id, bucket, writer, cell, signal'],
    ['counter_rollup_minutes', 'to_jsonb(t)', 'app_id, bucket, writer, name, bin'],
    ['request_rollup_minutes', 'to_jsonb(t)', 'app_id, bucket, writer, api_id, outcome, network_kind'],
    ['request_rollup_hours', 'to_jsonb(t)', 'app_id, bucket, writer, api_id, outcome, network_kind'],
    ['request_events', 'to_jsonb(t)', 'id'],
    ['device_days', 'to_jsonb(t)', 'app_id, day, instance_id, verdict'],
    ['device_instances', "to_jsonb(t) - 'claims' - 'public_key'", 'id'],
  ];
  const content: Record<string, unknown> = {};
  for (const [table, columns, order] of tables) {
    const rows = await sql.unsafe(
      `select md5(coalesce(string_agg((${columns})::text, '\n' order by ${order}), '')) as digest, count(*)::int as rows from ${table} as t`,
    );
    content[table] = rows[0];
  }
  return content;
}

beforeAll(async () => {
  dataSet = await loadDataSet();
  folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-backfill-'));
}, 60_000);
afterAll(async () => {
  await Promise.all(opened.map((db) => db.close()));
  await rm(folder, { recursive: true, force: true });
});

describe('a backfill', () => {
  let whole: Installed;
  let sql: Database['sql'];
  beforeAll(async () => {
    whole = await install('whole');
    sql = whole.db.owner.sql;
    const outcome = await fill(whole);
    expect(outcome.isComplete).toBe(true);
  }, 120_000);

  it('writes about as many events as were asked for, over all of its days and nothing in the future', async () => {
    const [found] = await sql`
      select count(*)::int as events, count(distinct received_at::date)::int as days, max(received_at) < ${new Date(NOW_MS).toISOString()} as past
      from attestation_events`;
    expect(found?.events).toBeGreaterThan(ARGUMENTS.events * 0.7);
    expect(found?.events).toBeLessThan(ARGUMENTS.events * 1.3);
    expect(found?.days).toBeGreaterThanOrEqual(ARGUMENTS.days + 1);
    expect(found?.past).toBe(true);
  });

  it.each([
    ['attestation_rollup_minutes', 'minute'],
    ['attestation_rollup_hours', 'hour'],
  ])('leaves %s that equal its events, row by row', async (table, unit) => {
    const rows = await sql.unsafe(`
      with counted as (
        select app_id, date_trunc('${unit}', received_at) as bucket, node as writer, verdict,
          coalesce(deciding_threat, '') as threat, platform, os_version, app_version, coalesce(country, '') as country,
          network_kind, policy_version, count(*) as events, sum(latency_us) as latency
        from attestation_events group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
      ), kept as (
        select app_id, bucket, writer, verdict, deciding_threat, platform, os_version, app_version, country, network_kind,
          policy_version, events, latency_us from ${table}
      )
      (select * from counted except select * from kept) union all (select * from kept except select * from counted)`);
    expect(rows).toHaveLength(0);
  });

  it('leaves device days that equal its events, and every instance that they name', async () => {
    const [found] = await sql`
      with counted as (
        select distinct e.app_id, (e.received_at at time zone 'UTC')::date as day, e.instance_id, e.verdict
        from attestation_events e where e.instance_id is not null
      )
      select (select count(*) from (select * from counted except select app_id, day, instance_id, verdict from device_days) as d)::int as missing,
        (select count(*) from (select app_id, day, instance_id, verdict from device_days except select * from counted) as d)::int as extra,
        (select count(*) from counted c where not exists (select from device_instances i where i.id = c.instance_id))::int as unknown`;
    expect(found).toEqual({ missing: 0, extra: 0, unknown: 0 });
  });

  it('records genuine details, and no conflict', async () => {
    const rows = await sql<
      { detail: unknown; verdict: Verdict; decidingRule: string | null; decidingThreat: string | null }[]
    >`
      select detail, verdict, deciding_rule as "decidingRule", deciding_threat as "decidingThreat"
      from attestation_events order by id limit 300`;
    const verdicts = {
      ignore: 'trusted',
      observe: 'trusted',
      flag: 'flagged',
      restrict: 'restricted',
      reject: 'rejected',
    };
    for (const { detail, ...columns } of rows) {
      const { appraisal, checks } = decodeDetail(detail, columns);
      const rules = appraisal.matched.map(({ rule }) => rule);
      // The verdict is a column, and what matched is of the detail, worst first.
      expect(verdicts[appraisal.matched[0]?.response ?? 'observe']).toBe(columns.verdict);
      if (columns.decidingRule !== null) expect(rules[0]).toBe(columns.decidingRule);
      expect(checks.length).toBeGreaterThan(3);
    }
    const conflicts = await sql`
      select 1 from attestation_events
      where threats && array['challenge_replayed', 'counter_rollback'] or detail::text like '%erased%'`;
    expect(conflicts).toHaveLength(0);
  });

  it('has people on access networks of many countries, and attackers on servers', async () => {
    const rows = await sql<{ kind: string; countries: number; rejected: number; events: number }[]>`
      select network_kind as kind, count(distinct country)::int as countries, count(*)::int as events,
        count(*) filter (where verdict = 'rejected')::int as rejected
      from attestation_events group by 1`;
    const of = (kind: string) => rows.find((row) => row.kind === kind);
    expect(of('access')?.countries).toBeGreaterThan(15);
    expect(of('access')?.events).toBeGreaterThan(ARGUMENTS.events * 0.6);
    expect((of('access')?.rejected ?? 0) / (of('access')?.events ?? 1)).toBeLessThan(0.2);
    const hosting = of('hosting');
    expect((hosting?.rejected ?? 0) / (hosting?.events ?? 1)).toBeGreaterThan(0.7);
  });

  it('counts requests and challenges', async () => {
    const [found] = await sql`
      select (select sum(requests) from request_rollup_minutes where outcome = 'valid')::int as valid,
        (select sum(requests) from request_rollup_hours where outcome = 'valid')::int as valid_by_hour,
        (select count(*) from request_events)::int as refused,
        (select sum(events) from counter_rollup_minutes where name = 'challenge')::int as challenges,
        (select count(*) from attestation_events)::int as events`;
    expect(found?.valid).toBeGreaterThan(found?.events);
    expect(found?.valid_by_hour).toBe(found?.valid);
    expect(found?.refused).toBeGreaterThan(20);
    expect(found?.challenges).toBeGreaterThanOrEqual(found?.events);
  });

  it('adds nothing when it is run again', async () => {
    const before = await contentOf(whole.db.owner);
    expect((await fill(whole)).isComplete).toBe(true);
    expect(await contentOf(whole.db.owner)).toEqual(before);
  });

  it('is the same history when it was stopped and went on, and when its position was lost with the last batch', async () => {
    const parts = await install('parts', whole);
    const stop = new AbortController();
    let batches = 0;
    const first = await fill(parts, stop.signal, () => {
      batches += 1;
      if (batches === 3) stop.abort();
    });
    expect(first.isComplete).toBe(false);
    expect(first.batches).toBeLessThan(first.allBatches);
    expect((await fill(parts)).isComplete).toBe(true);
    expect(await contentOf(parts.db.owner)).toEqual(await contentOf(whole.db.owner));
    await rm(
      path.join(parts.directory, `backfill-${ARGUMENTS.seed}-${ARGUMENTS.days}d-${ARGUMENTS.events}.json`),
    );
    expect((await fill(parts)).isComplete).toBe(true);
    expect(await contentOf(parts.db.owner)).toEqual(await contentOf(whole.db.owner));
  }, 120_000);
});
