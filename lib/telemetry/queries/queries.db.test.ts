import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedApp, seedEvent, seedInstance, seedRequests } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import type { Actor } from '@/lib/auth';
import { actorWith } from '@/lib/auth/testing/actors';
import { blockInstance } from '@/lib/blocks';
import {
  type AttestationQuery,
  attestationPageSchema,
  attestationQuerySchema,
  explanationSchema,
  facetCountsSchema,
  overviewSchema,
  verdictSeriesSchema,
} from '@/lib/contracts';
import { fixedClock } from '@/lib/core';
import {
  explainAttestation,
  exportAttestations,
  listAttestations,
  listFacets,
  readHistogram,
  readOverview,
} from '@/lib/telemetry/queries';

const MINUTE = 60_000;
const NOW_MS = Math.floor(Date.now() / MINUTE) * MINUTE + 30_000;
let db: TestDatabase;
let phone = '';
let rooted = { id: '', reference: '' };
const clock = fixedClock(NOW_MS);
const as = (actor: Actor) => ({ db: db.console, actor, clock });
const analyst = actorWith('analyst');
const query = (input: Record<string, unknown> = {}): AttestationQuery =>
  attestationQuerySchema.parse({ range: '1h', ...input });
/** Of an export that nobody cancels. */
const going = new AbortController().signal;
const nobodies = [actorWith(null), { kind: 'system', id: 'x', name: 'x' } as const];

beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank', 'Retail Bank');
  await seedApp(db.owner, 'fleet', 'Fleet Driver');
  phone = await seedInstance(db.owner, 'bank');
  const at = (minutesAgo: number) => NOW_MS - minutesAgo * MINUTE;
  await seedEvent(db.owner, { appId: 'bank', atMs: at(118), instanceId: phone, kind: 'enrol' });
  await seedEvent(db.owner, { appId: 'bank', atMs: at(1), instanceId: phone, country: 'DE', writer: 'w1' });
  await seedEvent(db.owner, { appId: 'bank', atMs: at(1), instanceId: phone, country: 'DE', writer: 'w2' });
  rooted = await seedEvent(db.owner, {
    appId: 'bank',
    atMs: at(2),
    instanceId: phone,
    verdict: 'rejected',
    threat: 'hooks',
    country: 'FR',
    appVersion: '5.5.0',
    network: 'hosting',
  });
  await seedEvent(db.owner, { appId: 'fleet', atMs: at(3), verdict: 'flagged', threat: 'debugger' });
  await seedRequests(db.owner, { appId: 'bank', atMs: at(1), outcome: 'valid', requests: 90 });
  await seedRequests(db.owner, { appId: 'bank', atMs: at(1), outcome: 'expired', requests: 7, writer: 'w2' });
  await seedRequests(db.owner, { appId: '', atMs: at(1), outcome: 'missing', requests: 3 });
});
afterAll(() => db.close());

describe('the overview', () => {
  test('adds up all writers, and compares with the period before', async () => {
    const overview = overviewSchema.parse(await readOverview(as(analyst), query()));
    expect(overview.attestationsPerMinute.now).toBe(2);
    expect(overview.passRate).toEqual({ now: 0.75, previous: 1 });
    expect(overview.devicesRejected).toEqual({ now: 1, previous: 0 });
    expect(overview.refusedRequests).toEqual({ now: 10, previous: 0 });
    expect(overview.requests[0]).toEqual({ outcome: 'valid', requests: 90 });
    expect(overview.topThreats).toMatchObject([
      { threat: 'debugger', events: 1, previous: 0 },
      { threat: 'hooks', events: 1, previous: 0 },
    ]);
    expect(overview.countries).toContainEqual({ country: 'FR', events: 1, rejected: 1 });
    expect(overview.networks).toContainEqual({ network: 'hosting', events: 1, rejected: 1 });
    const row = overview.versionThreat.rows.find((version) => version.appVersion === '5.5.0');
    expect(row?.shares[overview.versionThreat.threats.indexOf('hooks')]).toBe(1);
    const total = overview.series.points.flatMap((point) => Object.values(point.counts ?? {}));
    expect(total.reduce((all, count) => all + count, 0)).toBe(4);
  });

  test('answers the same from the rollup by the hour', async () => {
    const overview = overviewSchema.parse(await readOverview(as(analyst), query({ range: '7d' })));
    const total = overview.series.points.flatMap((point) => Object.values(point.counts ?? {}));
    expect(total.reduce((all, count) => all + count, 0)).toBe(5);
    expect(overview.devicesRejected.now).toBe(1);
    expect(overview.passRate.previous).toBeNull();
  });

  test('is compared with no period of which little was recorded', async () => {
    const overview = await readOverview(as(analyst), query({ app: ['fleet'] }));
    expect(overview.attestationsPerMinute.previous).toBeNull();
    const young = await readOverview(as(analyst), query({ range: '6h' }));
    expect(young.devicesRejected).toEqual({ now: 1, previous: null });
  });

  test('of an app that never attested is all gaps, not zeros', async () => {
    await seedApp(db.owner, 'new-app');
    const overview = await readOverview(as(analyst), query({ app: ['new-app'] }));
    expect(overview.series.points.every((point) => point.counts === null)).toBe(true);
    expect(overview.passRate).toEqual({ now: null, previous: null });
    expect(overview.devicesRejected.previous).toBeNull();
  });

  test('shows an actor the apps that they were granted, and requests that name no app to none of those', async () => {
    const overview = await readOverview(as(actorWith('analyst', 'bank')), query());
    expect(overview.topThreats.map((row) => row.threat)).toEqual(['hooks']);
    expect(overview.refusedRequests.now).toBe(7);
    const none = await readOverview(as(actorWith('analyst', 'bank')), query({ app: ['fleet'] }));
    expect(none.passRate.now).toBeNull();
  });

  test('refuses an actor without permission', async () => {
    for (const actor of nobodies) {
      await expect(readOverview(as(actor), query())).rejects.toMatchObject({ code: 'permission_denied' });
    }
  });

  test('marks the changes that staff made', async () => {
    const id = await seedInstance(db.owner, 'bank');
    const block = await blockInstance(
      { db: db.console, actor: actorWith('responder'), clock },
      { instanceId: id, reason: 'a test', durationSeconds: 3_600 },
    );
    clock.advance(60_000);
    const series = verdictSeriesSchema.parse(await readHistogram(as(analyst), query()));
    expect(series.markers).toMatchObject([{ action: 'block.create', label: 'Block made by responder' }]);
    expect((await readOverview(as(analyst), query())).activeBlocks).toBe(1);
    expect((await readHistogram(as(actorWith('analyst', 'fleet')), query())).markers).toEqual([]);
    expect(block.seq).toBeGreaterThan(0);
  });
});

describe('facets', () => {
  test('count each facet under the filters of the others', async () => {
    const { facets } = facetCountsSchema.parse(
      await listFacets(as(analyst), query({ verdict: ['rejected'] })),
    );
    expect(facets.verdict).toContainEqual({ value: 'trusted', events: 2 });
    expect(facets.country).toEqual([{ value: 'FR', events: 1 }]);
    expect(facets.app).toEqual([{ value: 'bank', events: 1 }]);
    const byApp = await listFacets(as(analyst), query({ app: ['fleet'] }));
    expect(byApp.facets.threat).toEqual([{ value: 'debugger', events: 1 }]);
    expect(byApp.facets.app).toHaveLength(2);
  });

  test('refuse an actor without permission, and hide other apps', async () => {
    for (const actor of nobodies) {
      await expect(listFacets(as(actor), query())).rejects.toMatchObject({ code: 'permission_denied' });
    }
    const { facets } = await listFacets(as(actorWith('auditor', 'fleet')), query());
    expect(facets.app).toEqual([{ value: 'fleet', events: 1 }]);
  });
});

describe('attestations', () => {
  test('come newest first, page by page, each exactly once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = attestationPageSchema.parse(
        await listAttestations(as(analyst), query({ range: '24h', limit: 2, cursor })),
      );
      seen.push(...page.rows.map((row) => row.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
  });

  test.each([
    [{ verdict: ['rejected'] }, 1],
    [{ threat: ['hooks', 'debugger'] }, 2],
    [{ threat: [''] }, 2],
    [{ country: [''] }, 1],
    [{ app: ['fleet'] }, 1],
    [
      {
        appVersion: ['5.5.0'],
        network: ['hosting'],
        policyVersion: ['1'],
        platform: ['android'],
        osVersion: ['16'],
      },
      1,
    ],
    [{ policyVersion: ["1' or true --"] }, 0],
  ])('are filtered by %j', async (filter, count) => {
    const { rows } = await listAttestations(as(analyst), query(filter));
    expect(rows).toHaveLength(count);
  });

  test('are found by reference, however it is spelled, and by instance', async () => {
    const spelled = rooted.reference.toLowerCase().replace('-', ' ');
    expect((await listAttestations(as(analyst), query({ q: spelled }))).rows).toMatchObject([
      { id: rooted.id },
    ]);
    expect((await listAttestations(as(analyst), query({ q: phone }))).rows).toHaveLength(3);
    expect((await listAttestations(as(analyst), query({ q: 'no such thing' }))).rows).toEqual([]);
  });

  test('refuse a cursor that we did not make', async () => {
    const made = (at: string, id: string) => Buffer.from(JSON.stringify([at, id])).toString('base64url');
    const id = crypto.randomUUID();
    const cursors = [
      made('now()', '1'),
      made('9999-99-99 00:00:00+00', id),
      made('2026-02-31 00:00:00+00', id),
      made('2026-02-01 00:00:00+99', id),
      made('2026-02-01 00:00:00+00', '-'.repeat(36)),
    ];
    for (const cursor of ['x', 'bm90IGpzb24', ...cursors]) {
      await expect(listAttestations(as(analyst), query({ cursor }))).rejects.toMatchObject({
        code: 'request_invalid',
      });
    }
  });

  test('are exported in full to those who may see them', async () => {
    const collected: string[] = [];
    for await (const page of exportAttestations(
      as(analyst),
      { ...query({ range: '24h' }), format: 'csv' },
      going,
    )) {
      collected.push(...page.map((row) => row.id));
    }
    expect(collected).toHaveLength(5);
    expect(() => exportAttestations(as(actorWith(null)), { ...query(), format: 'csv' }, going)).toThrow(
      expect.objectContaining({ code: 'permission_denied' }),
    );
  });

  test('refuse an actor without permission, and hide other apps', async () => {
    for (const actor of nobodies) {
      await expect(listAttestations(as(actor), query())).rejects.toMatchObject({ code: 'permission_denied' });
      await expect(readHistogram(as(actor), query())).rejects.toMatchObject({ code: 'permission_denied' });
    }
    const { rows } = await listAttestations(as(actorWith('analyst', 'fleet')), query());
    expect(rows.map((row) => row.appName)).toEqual(['Fleet Driver']);
  });
});

describe('explaining an attestation', () => {
  test('tells what led to its verdict, by id and by reference', async () => {
    for (const id of [rooted.id, rooted.reference]) {
      const found = explanationSchema.parse(await explainAttestation(as(analyst), { id }));
      expect(found).toMatchObject({
        row: { id: rooted.id, appName: 'Retail Bank', verdict: 'rejected' },
        decidingRule: 'threat.hooks',
        history: { attestations30d: 4, trusted30d: 3 },
        activeBlock: null,
      });
    }
  });

  test('refuses what does not exist, and an actor of another app', async () => {
    for (const id of ['0000-0000', crypto.randomUUID(), 'x', 'ffffffff-ffff-7fff-bfff-ffffffffffff']) {
      await expect(explainAttestation(as(analyst), { id })).rejects.toMatchObject({
        code: 'event_not_found',
      });
    }
    for (const actor of [...nobodies, actorWith('admin', 'fleet')]) {
      await expect(explainAttestation(as(actor), { id: rooted.id })).rejects.toMatchObject({
        code: 'permission_denied',
      });
    }
  });
});
