import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedApp, seedEvent, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import type { Actor } from '@/lib/auth';
import { actorWith } from '@/lib/auth/testing/actors';
import { blockInstance, liftBlock } from '@/lib/blocks';
import {
  type DeviceQuery,
  deviceFacetsQuerySchema,
  deviceFacetsSchema,
  devicePageSchema,
  deviceQuerySchema,
  deviceSchema,
  searchResultSchema,
} from '@/lib/contracts';
import { systemClock } from '@/lib/core';
import { countDevices, listDevices, readDevice, searchEverything } from '@/lib/devices';

let db: TestDatabase;
let phone = '';
let other = '';
let reference = '';
beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank', 'Retail Bank');
  await seedApp(db.owner, 'fleet', 'Fleet Driver');
  phone = await seedInstance(db.owner, 'bank', { model: 'iPhone 17_Pro', networkPrefix: '203.0.113.0/24' });
  other = await seedInstance(db.owner, 'fleet', {
    id: 'abcd1234-0000-7000-8000-000000000001',
    networkPrefix: '203.0.113.0/24',
    verdict: 'flagged',
    country: 'NL',
    osVersion: '17.1',
    appVersion: '6.0.0',
  });
  await seedInstance(db.owner, 'bank', { networkPrefix: null });
  ({ reference } = await seedEvent(db.owner, {
    appId: 'bank',
    atMs: Date.now() - 1_000,
    instanceId: phone,
    verdict: 'rejected',
    threat: 'hooks',
  }));
});
afterAll(() => db.close());

const as = (actor: Actor) => ({ db: db.console, actor, clock: systemClock });
const analyst = actorWith('analyst');
const query = (input: Record<string, unknown> = {}): DeviceQuery => deviceQuerySchema.parse(input);
const ids = async (input: Record<string, unknown>, actor: Actor = analyst) =>
  devicePageSchema.parse(await listDevices(as(actor), query(input))).rows.map((row) => row.id);

describe('devices', () => {
  test('come page by page, last seen first, each exactly once', async () => {
    const first = await listDevices(as(analyst), query({ limit: 2 }));
    const rest = await listDevices(as(analyst), query({ limit: 2, cursor: first.nextCursor ?? '' }));
    expect(new Set([...first.rows, ...rest.rows].map((row) => row.id)).size).toBe(3);
    expect(rest.nextCursor).toBeNull();
  });

  test('are found by the start of an id, a reference, a network and a model', async () => {
    expect(await ids({ q: 'abcd12' })).toEqual([other]);
    expect(await ids({ q: 'abcd1234-0000-7000-8000-000000000001' })).toEqual([other]);
    expect(await ids({ q: reference.toLowerCase() })).toEqual([phone]);
    expect(await ids({ q: '203.0.113' })).toHaveLength(2);
    expect(await ids({ q: 'iphone 17_p' })).toEqual([phone]);
    expect(await ids({ q: '%' })).toEqual([]);
    expect(await ids({ q: '0000-0000' })).toEqual([]);
  });

  test('are counted by each facet, under the search and the other facets', async () => {
    const count = async (input: Record<string, unknown>, actor: Actor = analyst) =>
      deviceFacetsSchema.parse(await countDevices(as(actor), deviceFacetsQuerySchema.parse(input)));
    const all = await count({ verdict: ['trusted'] });
    expect(all).toMatchObject({
      counted: { of: 'all' },
      facets: {
        app: [{ value: 'bank', devices: 2 }],
        verdict: [
          { value: 'trusted', devices: 2 },
          { value: 'flagged', devices: 1 },
        ],
        blocked: [{ value: 'false', devices: 2 }],
        country: [{ value: '', devices: 2 }],
        osVersion: [{ value: '16', devices: 2 }],
        appVersion: [{ value: '5.4.0', devices: 2 }],
      },
    });
    expect((await count({ q: 'iphone 17_p' })).facets.app).toEqual([{ value: 'bank', devices: 1 }]);
    expect((await count({ q: '0000-0000' })).facets.app).toEqual([]);
    const ofFleet = await count({}, actorWith('analyst', 'fleet'));
    expect(ofFleet.facets.app).toEqual([{ value: 'fleet', devices: 1 }]);
  });

  test('are filtered by app, verdict, platform, country, versions and block', async () => {
    expect(await ids({ app: ['fleet'] })).toEqual([other]);
    expect(await ids({ verdict: ['flagged'] })).toEqual([other]);
    expect(await ids({ platform: ['ios'] })).toEqual([]);
    expect(await ids({ country: ['NL'] })).toEqual([other]);
    expect(await ids({ country: [''] })).toHaveLength(2);
    expect(await ids({ osVersion: ['17.1'] })).toEqual([other]);
    expect(await ids({ appVersion: ['6.0.0', '7.0.0'] })).toEqual([other]);
    expect(await ids({ appVersion: ["5.4.0' or true --"] })).toEqual([]);
    const responder = as(actorWith('responder'));
    const block = await blockInstance(responder, {
      instanceId: other,
      reason: 'a test',
      durationSeconds: null,
    });
    expect(await ids({ blocked: 'true' })).toEqual([other]);
    expect(await ids({ blocked: 'false' })).toHaveLength(2);
    await liftBlock(responder, { id: block.id, reason: 'a test' });
    expect(await ids({ blocked: 'true' })).toEqual([]);
  });

  test('refuse an actor without permission, and hide other apps', async () => {
    await expect(listDevices(as(actorWith(null)), query())).rejects.toMatchObject({
      code: 'permission_denied',
    });
    expect(await ids({}, actorWith('analyst', 'fleet'))).toEqual([other]);
    expect(await ids({ app: ['bank'] }, actorWith('analyst', 'fleet'))).toEqual([]);
  });
});

describe('one device', () => {
  test('shows its timeline, its blocks and its neighbours', async () => {
    const responder = as(actorWith('responder'));
    const block = await blockInstance(responder, {
      instanceId: phone,
      reason: 'an attack',
      durationSeconds: 600,
    });
    const blocked = deviceSchema.parse(await readDevice(as(analyst), { id: phone }));
    expect(blocked).toMatchObject({
      device: { id: phone, blocked: true },
      activeBlock: { id: block.id },
      pastBlocks: [],
      linked: [{ id: other }],
    });
    expect(blocked.timeline.map((entry) => entry.kind)).toEqual(['block', 'attest']);
    await liftBlock(responder, { id: block.id, reason: 'a false alarm' });
    const free = await readDevice(as(analyst), { id: phone });
    expect(free.activeBlock).toBeNull();
    expect(free.timeline.map((entry) => entry.kind)).toEqual(['unblock', 'block', 'attest']);
    expect(free.pastBlocks).toMatchObject([{ id: block.id, liftReason: 'a false alarm' }]);
  });

  test('shows neighbours of granted apps only', async () => {
    expect((await readDevice(as(actorWith('analyst', 'bank')), { id: phone })).linked).toEqual([]);
  });

  test('refuses an actor without permission, and what does not exist', async () => {
    for (const actor of [actorWith(null), actorWith('admin', 'fleet')]) {
      await expect(readDevice(as(actor), { id: phone })).rejects.toMatchObject({ code: 'permission_denied' });
    }
    await expect(readDevice(as(analyst), { id: crypto.randomUUID() })).rejects.toMatchObject({
      code: 'instance_not_found',
    });
  });
});

describe('the search', () => {
  const kinds = async (q: string, actor: Actor = analyst) =>
    searchResultSchema.parse(await searchEverything(as(actor), { q })).results.map((result) => result.kind);

  test('finds apps, attestations and devices', async () => {
    expect(await kinds('retail')).toEqual(['app']);
    expect(await kinds(reference)).toEqual(['attestation']);
    expect(await kinds('iphone')).toEqual(['device']);
    expect(await kinds('x')).toEqual([]);
  });

  test('hides other apps, and refuses an actor without permission', async () => {
    const ofFleet = actorWith('analyst', 'fleet');
    expect(await kinds('retail', ofFleet)).toEqual([]);
    expect(await kinds(reference, ofFleet)).toEqual([]);
    expect(await kinds('iphone', ofFleet)).toEqual([]);
    await expect(searchEverything(as(actorWith(null)), { q: 'retail' })).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });
});
