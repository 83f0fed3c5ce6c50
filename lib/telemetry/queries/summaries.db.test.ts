import { drizzle } from 'drizzle-orm/postgres-js';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as schema from '@/drizzle/schema';
import { seedApp, seedEvent } from '@/drizzle/testing/seed';
import { summarise } from '@/drizzle/testing/summarise';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import {
  attestationExportSchema,
  attestationQuerySchema,
  comparisonQuerySchema,
  telemetryFilterSchema,
} from '@/lib/contracts';
import { fixedClock } from '@/lib/core';
import { openDriver } from '@/lib/db';
import {
  exportAttestations,
  listAttestations,
  listFacets,
  readComparison,
  readFunnel,
  readHistogram,
  readOverview,
} from '@/lib/telemetry/queries';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW_MS = Date.now();
const VERDICTS = ['trusted', 'flagged', 'restricted', 'rejected'] as const;
const COUNTRIES = ['DE', 'FR', null] as const;
/**
 * What was written late is found by Postgres' own statistics, which an idle connection hands on after ten seconds
 * (`PGSTAT_IDLE_INTERVAL`): on PostgreSQL 15 these tests take 9.5 to 10.3 s, so that ten would be no bound, but a coin.
 */
const UNTIL_SEEN = { timeout: 25_000, interval: 300 };

let db: TestDatabase;
const ctx = () => ({ db: db.console, actor: actorWith('analyst'), clock: fixedClock(NOW_MS) });

beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank');
  await seedApp(db.owner, 'fleet');
  for (let index = 0; index < 60; index++) await seed(NOW_MS - index * 97 * MINUTE, index);
  // More than a whole week, wherever in the week today is.
  for (let index = 0; index < 40; index++) await seed(NOW_MS - 8 * DAY - index * 10 * HOUR, index);
});
afterAll(() => db.close());

function seed(atMs: number, index: number): Promise<{ id: string }> {
  const verdict = VERDICTS[index % 4] ?? 'trusted';
  return seedEvent(db.owner, {
    appId: index % 3 === 0 ? 'fleet' : 'bank',
    atMs,
    verdict,
    threat: verdict === 'trusted' ? null : (['hooks', 'debugger'][index % 2] ?? null),
    country: COUNTRIES[index % 3] ?? null,
    appVersion: `5.${index % 5}.0`,
    network: index % 2 === 0 ? 'access' : 'hosting',
    writer: `w${index % 2}`,
  });
}

/** Everything that the console shows of a window. */
async function shown(input: Record<string, unknown>) {
  const filter = telemetryFilterSchema.parse(input);
  const query = comparisonQuerySchema.parse(input);
  const [overview, histogram, facets, funnel, comparison] = await Promise.all([
    readOverview(ctx(), filter),
    readHistogram(ctx(), filter),
    listFacets(ctx(), filter),
    readFunnel(ctx(), filter),
    readComparison(ctx(), query),
  ]);
  const byName = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).sort();
  const { countries, networks, topThreats, versionThreat, ...rest } = overview;
  return {
    rest,
    sorted: [countries, networks, topThreats, versionThreat.rows.map(({ shares: _, ...row }) => row)].map(
      byName,
    ),
    histogram,
    facets,
    stages: funnel.stages,
    comparison,
  };
}

const WINDOWS = [
  { range: '1h' },
  { range: '6h' },
  { range: '24h' },
  { range: '24h', tz: 345 },
  { range: '7d' },
  { range: '30d', tz: 120 },
  { range: '7d', app: ['fleet'] },
  { range: '7d', country: ['DE'], network: ['access'] },
  { range: '30d', country: ['DE'], tz: -180 },
  { range: '30d', verdict: ['rejected', 'flagged'], tz: 120 },
  { range: '7d', threat: ['hooks'] },
  { range: '7d', policyVersion: ['1'], app: ['bank'] },
  { range: '30d', appVersion: ['5.1.0'] },
  { range: '30d', app: ['bank'], verdict: ['rejected'], threat: ['debugger', 'hooks'] },
  {
    from: new Date(NOW_MS - 50 * HOUR).toISOString(),
    to: new Date(NOW_MS - 3 * HOUR).toISOString(),
    tz: -180,
  },
];

describe('sums', () => {
  test.each(WINDOWS)('answer as the rollups do: %j', async (window) => {
    await db.owner.sql`delete from summary_progress`;
    const fromRollups = await shown(window);
    await summarise(db);
    const [row] = await db.owner.sql`select count(*)::int as tiers from summary_progress`;
    expect(row).toEqual({ tiers: 12 });
    expect(await shown(window)).toEqual(fromRollups);
  });

  test('of a single facet are what answers for it', async () => {
    await summarise(db);
    const all = async () => {
      const { histogram, rest } = await shown({ range: '30d', network: ['access'] });
      return [
        histogram.points.reduce((sum, { counts }) => sum + (counts?.trusted ?? 0), 0),
        rest.passRate.now,
      ];
    };
    const [trusted, passRate] = await all();
    await db.owner.sql.begin(async (tx) => {
      await tx`update attestation_facet_hours set events = 0`;
      await tx`update attestation_facet_days set events = 0`;
    });
    expect(await all()).not.toEqual([trusted, passRate]);
    await db.owner.sql`delete from summary_progress`;
    expect(await all()).toEqual([trusted, passRate]);
  });

  test.each([345, -210])('tell half and quarter hours apart over weeks: %i minutes', async (tz) => {
    await summarise(db);
    const { points } = await readHistogram(ctx(), telemetryFilterSchema.parse({ range: '7d', tz }));
    const rows = await db.owner.sql<{ at: number }[]>`
      select (extract(epoch from received_at) * 1000)::float8 as at from attestation_events`;
    const starts = points.map(({ at }) => Date.parse(at));
    const expected = starts.map(
      (start) => rows.filter(({ at }) => at >= start && at < start + 2 * HOUR).length,
    );
    const counted = points.map(({ counts }) =>
      Object.values(counts ?? {}).reduce((all, one) => all + one, 0),
    );
    expect(counted).toEqual(expected);
  });

  test('are made again where something was written after they had been made', async () => {
    await summarise(db);
    for (const hours of [2, 30, 80]) await seed(NOW_MS - hours * HOUR, hours);
    await expect
      .poll(async () => {
        await summarise(db);
        const { comparison } = await shown({ range: '7d' });
        return comparison.a.attestations;
      }, UNTIL_SEEN)
      .toBe(63);
  });

  test('of minutes are made again with their hour, where something came late within it', async () => {
    await summarise(db);
    const hour = new Date(Math.floor(NOW_MS / HOUR) * HOUR - HOUR).toISOString();
    // As if the hour were about to be summed: its minutes are.
    await db.owner.sql`
      update summary_progress set summarised_to = ${hour}::timestamptz where tier = 'attestation_summary_hours'`;
    await seed(Date.parse(hour) + 7 * MINUTE, 1);
    await summarise(db);
    const count = async (table: string) => {
      const [row] = await db.owner.sql<{ events: number }[]>`
        select coalesce(sum(events), 0)::int as events from ${db.owner.sql(table)} t
        where t.bucket >= ${hour} and t.bucket < ${hour}::timestamptz + interval '1 hour'
          and coalesce(to_jsonb(t) ->> 'kind', 'network') = 'network'`;
      return row?.events;
    };
    const counted = await count('attestation_rollup_minutes');
    expect(counted).toBeGreaterThan(0);
    expect(await count('attestation_summary_minutes')).toBe(counted);
    expect(await count('attestation_summary_five_minutes')).toBe(counted);
  });

  test('of weeks hold what their days do, also where something was written after they had been made', async () => {
    const weeks = () => db.owner.sql<{ week: string; app_id: string; facet: string; events: number }[]>`
      select bucket as week, app_id, facet, events::int from attestation_rollup_weeks order by 1, 2, 3`;
    const counted = () => db.owner.sql<{ week: string; app_id: string; facet: string; events: number }[]>`
      select date_bin('7 days', bucket, 'epoch') as week, app_id, facet, sum(events)::int as events
      from attestation_rollup_hours where bucket < (select summarised_to from summary_progress where tier = 'attestation_rollup_weeks')
      group by 1, 2, 3 order by 1, 2, 3`;
    await summarise(db);
    expect((await weeks()).length).toBeGreaterThan(20);
    expect([...(await weeks())]).toEqual([...(await counted())]);
    for (const days of [11, 12, 40]) await seed(NOW_MS - days * DAY, days);
    await expect
      .poll(async () => {
        await summarise(db);
        return [...(await weeks())];
      }, UNTIL_SEEN)
      .toEqual([...(await counted())]);
  });

  test('of weeks do not answer where an app keeps some of their days no more', async () => {
    const progress = async () => {
      await summarise(db);
      const [row] = await db.owner.sql<{ from: number }[]>`
        select (extract(epoch from summarised_from) * 1000)::float8 as from from summary_progress
        where tier = 'attestation_rollup_weeks'`;
      return row?.from ?? 0;
    };
    const before = await progress();
    await db.owner.sql`update apps set retain_hour_days = 10 where id = 'fleet'`;
    const shortened = await progress();
    expect(shortened).toBeGreaterThan(before);
    expect(shortened).toBeGreaterThan(NOW_MS - 11 * DAY);
    await db.owner.sql`update apps set retain_hour_days = 400 where id = 'fleet'`;
    await seed(NOW_MS - 26 * DAY, 1);
    expect(await progress()).toBe(shortened);
  });

  test('are written by nobody but the function that makes them', async () => {
    for (const role of ['console', 'service'] as const) {
      for (const statement of [
        'delete from attestation_summary_days',
        'update summary_progress set summarised_to = now()',
        "select countersign_summarise_span('attestation_summary_days', now(), now())",
      ])
        await expect(db[role].sql.unsafe(statement)).rejects.toMatchObject({ code: '42501' });
    }
    await expect(db.console.sql`select countersign_summarise()`).rejects.toMatchObject({ code: '42501' });
  });
});

describe('a list under rare facets', () => {
  const list = async (input: Record<string, unknown>, limit = 5) => {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const query = attestationQuerySchema.parse({ range: '7d', ...input, limit, cursor });
      const page = await listAttestations(ctx(), query);
      ids.push(...page.rows.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return ids;
  };

  test('holds each event once, page by page, as the table does', async () => {
    for (const [verdict, network] of [
      ['rejected', 'hosting'],
      ['restricted', 'access'],
    ] as const) {
      const rows = await db.owner.sql<{ id: string }[]>`
        select id from attestation_events where verdict = ${verdict} and network_kind = ${network}
          and received_at > now() - interval '7 days'
        order by received_at desc, id desc`;
      expect(rows.length).toBeGreaterThan(10);
      const ids = rows.map(({ id }) => id);
      expect(await list({ verdict: [verdict], network: [network] })).toEqual(ids);
      expect(await list({ verdict: [verdict], network: [network] }, 1)).toEqual(ids);
    }
  });

  test('finds what was folded into (other)', async () => {
    const { id } = await seedEvent(db.owner, {
      appId: 'bank',
      atMs: NOW_MS - 26 * HOUR,
      appVersion: '9.9.9',
    });
    for (const table of ['attestation_rollup_minutes', 'attestation_rollup_hours'])
      await db.owner.sql`
        update ${db.owner.sql(table)} set app_version = '(other)', os_version = '(other)' where app_version = '9.9.9'`;
    const found = async () => {
      await summarise(db);
      return list({ appVersion: ['9.9.9'] });
    };
    await expect.poll(found, UNTIL_SEEN).toEqual([id]);
    expect(await list({ appVersion: ['9.9.8'] })).toEqual([]);
  });
});

describe('an export under rare facets', () => {
  test('looks for folded versions only where cells tell of them', async () => {
    const atMs = Math.floor(NOW_MS / HOUR) * HOUR - 30 * HOUR;
    for (const [hour, osVersion] of [
      [0, '17.0'],
      [1, '17.1'],
    ] as const) {
      const bucket = new Date(atMs + hour * HOUR).toISOString();
      await seedEvent(db.owner, { appId: 'fleet', atMs: Date.parse(bucket) + MINUTE, country: 'DE' });
      await db.owner.sql`
        insert into cell_rollups (app_id, bucket, writer, cell, signal, platform, os_version, app_version, model, country, events)
        values ('fleet', ${bucket}, 'w', gen_random_uuid(), '', 'ios', ${osVersion}, '5.1.0', 'A', '(other)', 1)`;
    }
    for (const table of ['attestation_rollup_minutes', 'attestation_rollup_hours'])
      await db.owner.sql`update ${db.owner.sql(table)} set os_version = '(other)'`;
    await db.owner.sql`delete from summary_progress`;
    await summarise(db);
    const { spans, pool } = watched();
    const input = attestationExportSchema.parse({ range: '7d', osVersion: ['17.0'], country: ['DE'] });
    for await (const _ of exportAttestations({ ...ctx(), db: pool }, input, new AbortController().signal));
    await pool.close();
    const looksAt = (ms: number) => spans.some(([fromMs, toMs]) => fromMs < ms + HOUR && toMs > ms);
    expect([looksAt(atMs), looksAt(atMs + HOUR)]).toEqual([true, false]);
  });

  const RARE = { verdict: ['rejected'], network: ['hosting'], country: ['DE'] };

  /** The console's pool, and from when to when each of its statements looked among the events. */
  function watched() {
    const spans: [fromMs: number, toMs: number][] = [];
    const sql = openDriver(db.consoleUrl, {
      debug: (_connection, statement, parameters: unknown[]) => {
        if (!statement.includes('from "attestation_events"')) return;
        const instants = parameters.map(String).filter((text) => /^\d{4}-.+T.+Z$/.test(text));
        spans.push([Date.parse(instants[0] ?? ''), Date.parse(instants[1] ?? '')]);
      },
    });
    return { spans, pool: { sql, orm: drizzle(sql, { schema }), close: () => sql.end() } };
  }

  test('holds each event once, newest first, and looks only where the rollups counted some', async () => {
    await summarise(db);
    const rows = await db.owner.sql<{ id: string; at: number }[]>`
      select id, (extract(epoch from received_at) * 1000)::float8 as at from attestation_events
      where verdict = 'rejected' and network_kind = 'hosting' and country = 'DE' and received_at > now() - interval '7 days'
      order by received_at desc, id desc`;
    expect(rows.length).toBeGreaterThan(2);
    const { spans, pool } = watched();
    const ids: string[] = [];
    const input = attestationExportSchema.parse({ range: '7d', ...RARE });
    for await (const page of exportAttestations(
      { ...ctx(), db: pool },
      input,
      new AbortController().signal,
    )) {
      ids.push(...page.map(({ id }) => id));
    }
    await pool.close();
    expect(ids).toEqual(rows.map(({ id }) => id));
    const hours = new Set(rows.map(({ at }) => Math.floor(at / HOUR))).size;
    const lookedAtMs = spans.reduce((sum, [fromMs, toMs]) => sum + toMs - fromMs, 0);
    expect(lookedAtMs).toBeGreaterThan(0);
    // The hour up to now is looked at without asking the rollups.
    expect(lookedAtMs).toBeLessThanOrEqual((hours + 1) * HOUR);
  });
});
