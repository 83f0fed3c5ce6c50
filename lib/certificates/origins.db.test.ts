import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { seedApp } from '@/drizzle/testing/seed';
import { actorWith } from '@/lib/auth/testing/actors';
import {
  deleteOldProbes,
  listOrigins,
  nextExpiry,
  probeDueOrigins,
  readOrigin,
  registerOrigin,
  removeOrigin,
  requestProbe,
} from '@/lib/certificates';
import { takeDueOrigins } from './store/probes';
import { ca, guard, leaf, WatchedOrigins } from './testing/watched-origin';

const DAY = 86_400_000;

let world: WatchedOrigins;
beforeAll(async () => {
  world = await WatchedOrigins.open();
});
afterAll(() => world.close());
afterEach(() => world.closeServers());

describe('a protected origin', () => {
  test('refuses an actor without permission, and leaves nothing behind', async () => {
    await seedApp(world.db.owner, 'closed');
    const registration = {
      appId: 'closed',
      host: 'a.example',
      port: 443,
      serverName: null,
      includeSubdomains: false,
    };
    for (const actor of [
      actorWith('analyst'),
      actorWith('auditor'),
      actorWith(null),
      actorWith('admin', 'other'),
    ]) {
      await expect(registerOrigin(world.as(actor), registration)).rejects.toMatchObject({
        code: 'permission_denied',
      });
    }
    const { origins } = await listOrigins(world.as());
    expect(origins.filter(({ appId }) => appId === 'closed')).toEqual([]);
  });

  test('is told to devices, once per host, with one audit row and one change', async () => {
    const { id, server } = await world.watched();
    const snapshot = await world.newestConfig();
    expect(snapshot).toMatchObject({
      id: world.app,
      configVersion: 2,
      config: { pins: [], protectedOrigins: [`https://localhost:${server.port}`] },
    });
    const [row, ...more] = await world.auditOf(id);
    expect(row).toMatchObject({ action: 'origin.register', actor_name: 'responder' });
    expect(more).toHaveLength(0);
    const again = {
      appId: world.app,
      host: 'localhost',
      port: 444,
      serverName: null,
      includeSubdomains: false,
    };
    await expect(registerOrigin(world.as(), again)).rejects.toMatchObject({ code: 'origin_already_exists' });
    expect((await world.newestConfig()).configVersion).toBe(2);
  });

  test('is shown with its chain, its expiry and the warning that this is worth', async () => {
    const { id, certificate } = await world.watched(leaf({ notAfterMs: Date.now() + 5 * DAY }));
    const origin = await readOrigin(world.as(actorWith('analyst')), { id });
    expect(origin).toMatchObject({
      host: 'localhost',
      expiryWarning: '7d',
      probeRequestedAt: null,
      pinSet: null,
    });
    expect(origin.lastChain?.chain.map(({ spkiSha256 }) => spkiSha256)).toEqual([certificate.pin, ca.pin]);
    expect(origin.probes).toHaveLength(1);
  });

  test('keeps its last chain while its server is away', async () => {
    const { id } = await world.watched();
    await world.closeServers();
    await requestProbe(world.as(), { id });
    expect((await readOrigin(world.as(), { id })).probeRequestedAt).not.toBeNull();
    await probeDueOrigins(world.db.service, guard);
    const origin = await readOrigin(world.as(), { id });
    expect(origin.probe).toMatchObject({
      outcome: 'connection_refused',
      requestedByName: 'responder',
      chain: [],
    });
    expect(origin.lastChain?.outcome).toBe('ok');
    expect(origin.probeRequestedAt).toBeNull();
  });

  test('is probed once, by whichever of several processes is first', async () => {
    const { id } = await world.watched();
    await requestProbe(world.as(), { id });
    const taken = await Promise.all([1, 2, 3].map(() => probeDueOrigins(world.db.service, guard)));
    expect(taken.reduce((sum, one) => sum + one, 0)).toBe(1);
    expect((await readOrigin(world.as(), { id })).probes).toHaveLength(2);
  });

  test('whose prober died is probed by another, once the lease is over', async () => {
    const { id } = await world.watched();
    await requestProbe(world.as(), { id });
    expect(await takeDueOrigins(world.db.service, 8)).toHaveLength(1);
    expect(await probeDueOrigins(world.db.service, guard)).toBe(0);
    await world.db.owner.sql`update protected_origins set probe_due_at = probe_due_at - interval '1 minute'`;
    expect(await probeDueOrigins(world.db.service, guard)).toBe(1);
    expect(await readOrigin(world.as(), { id })).toMatchObject({
      probeRequestedAt: null,
      probe: { outcome: 'ok' },
    });
  });

  test('is forgotten with its pins, which devices are told', async () => {
    const { id } = await world.pinned();
    await expect(removeOrigin(world.as(actorWith('analyst')), { id, reason: 'moved' })).rejects.toMatchObject(
      {
        code: 'permission_denied',
      },
    );
    await removeOrigin(world.as(), { id, reason: 'moved away' });
    expect(await world.newestConfig()).toMatchObject({
      configVersion: 4,
      config: { pins: [], protectedOrigins: [] },
    });
    await expect(readOrigin(world.as(), { id })).rejects.toMatchObject({ code: 'origin_not_found' });
    expect((await world.auditOf(id)).at(-1)).toMatchObject({ action: 'origin.remove', reason: 'moved away' });
  });

  test('shows only those of the apps that somebody may see', async () => {
    const { id } = await world.watched();
    const { origins } = await listOrigins(world.as(actorWith('analyst', world.app)));
    expect(origins.map((origin) => origin.id)).toEqual([id]);
    await expect(readOrigin(world.as(actorWith('analyst', 'other')), { id })).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });
});

test('old probes are deleted, the newest of each origin stay', async () => {
  const { id } = await world.watched();
  await requestProbe(world.as(), { id });
  await probeDueOrigins(world.db.service, guard);
  const newest = (await readOrigin(world.as(), { id })).probe?.id;
  await deleteOldProbes(world.db.service, 1);
  expect((await readOrigin(world.as(), { id })).probes.map((probe) => probe.id)).toEqual([newest]);
});

test('the service can change neither pins nor the plan of a rotation, and the console no probe', async () => {
  for (const [role, statement] of [
    ['service', 'update pin_set_versions set pins = $$[]$$'],
    ['service', 'insert into pin_rotations (id) values (gen_random_uuid())'],
    ['service', 'update pin_rotations set new_pin = $$x$$'],
    ['service', 'update protected_origins set host = $$x$$'],
    ['service', 'update apps set config = $${}$$'],
    ['console', 'update pin_set_versions set pins = $$[]$$'],
    ['console', 'delete from pin_set_versions'],
    ['console', 'delete from origin_probes'],
    ['console', 'insert into origin_probes (id) values (gen_random_uuid())'],
    ['console', 'update pin_failures set reports = 0'],
  ] as const) {
    await expect(world.db[role].sql.unsafe(statement), `${role}: ${statement}`).rejects.toMatchObject({
      code: '42501',
    });
  }
});

test('the certificate that expires first is told, among the apps that are asked for and may be seen', async () => {
  const days = (count: number) => leaf({ notAfterMs: Date.now() + count * DAY });
  const soon = await world.watched(days(5.5));
  const appSoon = world.app;
  const later = await world.watched(days(60.5));
  const appLater = world.app;
  expect(await nextExpiry(world.as(), { app: [appSoon, appLater] })).toMatchObject({
    origins: 2,
    next: { originId: soon.id, days: 5, warning: '7d' },
  });
  const own = world.as(actorWith('analyst', appLater));
  expect(await nextExpiry(own, { app: [] })).toMatchObject({
    origins: 1,
    next: { originId: later.id, warning: null },
  });
  expect(await nextExpiry(own, { app: [appSoon] })).toEqual({ origins: 0, next: null });
});
