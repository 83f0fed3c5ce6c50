import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedApp, seedEvent } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import { attestationQuerySchema, telemetryFilterSchema } from '@/lib/contracts';
import { fixedClock } from '@/lib/core';
import { listAttestations, listFacets, readHistogram, readOverview } from '@/lib/telemetry/queries';

const HOUR = 3_600_000;
const NOW_MS = Date.now();

let db: TestDatabase;
const ctx = () => ({ db: db.console, actor: actorWith('analyst'), clock: fixedClock(NOW_MS) });
const iso = (ms: number) => new Date(ms).toISOString();

beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank');
});
afterAll(() => db.close());

describe('a window of a few hours', () => {
  // In the middle of an hour, at the whole hours around which the window begins and ends.
  const at = (daysAgo: number) => Math.floor((NOW_MS - daysAgo * 24 * HOUR) / HOUR) * HOUR + HOUR / 2;
  const around = (atMs: number) => ({
    from: iso(atMs - 4.5 * HOUR),
    to: iso(atMs + 2.5 * HOUR),
    country: ['DE'],
  });

  test.each([
    [20, 'whose minutes are gone'],
    [3, 'whose minutes are kept'],
  ])('%i days ago, %s, shows what was recorded', async (daysAgo) => {
    const atMs = at(daysAgo);
    await seedEvent(db.owner, { appId: 'bank', atMs, country: 'DE', verdict: 'rejected', threat: 'hooks' });
    if (daysAgo > 7)
      await db.owner.sql`delete from attestation_rollup_minutes where bucket < ${iso(atMs + HOUR)}`;
    const asked = around(atMs);
    const filter = telemetryFilterSchema.parse(asked);
    const list = await listAttestations(ctx(), attestationQuerySchema.parse(asked));
    expect(list.rows.map((row) => row.receivedAt)).toEqual([iso(atMs)]);
    const { points } = await readHistogram(ctx(), filter);
    expect(points.reduce((sum, point) => sum + (point.counts?.rejected ?? 0), 0)).toBe(1);
    expect(points).toHaveLength(daysAgo > 7 ? 7 : 84);
    expect((await readOverview(ctx(), filter)).countries).toMatchObject([{ country: 'DE', events: 1 }]);
    expect((await listFacets(ctx(), filter)).facets.verdict).toMatchObject([
      { value: 'rejected', events: 1 },
    ]);
  });
});
