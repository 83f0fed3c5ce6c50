import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { seedApp, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import { silentLogger, systemClock } from '@/lib/core';
import { eraseDevice } from '@/lib/devices';
import { JOBS, runJob } from '@/lib/jobs';
import { createWriter, recordAttestations } from '../index';
import type { AttestationEvent, PendingAttestation } from '../rows';
import { eventOf, stateOf } from '../testing/events';
import { countRejectedDeviceDays } from './rejected-devices';

/* Distinct rejected devices by linked days, beside what the days themselves say, in every window. */

const DAY_MS = 86_400_000;
const TODAY = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const DAYS = 9;

let db: TestDatabase;
let appId = '';
let devices: string[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  appId = `app-${randomUUID().slice(0, 8)}`;
  await seedApp(db.owner, appId);
  devices = [];
  for (let index = 0; index < 5; index++) devices.push(await seedInstance(db.owner, appId));
});
afterAll(() => db.close());

const at = (daysAgo: number) => TODAY - daysAgo * DAY_MS + 1_000;

function attestation(
  instanceId: string,
  daysAgo: number,
  verdict: AttestationEvent['verdict'] = 'rejected',
): PendingAttestation {
  const id = randomUUID();
  const event = eventOf({
    ...{ id, appId, subjectId: instanceId, instanceId, verdict },
    ...{ reference: id.slice(0, 9), receivedAtMs: at(daysAgo) },
  });
  return {
    receivedAtMs: event.receivedAtMs,
    challenge: null,
    claim: { id: instanceId, counter: null, kind: 'attest' },
    settle: () => ({ event, instance: stateOf(event) }),
  };
}

const record = (batch: readonly PendingAttestation[]) =>
  recordAttestations(db.service, batch, createWriter(`writer-${randomUUID().slice(0, 4)}`));

/** Each device on every so many days, oldest first. */
async function recordHistory(): Promise<void> {
  for (let daysAgo = DAYS; daysAgo >= 0; daysAgo--) {
    const there = devices.filter((_, index) => (daysAgo + index) % (index + 2) === 0);
    const batch = there.map((id) => attestation(id, daysAgo));
    await record([...batch, attestation(devices[0] ?? '', daysAgo, 'trusted')]);
  }
}

async function counted(fromDaysAgo: number, toDaysAgo: number): Promise<number> {
  const window = { fromMs: at(fromDaysAgo), toMs: at(toDaysAgo) + 1 };
  return countRejectedDeviceDays(db.console.orm, [appId], window);
}

/** The same without any links, of the days that are kept. */
async function countedDirectly(fromDaysAgo: number, toDaysAgo: number): Promise<number> {
  const [row] = await db.owner.sql<{ devices: number }[]>`
    select count(distinct instance_id)::int as devices from device_days
    where app_id = ${appId} and verdict = 'rejected' and day >= countersign_first_kept_day('hour', ${appId})
      and day between ${new Date(at(fromDaysAgo)).toISOString()}::date and ${new Date(at(toDaysAgo)).toISOString()}::date`;
  return row?.devices ?? Number.NaN;
}

async function expectEqualEverywhere(): Promise<void> {
  const [linked, direct]: [Record<string, number>, Record<string, number>] = [{}, {}];
  for (let from = DAYS + 1; from >= 0; from--) {
    for (let to = from; to >= 0; to--) {
      linked[`${from}-${to}`] = await counted(from, to);
      direct[`${from}-${to}`] = await countedDirectly(from, to);
    }
  }
  expect(linked).toEqual(direct);
  await expectSumsOfLinks();
  expect(Math.max(...Object.values(linked))).toBeGreaterThan(1);
}

/** What is summed is what is linked, of each day that is kept. @returns how many days are linked */
async function expectSumsOfLinks(): Promise<number> {
  const sums = await db.owner.sql<{ summed: number; days: number }[]>`
    select day, previous_day, sum(summed)::int as summed, sum(days)::int as days from (
      select day, previous_day, devices as summed, 0 as days from rejected_device_days where app_id = ${appId}
      union all select day, previous_day, 0, 1 from device_days
      where app_id = ${appId} and verdict = 'rejected' and previous_day is not null
    ) both_of_them where day >= countersign_first_kept_day('hour', ${appId}) group by 1, 2`;
  const isSummed = sums.some(({ summed }) => summed > 0);
  if (isSummed) expect(sums.filter(({ summed, days }) => summed !== days)).toEqual([]);
  return sums.reduce((all, { days }) => all + days, 0);
}

async function unlinked(): Promise<number> {
  const [row] = await db.owner.sql<{ days: number }[]>`
    select count(*)::int as days from device_days
    where app_id = ${appId} and verdict = 'rejected' and previous_day is null`;
  return row?.days ?? Number.NaN;
}

async function run(...names: string[]): Promise<void> {
  for (const job of JOBS) if (names.includes(job.name)) await runJob(db.service, job, silentLogger);
}

const link = () => run('link_rejected_days');

describe('distinct rejected devices', () => {
  test('are the same by links as by the days, in every window', async () => {
    await recordHistory();
    await expectEqualEverywhere();
    await link();
    expect(await unlinked()).toBe(0);
    await expectEqualEverywhere();
    expect(await expectSumsOfLinks()).toBeGreaterThan(10);
  });

  test('are the same where links are from before they were summed', async () => {
    await recordHistory();
    await link();
    await db.owner.sql`delete from rejected_device_days where app_id = ${appId}`;
    await expectEqualEverywhere();
    const ctx = { db: db.console, actor: actorWith('admin'), clock: systemClock };
    await eraseDevice(ctx, { id: devices[2] ?? '', reason: 'its owner asked for it' });
    await record([attestation(devices[0] ?? '', 2), attestation(devices[3] ?? '', 4)]);
    await expectEqualEverywhere();
    await link();
    await expectEqualEverywhere();
    const [row] = await db.owner.sql`
      select sum(devices)::int as days from rejected_device_days where app_id = ${appId}`;
    expect(row).toEqual({ days: await expectSumsOfLinks() });
  });

  test('are the same where days come late, before these are linked and after', async () => {
    await recordHistory();
    await link();
    const [first = '', second = '', third = ''] = devices;
    await record([attestation(first, 3), attestation(second, 1)]);
    await record([attestation(third, 5), attestation(third, 6)]);
    await record(devices.map((id) => attestation(id, -1)));
    expect(await unlinked()).toBeGreaterThan(2);
    await expectEqualEverywhere();
    await link();
    expect(await unlinked()).toBe(0);
    await expectEqualEverywhere();
  });

  test('are the same while many nodes tell of the same devices and days are linked', async () => {
    const batches = Array.from({ length: 12 }, (_, index) =>
      devices.flatMap((id) => [attestation(id, 1 + (index % 2)), attestation(id, index % 3)]),
    );
    await Promise.all(batches.flatMap((batch) => [record(batch), link()]));
    await expectEqualEverywhere();
    await link();
    expect(await unlinked()).toBe(0);
    await expectEqualEverywhere();
  });

  test('forget an erased device', async () => {
    await recordHistory();
    await link();
    const ctx = { db: db.console, actor: actorWith('admin'), clock: systemClock };
    await eraseDevice(ctx, { id: devices[1] ?? '', reason: 'its owner asked for it' });
    await expectEqualEverywhere();
  });

  test('are those of the days that are kept, however far back a window reaches', async () => {
    await recordHistory();
    await link();
    await db.owner.sql`update apps set retain_hour_days = 4, retain_minute_days = 2 where id = ${appId}`;
    await expectEqualEverywhere();
    await run('drop_expired_partitions', 'delete_expired_rows');
    await expectEqualEverywhere();
    await link();
    const [old] = await db.owner.sql`
      select count(*)::int as sums from rejected_device_days
      where app_id = ${appId} and day < countersign_first_kept_day('hour', ${appId})`;
    expect(old).toEqual({ sums: 0 });
    await expectEqualEverywhere();
    // What is deleted does not come back, and days that lead to it still count.
    await db.owner.sql`update apps set retain_hour_days = 90 where id = ${appId}`;
    await expectEqualEverywhere();
  });
});
