import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seedApp, seedEvent } from '@/drizzle/testing/seed';
import { summarise } from '@/drizzle/testing/summarise';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';

const DAY_MS = 86_400_000;

let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase();
  for (const app of ['bank', 'fleet']) {
    await seedApp(db.owner, app);
    for (const days of [0, 1, 5]) await seedEvent(db.owner, { appId: app, atMs: Date.now() - days * DAY_MS });
  }
});
afterEach(() => db.close());

const keepMinutes = (appId: string, days: number) =>
  db.owner.sql`update apps set retain_minute_days = ${days} where id = ${appId}`;

/** What scheduled work deletes. */
async function age(): Promise<void> {
  for (;;) {
    const [row] = await db.service.sql<{ child: string | null }[]>`
      select countersign_drop_expired_partition() as child`;
    if (!row?.child) break;
  }
  await db.service.sql`select countersign_delete_expired_rows(1000)`;
}

/** As when Postgres crashed: it has forgotten how much was written, so that every day is summed again. */
const forgetWhatWasSeen = () => db.owner.sql`delete from summary_days_seen`;

/** Events per app of the day five days ago, by the quarter. */
async function quartersOfDay5(): Promise<Record<string, number>> {
  const rows = await db.owner.sql<{ app: string; events: number }[]>`
    select app_id as app, sum(events)::int as events from attestation_series_quarters
    where bucket < now() - interval '3 days' group by 1`;
  return Object.fromEntries(rows.map(({ app, events }) => [app, events]));
}

describe('sums by the quarter of an hour', () => {
  test('outlive the minutes of an app that keeps them for less long than another', async () => {
    await summarise(db);
    await keepMinutes('fleet', 2);
    await age();
    await forgetWhatWasSeen();
    await summarise(db);
    expect(await quartersOfDay5()).toEqual({ bank: 1, fleet: 1 });
  });

  test('outlive minutes that were dropped before their app said that it keeps them for longer', async () => {
    await summarise(db);
    for (const app of ['bank', 'fleet']) await keepMinutes(app, 2);
    await age();
    for (const app of ['bank', 'fleet']) await keepMinutes(app, 7);
    await forgetWhatWasSeen();
    await summarise(db);
    expect(await quartersOfDay5()).toEqual({ bank: 1, fleet: 1 });
  });

  test('are made again of minutes that are still there', async () => {
    await summarise(db);
    await keepMinutes('fleet', 2);
    await age();
    await seedEvent(db.owner, { appId: 'bank', atMs: Date.now() - 5 * DAY_MS });
    await forgetWhatWasSeen();
    await summarise(db);
    expect(await quartersOfDay5()).toEqual({ bank: 2, fleet: 1 });
  });
});

test('an app that says more days than there are stops nobody’s retention', async () => {
  await db.owner.sql`update apps set retain_event_days = 2147483647, retain_hour_days = 2147483647`;
  await keepMinutes('bank', 1);
  await keepMinutes('fleet', 1);
  await age();
  await summarise(db);
  const [row] = await db.owner.sql`
    select (select count(*)::int from attestation_events) as events,
      (select count(*)::int from attestation_rollup_minutes where bucket < now() - interval '3 days') as minutes`;
  expect(row).toEqual({ events: 6, minutes: 0 });
});
