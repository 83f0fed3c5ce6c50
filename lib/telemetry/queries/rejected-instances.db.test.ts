import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seedApp, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import { telemetryFilterSchema } from '@/lib/contracts';
import { silentLogger, systemClock } from '@/lib/core';
import { eraseDevice } from '@/lib/devices';
import { JOBS, runJob } from '@/lib/jobs';
import { countRejectedDevices } from './events';
import { countRejectedInstances, readNoted, rejectionParts } from './rejected-devices';

/* Distinct rejected devices by linked minutes, beside what the events themselves say, in random windows. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const APPS = ['bank', 'fleet'];
const FILTER = telemetryFilterSchema.parse({});
const HISTORY_HOURS = 50;

let db: TestDatabase;
let devices: { id: string; app: string }[] = [];
let random: () => number;
beforeEach(async () => {
  db = await createTestDatabase();
  random = seeded(20_261_128);
  devices = [];
  for (const app of APPS) {
    await seedApp(db.owner, app);
    for (let index = 0; index < 12; index++) devices.push({ id: await seedInstance(db.owner, app), app });
  }
  await db.owner.sql`select countersign_ensure_partitions(current_date - 4, current_date + 1)`;
});
afterEach(() => db.close());

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const between = (from: number, to: number) => from + random() * (to - from);
const anyDevice = () => devices[Math.floor(random() * devices.length)] ?? { id: '', app: '' };
/** Some devices are rejected often, some hardly ever. */
const oftenOrSeldom = () => devices[Math.floor(random() ** 3 * devices.length)] ?? { id: '', app: '' };

interface Rejection {
  readonly device: { readonly id: string; readonly app: string };
  readonly atMs: number;
}

/** Attestations that were rejected, as the service writes them, with what they add to the counts by the hour. */
async function record(rejections: readonly Rejection[]): Promise<void> {
  const column = (value: (one: Rejection) => string) => rejections.map(value);
  await db.owner.sql`
    with events as (
      insert into attestation_events (subject_id, received_at, id, reference, kind, app_id, instance_id, verdict, policy_version,
        platform, environment, app_version, os_version, model, network_kind, threats, detail, latency_us, node)
      select device::uuid, at::timestamptz, gen_random_uuid(), '', 'attest', app, device::uuid, 'rejected', 1,
        'ios', 'production', '1', '26', 'iPhone', 'access', '{}', '{}', 1, 'n'
      from unnest(${column(({ device }) => device.id)}::text[], ${column(({ device }) => device.app)}::text[],
        ${column(({ atMs }) => new Date(atMs).toISOString())}::text[]) as t(device, app, at)
      returning app_id, received_at)
    insert into attestation_rollup_hours (app_id, bucket, writer, facet, verdict, deciding_threat, platform, os_version,
      app_version, country, network_kind, policy_version, events, latency_us)
    select app_id, date_trunc('hour', received_at, 'UTC'), ${randomUUID()}, gen_random_uuid(), 'rejected', '', 'ios', '26', '1', '',
      'access', 1, count(*), 1 from events group by 1, 2`;
}

const recordHistory = (events = 500) =>
  record(
    Array.from({ length: events }, () => ({
      device: oftenOrSeldom(),
      atMs: between(Date.now() - HISTORY_HOURS * HOUR, Date.now()),
    })),
  );

async function run(...names: string[]): Promise<void> {
  for (const job of JOBS) if (names.includes(job.name)) await runJob(db.service, job, silentLogger);
}

/** As the scheduled work does once it has noticed that something was added to hours which were summed. */
async function sumAgainAndNote(): Promise<void> {
  await run('summarise');
  await db.owner.sql`select countersign_summarise_again(now() - interval '50 hours', now())`;
  await run('note_rejections');
}

const note = () => run('note_rejections');

/** Windows of all lengths up to a day, on the minute and off it, within an hour, and up to now. */
function anyWindow() {
  const nowMs = Date.now();
  const isWhole = random() < 0.6;
  const whole = (ms: number) => (isWhole ? Math.floor(ms / MINUTE) * MINUTE : Math.floor(ms));
  const fromMs = whole(between(nowMs - (HISTORY_HOURS + 2) * HOUR, nowMs - 2 * MINUTE));
  const longest = random() < 0.3 ? 90 * MINUTE : 24 * HOUR;
  const toMs = random() < 0.2 ? nowMs : whole(between(fromMs + 2 * MINUTE, fromMs + longest));
  return { fromMs, toMs: Math.min(toMs, nowMs) };
}

/** Compares many windows with the events. @returns how many of them were told by minutes */
async function expectEqualEverywhere(windows = 40): Promise<number> {
  let told = 0;
  let most = 0;
  for (let index = 0; index < windows; index++) {
    const window = anyWindow();
    const apps = random() < 0.5 ? APPS : [APPS[Math.floor(random() * 2)] ?? ''];
    const parts = rejectionParts(window, await readNoted(db.console.orm, apps));
    const direct = await countRejectedDevices(db.console.orm, { apps, ...window, filter: FILTER });
    most = Math.max(most, direct);
    if (parts === null) continue;
    told++;
    const devices = await countRejectedInstances(db.console.orm, apps, parts);
    expect({ window, apps, parts, devices }).toEqual({ window, apps, parts, devices: direct });
  }
  expect(most).toBeGreaterThan(5);
  await expectSumsOfRows();
  return told;
}

async function expectSumsOfRows(): Promise<void> {
  const sums = await db.owner.sql`
    with kept as (
      select app_id, greatest(noted_from, countersign_first_kept_day('minute', app_id)::timestamp at time zone 'UTC') as since
      from rejection_progress)
    select app_id, hour, previous_hour, sum(summed)::int as summed, sum(rows)::int as rows from (
      select app_id, hour, previous_hour, devices as summed, 0 as rows from rejected_device_hours
      union all select app_id, date_trunc('hour', at, 'UTC'), date_trunc('hour', previous_at, 'UTC'), 0, 1 from device_rejections
    ) both_of_them join kept using (app_id) where hour >= since and previous_hour < hour group by 1, 2, 3`;
  expect(sums.filter(({ summed, rows }) => summed !== rows)).toEqual([]);
  expect(sums.length).toBeGreaterThan(10);
}

describe('distinct rejected devices within a day', () => {
  test('are the same by minutes as by the events, in every window', async () => {
    await recordHistory();
    expect(await readNoted(db.console.orm, APPS)).toBeNull();
    await note();
    expect(await expectEqualEverywhere(120)).toBeGreaterThan(100);
    expect(await readNoted(db.console.orm, [...APPS, 'new'])).toBeNull();
    expect(await readNoted(db.console.orm, [])).toBeNull();
  });

  test('are the same wherever noting has stopped, and at which app', async () => {
    await recordHistory();
    await note();
    await db.owner.sql`truncate device_rejections, rejected_device_hours, rejection_hours_seen`;
    const startMs = Math.floor(Date.now() / HOUR) * HOUR - 49 * HOUR;
    await db.owner
      .sql`update rejection_progress set noted_from = ${iso(startMs)}, noted_to = ${iso(startMs)}`;
    for (let toMs = startMs; toMs < Date.now() - 12 * HOUR; ) {
      const nextMs = toMs + Math.ceil(between(1, 12 * 60)) * MINUTE;
      for (const app of APPS) {
        await db.owner.sql`select countersign_note_rejections_of(${app}, ${iso(toMs)}, ${iso(nextMs)})`;
        await db.owner.sql`update rejection_progress set noted_to = ${iso(nextMs)} where app_id = ${app}`;
        await expectEqualEverywhere(6).catch((error: unknown) => {
          // There are too few sums at first for what else is expected.
          if (toMs > startMs + 12 * HOUR) throw error;
        });
      }
      toMs = nextMs;
    }
    await note();
    await expectEqualEverywhere();
  });

  test('hold what came late once its hour is summed, or within five minutes', async () => {
    await recordHistory(300);
    await run('summarise', 'note_rejections');
    const late = Array.from({ length: 60 }, () => ({
      device: anyDevice(),
      atMs: between(Date.now() - 48 * HOUR, Date.now() - 2 * HOUR),
    }));
    await record(late);
    const [before] = await db.owner.sql<
      { rows: number }[]
    >`select count(*)::int as rows from device_rejections`;
    await sumAgainAndNote();
    const [row] = await db.owner.sql`
      select count(*)::int as missing from (
        select app_id, instance_id, date_trunc('minute', received_at) as at from attestation_events
        where received_at >= (select max(noted_from) from rejection_progress)
          and received_at < (select min(noted_to) from rejection_progress) offset 0
      ) e where not exists (
        select from device_rejections r where r.app_id = e.app_id and r.instance_id = e.instance_id and r.at = e.at)`;
    expect(row).toEqual({ missing: 0 });
    const [after] = await db.owner.sql<
      { rows: number }[]
    >`select count(*)::int as rows from device_rejections`;
    expect((after?.rows ?? 0) - (before?.rows ?? 0)).toBeGreaterThan(40);
    await expectEqualEverywhere();

    await db.owner.sql`update rejection_progress set noted_to = noted_to - interval '1 minute'`;
    const noted = await readNoted(db.console.orm, APPS);
    await record(
      devices.map((device) => ({ device, atMs: (noted?.toMs ?? 0) - Math.ceil(between(1, 280_000)) })),
    );
    await note();
    await expectEqualEverywhere();
  });

  test('forget an erased device', async () => {
    await recordHistory();
    await note();
    for (const { id } of devices.filter((_, index) => index % 3 === 0)) await erase(id);
    await expectEqualEverywhere();
    await note();
    await expectEqualEverywhere();
    const [left] = await db.owner.sql`
      select count(*)::int as rows from device_rejections
      where instance_id not in (select id from device_instances)`;
    expect(left).toEqual({ rows: 0 });
  });

  test('forget a device that is being erased while they are noted', async () => {
    await recordHistory(60);
    const erased = devices[0]?.id ?? '';
    let isNoted = false;
    let noting: Promise<void> = Promise.resolve();
    await db.owner.sql.begin(async (sql) => {
      await sql`select countersign_erase_device(${erased})`;
      noting = note().finally(() => {
        isNoted = true;
      });
      const waiting = () => sql`
        select 1 from pg_locks join pg_database d on d.oid = database
        where locktype = 'advisory' and not granted and datname = current_database()`;
      await expect.poll(async () => isNoted || (await waiting()).length > 0, { timeout: 10_000 }).toBe(true);
    });
    await noting;
    const rows = await db.owner.sql`select 1 from device_rejections where instance_id = ${erased}`;
    expect(rows).toHaveLength(0);
    expect((await readNoted(db.console.orm, APPS))?.toMs).toBeGreaterThan(Date.now() - 5 * MINUTE);
  });

  test('are the same after minutes were noted, devices were rejected and others were erased at once', async () => {
    await recordHistory(200);
    const recent = () =>
      Array.from({ length: 30 }, () => ({
        device: devices[Math.floor(between(6, devices.length))] ?? anyDevice(),
        atMs: between(Date.now() - 48 * HOUR, Date.now() - HOUR),
      }));
    await Promise.all([
      ...Array.from({ length: 4 }, () => db.service.sql`select countersign_note_rejections()`),
      ...Array.from({ length: 4 }, () => record(recent())),
      ...devices.slice(0, 6).map(({ id }) => erase(id)),
      run('note_rejections', 'link_rejected_days'),
    ]);
    await sumAgainAndNote();
    expect(await expectEqualEverywhere()).toBeGreaterThan(20);
    const [left] = await db.owner.sql`
      select count(*)::int as rows from device_rejections where instance_id = any(${devices.slice(0, 6).map(({ id }) => id)}::uuid[])`;
    expect(left).toEqual({ rows: 0 });
  });

  test('are the same where an app keeps minutes for less long, and for longer again', async () => {
    await recordHistory();
    await note();
    const retain = (days: number) =>
      db.owner.sql`update apps set retain_minute_days = ${days} where id = 'bank'`;
    await retain(1);
    await expectEqualEverywhere();
    await run('drop_expired_partitions', 'delete_expired_rows');
    await expectEqualEverywhere();
    await note();
    await expectEqualEverywhere();
    const [expired] = await db.owner.sql`
      select count(*)::int as rows from device_rejections
      where app_id = 'bank' and at < countersign_first_kept_day('minute', 'bank')::timestamp at time zone 'UTC'`;
    expect(expired).toEqual({ rows: 0 });
    await retain(7);
    await note();
    await expectEqualEverywhere();
  });

  test('are noted by nobody but the scheduled work', async () => {
    for (const [role, statement] of [
      ['console', 'select countersign_note_rejections()'],
      ['service', "select countersign_note_rejections_of('bank', now(), now())"],
      ['console', 'delete from device_rejections'],
      ['service', 'delete from device_rejections'],
      ['service', 'update rejected_device_hours set devices = 0'],
      ['service', 'update rejected_device_days set devices = 0'],
      ['service', 'update rejection_progress set noted_to = now()'],
    ] as const)
      await expect(db[role].sql.unsafe(statement), statement).rejects.toMatchObject({ code: '42501' });
  });
});

const iso = (ms: number) => new Date(ms).toISOString();
const erase = (id: string) =>
  eraseDevice(
    { db: db.console, actor: actorWith('admin'), clock: systemClock },
    { id, reason: 'its owner asked for it' },
  );
