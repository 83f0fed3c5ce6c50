import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seedApp, seedEvent, seedInstance, seedRequests } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { type Logger, newId, silentLogger } from '@/lib/core';
import { JOBS, runJob } from './index';

const DAY_MS = 86_400_000;
const RETENTION = ['drop_expired_partitions', 'delete_expired_rows', 'forget_addresses'];

let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank');
  await seedApp(db.owner, 'fleet');
});
afterEach(() => db.close());

/** One round of what ages telemetry. */
async function age(logger: Logger = silentLogger): Promise<void> {
  for (const job of JOBS) if (RETENTION.includes(job.name)) await runJob(db.service, job, logger);
}

const daysAgo = (days: number) => Date.now() - days * DAY_MS;
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10).replaceAll('-', '');
const event = (appId: string, days: number) => seedEvent(db.owner, { appId, atMs: daysAgo(days) });
const retain = (appId: string, kept: Record<string, number>) =>
  db.owner.sql`update apps set ${db.owner.sql(kept)} where id = ${appId}`;

async function partitionsOf(parent: string): Promise<string[]> {
  const rows = await db.owner.sql<{ name: string }[]>`
    select relname as name from pg_class where relname ~ ${`^${parent}_[0-9]{8}$`} order by 1`;
  return rows.map(({ name }) => name.slice(-8));
}

async function eventDays(appId: string): Promise<number[]> {
  const rows = await db.owner.sql<{ days: number }[]>`
    select round(extract(epoch from now() - received_at) / 86400)::int as days from attestation_events
    where app_id = ${appId} order by 1`;
  return rows.map(({ days }) => days);
}

describe('retention', () => {
  test('drops the days that no app keeps, of each kind of table by its own measure', async () => {
    for (const days of [1, 7, 9, 29, 30, 31, 32, 399, 402]) await event('bank', days);
    await age();
    expect(await eventDays('bank')).toEqual([1, 7, 9, 29, 30]);
    const first = async (parent: string) => (await partitionsOf(parent))[0];
    expect(await first('attestation_events')).toBe(dayOf(daysAgo(30)));
    expect(await first('request_events')).toBe(dayOf(daysAgo(30)));
    for (const parent of ['attestation_rollup_minutes', 'cell_rollups', 'counter_rollup_minutes']) {
      expect(await first(parent)).toBe(dayOf(daysAgo(7)));
    }
    for (const parent of ['attestation_rollup_hours', 'request_rollup_hours', 'device_days']) {
      expect(await first(parent)).toBe(dayOf(daysAgo(399)));
    }
  });

  test('keeps a day as long as one app keeps it, and deletes the rows of the others', async () => {
    await retain('fleet', { retain_event_days: 2, retain_minute_days: 1, retain_hour_days: 3 });
    for (const app of ['bank', 'fleet']) for (const days of [0, 1, 2, 3, 4]) await event(app, days);
    await seedRequests(db.owner, { appId: 'fleet', atMs: daysAgo(2), outcome: 'valid', requests: 5 });
    await age();
    expect(await eventDays('bank')).toEqual([0, 1, 2, 3, 4]);
    expect(await eventDays('fleet')).toEqual([0, 1, 2]);
    const [left] = await db.owner.sql<Record<string, number>[]>`
      select (select count(*)::int from attestation_rollup_minutes where app_id = 'fleet') as minutes,
        (select count(*)::int from attestation_rollup_hours where app_id = 'fleet') as hours,
        (select count(*)::int from request_rollup_minutes where app_id = 'fleet') as requests,
        (select count(*)::int from attestation_rollup_minutes where app_id = 'bank') as others`;
    expect(left).toEqual({ minutes: 2, hours: 4, requests: 0, others: 5 });
  });

  test('drops no day from yesterday on, whatever an app says', async () => {
    await retain('bank', { retain_event_days: 0, retain_minute_days: -5, retain_hour_days: -1_000_000 });
    await retain('fleet', { retain_event_days: 0, retain_minute_days: 0, retain_hour_days: 0 });
    await event('bank', 0);
    await event('bank', 5);
    const before = await partitionsOf('attestation_rollup_hours');
    await age();
    expect(await partitionsOf('attestation_rollup_hours')).toEqual(before.slice(1));
    expect((await partitionsOf('attestation_events'))[0]).toBe(dayOf(daysAgo(1)));
    expect(await eventDays('bank')).toEqual([0]);
  });

  test('leaves out a table that is in use, keeps nobody waiting, and drops it the next time', async () => {
    await event('bank', 40);
    const old = dayOf(daysAgo(40));
    await db.owner.sql.begin(async (reader) => {
      await reader`select count(*) from attestation_events`;
      const aging = age();
      const written: number[] = [];
      for (let i = 0; i < 10; i++) {
        const started = performance.now();
        await event('bank', 0);
        written.push(performance.now() - started);
      }
      await aging;
      expect(Math.max(...written)).toBeLessThan(1_000);
    });
    expect(await partitionsOf('attestation_events')).toContain(old);
    expect(await partitionsOf('attestation_rollup_minutes')).not.toContain(old);
    await age();
    expect(await partitionsOf('attestation_events')).not.toContain(old);
  });

  test('says how much it did, and nothing where there was nothing to do', async () => {
    const lines: unknown[] = [];
    const logger = { ...silentLogger, info: (facts: unknown) => lines.push(facts) } as Logger;
    await retain('fleet', { retain_event_days: 2, retain_address_days: 1 });
    await event('fleet', 2);
    await event('fleet', 3);
    await event('bank', 40);
    // Raw evidence is kept by no app, so that each of the three days goes; of the others only what is older than any keeps.
    const [old] = await db.owner.sql<{ tables: number }[]>`
      select sum(case kept when 'archive' then 3 else 1 end)::int as tables
      from countersign_telemetry_tables() where kept in ('event', 'minute', 'archive')`;
    await age(logger);
    expect(lines).toEqual([
      { job: 'drop_expired_partitions', done: old?.tables },
      { job: 'delete_expired_rows', done: 1 },
      { job: 'forget_addresses', done: 1 },
    ]);
    await age(logger);
    expect(lines).toHaveLength(3);
  });
});

describe('raw evidence', () => {
  test('is kept for as long as its app says, and goes the day after it keeps none', async () => {
    const archive = (appId: string, daysAgo: number) => db.owner.sql`
      insert into archived_evidence (subject_id, received_at, id, app_id, sealed)
      values (gen_random_uuid(), now() - ${daysAgo}::int * interval '1 day', gen_random_uuid(), ${appId}, '')`;
    const left = async () => {
      const rows = await db.owner.sql<{ text: string }[]>`
        select concat(app_id, ' ', (now() at time zone 'UTC')::date - (received_at at time zone 'UTC')::date) as text
        from archived_evidence order by 1`;
      return rows.map(({ text }) => text);
    };
    await retain('bank', { archive_days: 3 });
    for (const daysAgo of [0, 1, 3, 5]) {
      await db.owner.sql`select countersign_ensure_partitions(
        (now() at time zone 'UTC')::date - ${daysAgo}::int, (now() at time zone 'UTC')::date - ${daysAgo}::int)`;
      await archive('bank', daysAgo);
    }
    await archive('fleet', 1);
    await age();
    expect(await left()).toEqual(['bank 0', 'bank 1', 'bank 3']);
    await retain('bank', { archive_days: 0 });
    await age();
    expect(await left()).toEqual(['bank 0']);
  });
});

describe('addresses', () => {
  /** What of addresses is left, by app and age in days. */
  async function known(table: 'attestation_events' | 'request_events'): Promise<string[]> {
    const rows = await db.owner.sql<{ text: string }[]>`
      select concat(coalesce(app_id, '-'), ' ', round(extract(epoch from now() - received_at) / 86400)) as text
      from ${db.owner.sql(table)} where num_nonnulls(network_prefix, address_hash, asn) > 0 order by 1`;
    return rows.map(({ text }) => text);
  }

  const refusal = (appId: string | null, days: number) => {
    const id = newId(daysAgo(days));
    return db.owner.sql`
      insert into request_events (subject_id, received_at, id, app_id, outcome, enforced, network_kind, asn,
        network_prefix, address_hash, node)
      values (${id}, ${new Date(daysAgo(days)).toISOString()}, ${id}, ${appId}, 'missing', 1, 'access', 64500,
        '192.0.2.0/24', '\\x00', 'n')`;
  };

  test('are forgotten when their app says so, and the events stay', async () => {
    await retain('fleet', { retain_address_days: 2 });
    for (const app of ['bank', 'fleet']) for (const days of [0, 2, 3, 9]) await event(app, days);
    for (const app of ['bank', 'fleet', null]) for (const days of [0, 9]) await refusal(app, days);
    await age();
    expect(await known('attestation_events')).toEqual([
      'bank 0',
      'bank 2',
      'bank 3',
      'bank 9',
      'fleet 0',
      'fleet 2',
    ]);
    expect(await known('request_events')).toEqual(['- 0', 'bank 0', 'bank 9', 'fleet 0']);
    expect(await eventDays('fleet')).toEqual([0, 2, 3, 9]);
    const [facets] = await db.owner
      .sql`select network_kind from request_events where app_id = 'fleet' limit 1`;
    expect(facets).toEqual({ network_kind: 'access' });
  });

  test('of devices that have not been seen for as long are forgotten too', async () => {
    await retain('bank', { retain_address_days: 3 });
    const seen = (days: number) => ({ lastSeenAt: new Date(daysAgo(days)), asn: 64_500 });
    const gone = await seedInstance(db.owner, 'bank', seen(5));
    const recent = await seedInstance(db.owner, 'bank', seen(1));
    await age();
    const rows = await db.owner.sql<{ id: string; network: string | null; asn: number | null }[]>`
      select id, network_prefix as network, asn from device_instances order by last_seen_at`;
    expect([...rows]).toEqual([
      { id: gone, network: null, asn: null },
      { id: recent, network: '192.0.2.0/24', asn: 64_500 },
    ]);
  });

  test('are forgotten in batches, from where the last one stopped', async () => {
    await retain('bank', { retain_address_days: 2 });
    for (let i = 0; i < 7; i++) await event('bank', 5 + i / 100);
    const batch = async () => {
      const [row] = await db.service.sql<{ forgotten: number; finished: boolean }[]>`
        select forgotten, finished from countersign_forget_addresses(3)`;
      return row;
    };
    expect(await batch()).toEqual({ forgotten: 3, finished: false });
    await expect(
      db.service.sql.begin(async (sql) => {
        await sql`select countersign_forget_addresses(3)`;
        throw new Error('the process ends here');
      }),
    ).rejects.toThrow();
    expect(await batch()).toEqual({ forgotten: 3, finished: false });
    expect(await known('attestation_events')).toHaveLength(1);
    await age();
    expect(await known('attestation_events')).toEqual([]);
    expect((await batch())?.finished).toBe(true);
  });
});

describe('the functions of retention', () => {
  test('are nobody else’s to call, and give nobody a right to the tables', async () => {
    for (const [role, statement] of [
      ['console', 'select countersign_drop_expired_partition()'],
      ['console', 'select countersign_delete_expired_rows(1)'],
      ['console', 'select countersign_forget_addresses(1)'],
      ['console', 'select countersign_ensure_partitions(current_date, current_date)'],
      ['console', 'delete from attestation_events'],
      ['service', `select countersign_erase_device('${newId(0)}')`],
      ['service', 'delete from attestation_events'],
      ['service', 'update attestation_events set country = null'],
      ['service', 'drop table attestation_events'],
      ['service', 'delete from forgotten_addresses'],
    ] as const) {
      await expect(db[role].sql.unsafe(statement), `${role}: ${statement}`).rejects.toMatchObject({
        code: '42501',
      });
    }
  });

  test('make a partition while somebody reads the table, and let others write meanwhile', async () => {
    const far = new Date(Date.now() + 60 * DAY_MS).toISOString();
    await db.owner.sql.begin(async (reader) => {
      await reader`select count(*) from attestation_events`;
      await db.service.sql`set lock_timeout = '1s'`;
      const [row] = await db.service.sql`
        select countersign_ensure_partitions(${far}::timestamptz::date, ${far}::timestamptz::date) as made,
          (select count(*)::int from pg_class where relkind = 'p') as parents`;
      expect(row?.made).toBe(row?.parents);
      await event('bank', 0);
    });
    expect(await partitionsOf('cell_rollups')).toContain(dayOf(Date.parse(far)));
  });

  test('give a partition the indexes and keys of its table', async () => {
    const [row] = await db.owner.sql<{ attached: number; parents: number }[]>`
      select (select count(*)::int from pg_inherits i join pg_index x on x.indexrelid = i.inhrelid
              where x.indrelid = ${`attestation_events_${dayOf(Date.now())}`}::regclass) as attached,
        (select count(*)::int from pg_index where indrelid = 'attestation_events'::regclass) as parents`;
    expect(row).toEqual({ attached: 5, parents: 5 });
  });
});
