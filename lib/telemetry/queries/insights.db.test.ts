import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedApp, seedEvent, seedRequests } from '@/drizzle/testing/seed';
import { summarise } from '@/drizzle/testing/summarise';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import type { Actor } from '@/lib/auth';
import { actorWith } from '@/lib/auth/testing/actors';
import {
  comparisonQuerySchema,
  comparisonSchema,
  funnelSchema,
  latencySchema,
  type TelemetryFilter,
  telemetryFilterSchema,
  whatChangedSchema,
} from '@/lib/contracts';
import { fixedClock } from '@/lib/core';
import { readComparison, readFunnel, readLatency, readWhatChanged } from '@/lib/telemetry/queries';

const MINUTE = 60_000;
const TEN_MINUTES = 10 * MINUTE;
const DAY = 86_400_000;
/** A minute before ten minutes that are over for long enough to be summed. */
const NOW_MS = Math.floor((Date.now() - 2 * MINUTE) / TEN_MINUTES) * TEN_MINUTES - MINUTE;
let db: TestDatabase;
const clock = fixedClock(NOW_MS + 30_000);
const as = (actor: Actor) => ({ db: db.console, actor, clock });
const analyst = actorWith('analyst');
const filter = (input: Record<string, unknown> = {}): TelemetryFilter =>
  telemetryFilterSchema.parse({ range: '1h', ...input });
const nobodies = [actorWith(null), { kind: 'system', id: 'x', name: 'x' } as const];
const iso = (ms: number) => new Date(ms).toISOString();

beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank', 'Retail Bank');
  await seedApp(db.owner, 'fleet', 'Fleet Driver');
});
afterAll(() => db.close());

/**
 * The same hour of seven days in 72 cells of ten attestations each per ten minutes, one of 60 with hooks; and since half
 * an hour nine of ten on one OS version, each of another device.
 */
async function seedCells(): Promise<void> {
  const from = iso(NOW_MS - 7 * DAY);
  await db.owner
    .sql`select countersign_ensure_partitions(${from}::timestamptz::date, ${iso(NOW_MS)}::timestamptz::date)`;
  await db.owner.sql`
    with cells as (
      select b.at, os, app, model, country, b.day, b.slot, row_number() over () as n
      from unnest(array['26.4', '26.5', '26.6']) os, unnest(array['5.4.0', '5.5.0']) app,
        unnest(array['A', 'B', 'C']) model, unnest(array['DE', 'FR', 'NL', 'PL']) country,
        (select day, slot, ${iso(NOW_MS - 59 * MINUTE)}::timestamptz + slot * interval '10 minutes'
           - day * interval '1 day' as at
         from generate_series(0, 6) day, generate_series(0, 5) slot) b
    )
    insert into cell_rollups (app_id, bucket, writer, cell, signal, platform, os_version, app_version, model, country, events)
    select 'bank', date_bin('10 minutes', at, 'epoch'), 'w1', md5(os || app || model || country)::uuid, signal, 'ios', os, app,
      model, country, case when signal = '' then 10 when day = 0 and slot >= 3 and os = '26.6' then 9 else 1 end
    from cells, unnest(array['', 'hooks']) signal
    where signal = '' or n % 6 = 0 or (day = 0 and slot >= 3 and os = '26.6')`;
  await db.owner.sql`
    insert into attestation_events (subject_id, received_at, id, reference, kind, app_id, instance_id, verdict, deciding_threat,
      policy_version, platform, environment, app_version, os_version, model, country, network_kind, threats, detail, latency_us, node)
    select d, ${iso(NOW_MS - 25 * MINUTE)}::timestamptz + n * interval '1 second', gen_random_uuid(), '0000-0000', 'attest', 'bank', d,
      'rejected', 'hooks', 1, 'ios', 'production', '5.4.0', '26.6', 'A', 'DE', 'access', '{hooks}', '{}', 800, 'w1'
    from generate_series(1, 300) n, lateral (select md5((n % 150)::text)::uuid as d) device`;
}

describe('what changed', () => {
  beforeAll(seedCells);

  test('is one finding with its devices, its beginning, and the reading of a false positive', async () => {
    const { findings } = whatChangedSchema.parse(await readWhatChanged(as(analyst), filter()));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      appName: 'Retail Bank',
      signal: 'hooks',
      title: 'Hooking framework attached (Frida, Xposed…)',
      cell: { platform: 'ios', osVersion: '26.6', appVersion: null, model: null, country: null },
      devices: 150,
      since: iso(NOW_MS + MINUTE - 3 * TEN_MINUTES),
      reading: 'probable_false_positive',
    });
    expect(findings[0]?.now.rate).toBeCloseTo(0.9, 1);
    expect(findings[0]?.before.rate).toBeLessThan(0.06);
    expect(findings[0]?.siblings?.rate).toBeLessThan(0.06);
  });

  test('has the same id whenever it is asked for, and only where filters let it through', async () => {
    const ids = async (input: Record<string, unknown>) =>
      (await readWhatChanged(as(analyst), filter(input))).findings.map(({ id }) => id);
    const [id] = await ids({});
    expect(await ids({ threat: ['hooks'], osVersion: ['26.6', '26.5'], country: ['DE'] })).toEqual([id]);
    for (const other of [{ threat: ['root'] }, { osVersion: ['26.5'] }, { app: ['fleet'] }]) {
      expect(await ids(other)).toEqual([]);
    }
  });

  test('is the same from what is summed as from the cells', async () => {
    const asked = () => readWhatChanged(as(analyst), filter());
    const fromCells = await asked();
    await summarise(db);
    expect(await asked()).toEqual(fromCells);
    // What was found is not in the sums any more.
    const { count } = await db.owner.sql`update cell_marginals set events = 0 where signal = 'hooks'`;
    expect(count).toBeGreaterThan(0);
    expect((await asked()).findings).toEqual([]);
    await db.owner.sql`delete from summary_progress`;
    // Nor is what is seeded next.
    expect(await asked()).toEqual(fromCells);
  });

  test('is not there before it began', async () => {
    const to = iso(NOW_MS - 40 * MINUTE);
    const before = filter({ from: iso(NOW_MS - 100 * MINUTE), to });
    expect((await readWhatChanged(as(analyst), before)).findings).toEqual([]);
  });

  test('refuses an actor without permission, and hides other apps', async () => {
    for (const actor of nobodies) {
      await expect(readWhatChanged(as(actor), filter())).rejects.toMatchObject({ code: 'permission_denied' });
    }
    expect((await readWhatChanged(as(actorWith('analyst', 'fleet')), filter())).findings).toEqual([]);
  });
});

const counters = (atMs: number, name: string, bin: number, events: number, writer = 'w1') => db.owner.sql`
  insert into counter_rollup_minutes (app_id, bucket, writer, name, bin, events)
  values ('fleet', date_trunc('minute', ${iso(atMs)}::timestamptz), ${writer}, ${name}, ${bin}, ${events})`;

describe('the funnel', () => {
  beforeAll(async () => {
    const atMs = NOW_MS - 5 * MINUTE;
    await counters(atMs, 'challenge', 0, 7);
    await counters(atMs, 'challenge', 0, 2, 'w2');
    for (const verdict of ['trusted', 'trusted', 'flagged', 'rejected'] as const)
      await seedEvent(db.owner, { appId: 'fleet', atMs, verdict, country: 'DE' });
    await seedRequests(db.owner, { appId: 'fleet', atMs, outcome: 'valid', requests: 40 });
    await seedRequests(db.owner, { appId: 'fleet', atMs, outcome: 'expired', requests: 3 });
  });

  const countsOf = async (input: Record<string, unknown>) => {
    const { stages } = funnelSchema.parse(
      await readFunnel(as(analyst), filter({ app: ['fleet'], ...input })),
    );
    return stages.map(({ count }) => count);
  };

  test('leads from challenges to accepted requests', async () => {
    expect(await countsOf({})).toEqual([9, 4, 2, 3, 40]);
  });

  test('leaves out stages that are not counted by what was filtered by, or not kept so long', async () => {
    expect(await countsOf({ country: ['DE'] })).toEqual([null, 4, 2, 3, null]);
    expect(await countsOf({ network: ['mobile'] })).toEqual([null, 4, 2, 3, 40]);
    expect((await countsOf({ range: '30d' }))[0]).toBeNull();
  });

  test('refuses an actor without permission', async () => {
    for (const actor of nobodies)
      await expect(readFunnel(as(actor), filter())).rejects.toMatchObject({ code: 'permission_denied' });
  });
});

describe('latency', () => {
  beforeAll(async () => {
    await counters(NOW_MS - 10 * MINUTE, 'latency_attest', 6, 90);
    await counters(NOW_MS - 10 * MINUTE, 'latency_enrol', 12, 9);
    await counters(NOW_MS - 10 * MINUTE, 'latency_attest', 31, 1);
  });

  test('is told in percentiles, of enrolments and attestations together, with gaps', async () => {
    const latency = latencySchema.parse(await readLatency(as(analyst), filter({ app: ['fleet'] })));
    expect(latency.total).toEqual({ p50: 1, p95: 10, p99: 10 });
    const shown = latency.points.filter(({ p50 }) => p50 !== null);
    expect(shown).toMatchObject([{ at: iso(Math.floor((NOW_MS - 10 * MINUTE) / MINUTE) * MINUTE), p50: 1 }]);
    expect(latency.points.at(-1)).toMatchObject({ p50: null, incomplete: true });
  });

  test('is a gap under facets that it is not counted by', async () => {
    const latency = await readLatency(as(analyst), filter({ app: ['fleet'], country: ['DE'] }));
    expect(latency.total).toEqual({ p50: null, p95: null, p99: null });
  });

  test('refuses an actor without permission', async () => {
    for (const actor of nobodies)
      await expect(readLatency(as(actor), filter())).rejects.toMatchObject({ code: 'permission_denied' });
  });
});

describe('a comparison', () => {
  const compare = async (input: Record<string, unknown>, actor: Actor = analyst) =>
    readComparison(as(actor), comparisonQuerySchema.parse({ range: '1h', app: ['fleet'], ...input }));

  beforeAll(async () => {
    const atMs = NOW_MS - 6 * MINUTE;
    await seedEvent(db.owner, {
      appId: 'fleet',
      atMs,
      appVersion: '6.0.0',
      verdict: 'rejected',
      threat: 'root',
    });
    await seedEvent(db.owner, { appId: 'fleet', atMs: NOW_MS - 90 * MINUTE, appVersion: '5.4.0' });
  });

  test('shows this period beside the one before', async () => {
    const { a, b, threats } = comparisonSchema.parse(await compare({}));
    expect([a.attestations, b.attestations]).toEqual([5, 1]);
    expect(a).toMatchObject({ label: 'This period', passRate: 0.6, verdicts: { trusted: 2, rejected: 2 } });
    expect(b).toMatchObject({ label: 'The period before', passRate: 1, to: a.from });
    expect(threats).toEqual([{ threat: 'root', title: 'root', a: 0.2, b: 0 }]);
  });

  test('shows two app versions, and needs both', async () => {
    const { a, b } = comparisonSchema.parse(await compare({ by: 'appVersion', a: '5.4.0', b: '6.0.0' }));
    expect([a.label, a.attestations, b.label, b.attestations]).toEqual(['5.4.0', 4, '6.0.0', 1]);
    await expect(compare({ by: 'appVersion', a: '5.4.0' })).rejects.toMatchObject({
      code: 'request_invalid',
      fields: { b: 'is needed to compare app versions' },
    });
  });

  test('refuses an actor without permission', async () => {
    for (const actor of nobodies)
      await expect(compare({}, actor)).rejects.toMatchObject({ code: 'permission_denied' });
  });
});
