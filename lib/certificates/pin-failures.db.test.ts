import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { seedInstance } from '@/drizzle/testing/seed';
import { actorWith } from '@/lib/auth/testing/actors';
import { deleteOldFailures, readOrigin, recordPinFailure } from '@/lib/certificates';
import { ca, leaf, WatchedOrigins } from './testing/watched-origin';

let world: WatchedOrigins;
beforeAll(async () => {
  world = await WatchedOrigins.open();
});
afterAll(() => world.close());
afterEach(() => world.closeServers());

describe('failures that devices report', () => {
  const network = (third: number) => ({
    prefix: `192.0.${third}.0/24`,
    kind: 'wifi',
    asn: 64_500,
    country: 'DE',
  });
  const setOf = (...pins: string[]) => [
    { host: 'localhost', includeSubdomains: true, reportOnly: false, spkiSha256: pins },
  ];
  const report = (instanceId: string, chain: Uint8Array[], pins: string[], third = 1, host = 'localhost') =>
    recordPinFailure(
      world.db.service,
      { instanceId, appId: world.app, host, chain, network: network(third) },
      setOf(...pins),
      Date.now(),
    );

  test('are told apart, and by network who presents the key', async () => {
    const { id, certificate } = await world.pinned();
    const [one = '', two = ''] = await Promise.all([
      seedInstance(world.db.owner, world.app),
      seedInstance(world.db.owner, world.app),
    ]);
    const proxy = ca.issue({ host: 'localhost' });
    const expired = leaf({ notAfterMs: Date.now() - 1 });
    expect((await report(one, [proxy.der], [certificate.pin])).kind).toBe('mismatch');
    expect((await report(one, [proxy.der], [certificate.pin])).kind).toBe('mismatch');
    expect((await report(two, [proxy.der], [certificate.pin])).kind).toBe('mismatch');
    expect((await report(one, [certificate.der], ['another'])).kind).toBe('mismatch');
    expect((await report(one, [expired.der], [expired.pin], 2, 'eu.localhost')).kind).toBe('expired');
    expect((await report(one, [certificate.der], [certificate.pin], 3)).kind).toBe('outdated_pins');
    const origin = await readOrigin(world.as(actorWith('analyst')), { id });
    expect(origin.failures).toEqual({ reports: 6, devices: 2 });
    const group = (pinned: string, kind: string) =>
      origin.failureGroups.find((each) => each.leafPin === pinned && each.kind === kind);
    expect(group(proxy.pin, 'mismatch')).toMatchObject({
      devices: 2,
      reports: 3,
      seenBy: 'one_network',
      networkPrefix: '192.0.1.0/24',
      leafIssuer: 'CN=Test TLS CA',
    });
    expect(group(certificate.pin, 'mismatch')?.seenBy).toBe('server');
    expect(group(expired.pin, 'expired')).toMatchObject({ devices: 1 });
  });

  test('are refused for a host that is not pinned, and for what is no certificate', async () => {
    const { certificate } = await world.pinned();
    const id = await seedInstance(world.db.owner, world.app);
    await expect(report(id, [certificate.der], [certificate.pin], 1, 'evil.example')).rejects.toMatchObject({
      code: 'origin_not_found',
    });
    await expect(report(id, [Buffer.from('no')], [certificate.pin])).rejects.toMatchObject({
      code: 'request_invalid',
    });
  });

  test('are bounded for each device and day, and go with the device', async () => {
    const { certificate } = await world.pinned();
    const id = await seedInstance(world.db.owner, world.app);
    const filed: boolean[] = [];
    for (let third = 0; third < 20; third++)
      filed.push((await report(id, [certificate.der], ['x'], third)).isFiled);
    expect(filed.filter(Boolean)).toHaveLength(16);
    // What is known is still counted.
    expect((await report(id, [certificate.der], ['x'], 0)).isFiled).toBe(true);
    await world.db.owner.sql`select * from countersign_erase_device(${id})`;
    expect(await world.db.owner.sql`select 1 from pin_failures where instance_id = ${id}`).toHaveLength(0);
    // A report of a device that is gone is not filed.
    expect((await report(id, [certificate.der], ['x'], 0)).isFiled).toBe(false);
  });

  test('are deleted with age, as soon as the app keeps addresses no longer', async () => {
    const { certificate } = await world.pinned();
    const id = await seedInstance(world.db.owner, world.app);
    await report(id, [certificate.der], ['x']);
    await world.db.owner.sql`update pin_failures set day = day - 5 where instance_id = ${id}`;
    await deleteOldFailures(world.db.service);
    expect(await world.db.owner.sql`select 1 from pin_failures where instance_id = ${id}`).toHaveLength(1);
    await world.db.owner.sql`update apps set retain_address_days = 4 where id = ${world.app}`;
    expect(await deleteOldFailures(world.db.service)).toBe(1);
  });
});
