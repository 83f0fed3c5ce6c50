import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { silentLogger } from '@/lib/core';
import { JOBS, runJob, startJobs } from './index';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** One round of every job. */
async function runAll(): Promise<void> {
  for (const job of JOBS) await runJob(db.service, job, silentLogger);
}

const days = async () => {
  const rows = await db.owner.sql<{ name: string }[]>`
    select relname as name from pg_class where relname ~ '^attestation_events_[0-9]{8}$' order by 1`;
  return rows.map(({ name }) => name.slice(-8));
};

describe('scheduled work', () => {
  test('lets the service start before it has done all that there is to do, and stop before that', async () => {
    const [missing] = await days();
    await db.owner.sql.unsafe(`drop table attestation_events_${missing}`);
    let stopped: Promise<void> | undefined;
    await db.owner.sql.begin(async (sql) => {
      // Whoever sums waits for this.
      await sql`select pg_advisory_xact_lock(7310503)`;
      const jobs = await startJobs(db.service, silentLogger);
      expect((await days())[0]).toBe(missing);
      stopped = jobs.stop();
    });
    await stopped;
  });

  test('that has many pieces ends after one where others wait, and goes on with the next', async () => {
    const summarise = JOBS.find(({ name }) => name === 'summarise');
    if (summarise === undefined) throw new Error('Nothing sums.');
    const summed = async () =>
      (
        await db.owner.sql<{ to: number }[]>`
        select coalesce(sum(extract(epoch from summarised_to)), 0)::float8 as to from summary_progress`
      )[0]?.to ?? 0;
    await db.owner.sql`delete from summary_progress`;
    await db.owner.sql`
      insert into attestation_rollup_hours (app_id, bucket, writer, facet, verdict, deciding_threat, platform, os_version,
        app_version, country, network_kind, policy_version, events, latency_us)
      select 'bank', date_trunc('hour', now()) - interval '4 hours', 'w', gen_random_uuid(), 'trusted', '', 'ios', '', '', '', '', 1, 1, 1`;
    await runJob(db.service, summarise, silentLogger, () => false);
    const first = await summed();
    await runJob(db.service, summarise, silentLogger, () => false);
    expect(await summed()).toBeGreaterThan(first);
    await runJob(db.service, summarise, silentLogger);
    expect(await summed()).toBeGreaterThan(first + 3_600);
  });

  test('makes the missing partitions, from yesterday to 14 days ahead', async () => {
    const before = await days();
    expect(before).toHaveLength(16);
    await db.owner.sql.unsafe(`drop table attestation_events_${before.at(-1)}, device_days_${before[0]}`);
    await runAll();
    expect(await days()).toEqual(before);
  });

  test('deletes challenges ten minutes after they expired, and none before', async () => {
    await db.owner.sql`
      insert into consumed_challenges (digest, expires_at)
      select decode(md5(i::text), 'hex'), clock_timestamp() - i * interval '1 minute' from generate_series(0, 20) as i`;
    await runAll();
    const [left] = await db.owner.sql<
      { count: number }[]
    >`select count(*)::int as count from consumed_challenges`;
    expect(left?.count).toBe(10);
  });

  test('deletes old acknowledgements and nodes that are gone, and keeps the others', async () => {
    await db.owner.sql`
      insert into change_acks (seq, node_id, applied_at)
      values (1, 'n', clock_timestamp() - interval '8 days'), (2, 'n', clock_timestamp() - interval '6 days')`;
    await db.owner.sql`
      insert into service_nodes (id, version, started_at, last_seen_at, epoch, applied_seq, clock_skew_ms, stopped_at)
      select name, '1', seen, seen, gen_random_uuid(), 0, 0, stopped from (values
        ('stopped long ago', clock_timestamp() - interval '2 days', clock_timestamp() - interval '2 days'),
        ('silent for long', clock_timestamp() - interval '2 days', null),
        ('stopped now', clock_timestamp(), clock_timestamp()),
        ('alive', clock_timestamp(), null)) as t(name, seen, stopped)`;
    await runAll();
    expect([...(await db.owner.sql`select seq::int as seq from change_acks`)]).toEqual([{ seq: 2 }]);
    const nodes = await db.owner.sql<{ id: string }[]>`select id from service_nodes order by id`;
    expect(nodes.map(({ id }) => id)).toEqual(['alive', 'stopped now']);
  });

  test('deletes what blocks met more than 30 days ago, and nothing newer', async () => {
    await db.owner.sql`
      insert into block_hits (block_id, hour, writer, attestations, requests)
      select gen_random_uuid(), clock_timestamp() - days * interval '1 day', 'n', 1, days
      from (values (29), (31)) as ages(days)`;
    await runAll();
    expect([...(await db.owner.sql`select requests::int as days from block_hits`)]).toEqual([{ days: 29 }]);
  });

  test('is done by one process at a time, and left out by the others', async () => {
    await db.owner.sql.begin(async (sql) => {
      await sql`select pg_advisory_xact_lock(7310502)`;
      await db.owner.sql`insert into consumed_challenges (digest, expires_at) values ('\\x00', 'epoch')`;
      await runAll();
    });
    const [left] = await db.owner.sql<{ count: number }[]>`
      select count(*)::int as count from consumed_challenges where expires_at = 'epoch'`;
    expect(left?.count).toBe(1);
  });
});
