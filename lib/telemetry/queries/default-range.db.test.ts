import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedApp, seedEvent } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import type { Actor } from '@/lib/auth';
import { actorWith } from '@/lib/auth/testing/actors';
import { fixedClock } from '@/lib/core';
import { readDefaultRange } from '@/lib/telemetry/queries';

const MINUTE = 60_000;
const NOW_MS = Date.now();
let db: TestDatabase;
const of = (actor: Actor) => readDefaultRange({ db: db.console, actor, clock: fixedClock(NOW_MS) });

beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank');
  await seedApp(db.owner, 'fleet');
});
afterAll(() => db.close());

test('the usual range grows with how long there have been events', async () => {
  const analyst = actorWith('analyst');
  expect(await of(analyst)).toBe('15m');
  for (const [minutes, range] of [
    [5, '15m'],
    [40, '1h'],
    [3 * 60, '6h'],
    [20 * 60, '24h'],
    [50 * 24 * 60, '24h'],
  ] as const) {
    await seedEvent(db.owner, { appId: 'bank', atMs: NOW_MS - minutes * MINUTE });
    expect(await of(analyst)).toBe(range);
  }
});

test('the usual range is of the apps that somebody may see', async () => {
  await seedEvent(db.owner, { appId: 'fleet', atMs: NOW_MS - 5 * MINUTE });
  expect(await of(actorWith('analyst', 'fleet'))).toBe('15m');
  await expect(of(actorWith(null))).rejects.toMatchObject({ code: 'permission_denied' });
});
