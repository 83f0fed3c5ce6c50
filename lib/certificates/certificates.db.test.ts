import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { seedApp, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import {
  createAddressGuard,
  deleteOldFailures,
  deleteOldProbes,
  inspectPins,
  listOrigins,
  probeDueOrigins,
  publishPins,
  readOrigin,
  recordPinFailure,
  registerOrigin,
  removeOrigin,
  requestProbe,
  startRotation,
  stepRotation,
} from '@/lib/certificates';
import { readChanges, readFeedPosition } from '@/lib/changes';
import { type AppSnapshot, appSnapshotSchema, type Pin, type PinPublication } from '@/lib/contracts';
import { systemClock } from '@/lib/core';
import { createTlsCa, type IssuedCertificate, startTlsServer, type TestTlsServer } from './testing/tls-ca';

const DAY = 86_400_000;
const guard = createAddressGuard(['127.0.0.0/8', '::1']);
const ca = createTlsCa(Date.now());
let db: TestDatabase;
let app = '';
let apps = 0;
let servers: TestTlsServer[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

const as = (actor = actorWith('responder')) => ({ db: db.console, actor, clock: systemClock });
const pin = (certificate: Pick<IssuedCertificate, 'pin'>, label = ''): Pin => ({
  spkiSha256: certificate.pin,
  label,
  source: 'certificate',
});
const leaf = (changes: { notAfterMs?: number } = {}) => ca.issue({ host: 'localhost', ...changes });

/** A new app with one origin, a TLS server behind it, and its first probe made. */
async function watched(certificate = leaf()) {
  apps += 1;
  app = `bank-${apps}`;
  await seedApp(db.owner, app);
  const server = await startTlsServer(certificate);
  servers.push(server);
  const registration = {
    appId: app,
    host: 'localhost',
    port: server.port,
    serverName: null,
    includeSubdomains: false,
  };
  const { originId } = await registerOrigin(as(), registration);
  await probeDueOrigins(db.service, guard);
  return { id: originId, server, certificate };
}

const publication = (changes: Partial<PinPublication>): PinPublication => ({
  basedOn: null,
  pins: [],
  reportOnly: false,
  reason: 'first pins',
  override: false,
  ...changes,
});

/** An origin with a good set in force: the served key and a backup. */
async function pinned() {
  const origin = await watched();
  const backup = leaf();
  const pins = [pin(origin.certificate, 'now'), pin(backup, 'spare')];
  const { version } = await publishPins(as(), { id: origin.id, ...publication({ pins }) });
  return { ...origin, backup, version };
}

const auditOf = (id: string) =>
  db.owner
    .sql`select action, actor_name, reason, change_seq from audit_log where target_id = ${id} order by id`;

async function newestConfig(): Promise<AppSnapshot> {
  const { epoch, seq } = await readFeedPosition(db.console.orm);
  const page = await readChanges(db.console.orm, epoch, seq - 1);
  if (!('changes' in page)) throw new Error('The feed has a gap.');
  return appSnapshotSchema.parse(page.changes.at(-1)?.payload);
}

describe('a protected origin', () => {
  test('refuses an actor without permission, and leaves nothing behind', async () => {
    await seedApp(db.owner, 'closed');
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
      await expect(registerOrigin(as(actor), registration)).rejects.toMatchObject({
        code: 'permission_denied',
      });
    }
    const { origins } = await listOrigins(as());
    expect(origins.filter(({ appId }) => appId === 'closed')).toEqual([]);
  });

  test('is told to devices, once per host, with one audit row and one change', async () => {
    const { id, server } = await watched();
    const snapshot = await newestConfig();
    expect(snapshot).toMatchObject({
      id: app,
      configVersion: 2,
      config: { pins: [], protectedOrigins: [`https://localhost:${server.port}`] },
    });
    const [row, ...more] = await auditOf(id);
    expect(row).toMatchObject({ action: 'origin.register', actor_name: 'responder' });
    expect(more).toHaveLength(0);
    const again = { appId: app, host: 'localhost', port: 444, serverName: null, includeSubdomains: false };
    await expect(registerOrigin(as(), again)).rejects.toMatchObject({ code: 'origin_already_exists' });
    expect((await newestConfig()).configVersion).toBe(2);
  });

  test('is shown with its chain, its expiry and the warning that this is worth', async () => {
    const { id, certificate } = await watched(leaf({ notAfterMs: Date.now() + 5 * DAY }));
    const origin = await readOrigin(as(actorWith('analyst')), { id });
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
    const { id, server } = await watched();
    await server.close();
    servers = [];
    await requestProbe(as(), { id });
    expect((await readOrigin(as(), { id })).probeRequestedAt).not.toBeNull();
    await probeDueOrigins(db.service, guard);
    const origin = await readOrigin(as(), { id });
    expect(origin.probe).toMatchObject({
      outcome: 'connection_refused',
      requestedByName: 'responder',
      chain: [],
    });
    expect(origin.lastChain?.outcome).toBe('ok');
    expect(origin.probeRequestedAt).toBeNull();
  });

  test('is probed once, by whichever of several processes is first', async () => {
    const { id } = await watched();
    await requestProbe(as(), { id });
    const taken = await Promise.all([1, 2, 3].map(() => probeDueOrigins(db.service, guard)));
    expect(taken.reduce((sum, one) => sum + one, 0)).toBe(1);
    expect((await readOrigin(as(), { id })).probes).toHaveLength(2);
  });

  test('is forgotten with its pins, which devices are told', async () => {
    const { id } = await pinned();
    await expect(removeOrigin(as(actorWith('analyst')), { id, reason: 'moved' })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await removeOrigin(as(), { id, reason: 'moved away' });
    expect(await newestConfig()).toMatchObject({
      configVersion: 4,
      config: { pins: [], protectedOrigins: [] },
    });
    await expect(readOrigin(as(), { id })).rejects.toMatchObject({ code: 'origin_not_found' });
    expect((await auditOf(id)).at(-1)).toMatchObject({ action: 'origin.remove', reason: 'moved away' });
  });

  test('shows only those of the apps that somebody may see', async () => {
    const { id } = await watched();
    const { origins } = await listOrigins(as(actorWith('analyst', app)));
    expect(origins.map((origin) => origin.id)).toEqual([id]);
    await expect(readOrigin(as(actorWith('analyst', 'other')), { id })).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });
});

describe('a pin set', () => {
  test('commits with one audit row and one change, and is what devices are told', async () => {
    const { id, certificate, backup, version } = await pinned();
    expect(version).toBe(3);
    const snapshot = await newestConfig();
    expect(snapshot.config.pins).toEqual([
      {
        host: 'localhost',
        includeSubdomains: false,
        reportOnly: false,
        spkiSha256: [certificate.pin, backup.pin],
      },
    ]);
    const audit = await auditOf(id);
    expect(audit.map((row) => row.action)).toEqual(['origin.register', 'pins.publish']);
    const origin = await readOrigin(as(), { id });
    expect(origin).toMatchObject({ problems: [], pinSet: { version: 3, overridden: [] } });
    expect(origin.pinSet?.seq).toBe(Number(audit.at(-1)?.change_seq));
  });

  test('is refused where it would cut the app off, and published where that is overridden, which is kept', async () => {
    const { id, certificate } = await watched();
    const unsafe = { id, ...publication({ pins: [pin(leaf()), pin(leaf())] }) };
    await expect(publishPins(as(), unsafe)).rejects.toMatchObject({ code: 'pins_unsafe' });
    const alone = { id, ...publication({ pins: [pin(certificate)] }) };
    await expect(publishPins(as(), alone)).rejects.toMatchObject({ code: 'pins_unsafe' });
    expect((await readOrigin(as(), { id })).pinSet).toBeNull();
    await publishPins(as(), { ...unsafe, override: true, reason: 'the server follows tonight' });
    const origin = await readOrigin(as(), { id });
    expect(origin).toMatchObject({ problems: ['no_match'], pinSet: { overridden: ['no_match'] } });
  });

  test('cannot be checked before the server was seen, and is refused then', async () => {
    await seedApp(db.owner, 'unseen');
    const registration = {
      appId: 'unseen',
      host: 'localhost',
      port: 1,
      serverName: null,
      includeSubdomains: false,
    };
    const { originId } = await registerOrigin(as(), registration);
    const set = { id: originId, ...publication({ pins: [pin(leaf()), pin(leaf())] }) };
    await expect(publishPins(as(), set)).rejects.toMatchObject({ code: 'pins_unsafe' });
    await probeDueOrigins(db.service, guard);
  });

  test('that only reports cannot cut anybody off', async () => {
    const { id } = await watched();
    await publishPins(as(), { id, ...publication({ pins: [pin(leaf())], reportOnly: true }) });
    expect((await newestConfig()).config.pins[0]?.reportOnly).toBe(true);
  });

  test('is published on top of what the editor saw: of 10 at once exactly one wins', async () => {
    const { id, certificate, version } = await pinned();
    const set = { id, ...publication({ basedOn: version, pins: [pin(certificate), pin(leaf())] }) };
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => publishPins(as(), set)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'edit_conflict' });
    }
  });

  test('holds no pin twice', async () => {
    const { id, certificate } = await watched();
    const twice = { id, ...publication({ pins: [pin(certificate), pin(certificate), pin(leaf())] }) };
    await expect(publishPins(as(), twice)).rejects.toMatchObject({ code: 'request_invalid' });
  });

  test('is never made of a private key, of which nothing is kept', async () => {
    const { keyPem } = leaf();
    await expect(inspectPins(as(), { material: keyPem })).rejects.toMatchObject({
      code: 'pin_private_key_refused',
    });
    await expect(inspectPins(as(actorWith('analyst')), { material: keyPem })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    const secret = keyPem.split('\n')[1] ?? '';
    const rows = await db.owner.sql`
      select 1 from audit_log where detail::text like ${`%${secret}%`} or reason like ${`%${secret}%`}`;
    expect(rows).toHaveLength(0);
  });

  test('rolls back as a whole when its audit row cannot be written', async () => {
    const { id, certificate } = await watched();
    const before = await readFeedPosition(db.console.orm);
    await db.owner.sql.unsafe(`create function refuse_audit() returns trigger language plpgsql as
      $$ begin raise exception 'no audit'; end $$;
      create trigger refuse_audit before insert on audit_log for each row execute function refuse_audit()`);
    const set = { id, ...publication({ pins: [pin(certificate), pin(leaf())] }) };
    await expect(publishPins(as(), set)).rejects.toThrow();
    await db.owner.sql.unsafe('drop trigger refuse_audit on audit_log; drop function refuse_audit()');
    expect((await readOrigin(as(), { id })).pinSet).toBeNull();
    expect((await readFeedPosition(db.console.orm)).seq).toBe(before.seq);
    const [row] = await db.owner.sql`select config_version from apps where id = ${app}`;
    expect(row?.config_version).toBe(2);
  });
});

describe('a rotation', () => {
  const start = (
    origin: { id: string; certificate: IssuedCertificate; version: number },
    next: IssuedCertificate,
  ) => ({
    id: origin.id,
    basedOn: origin.version,
    oldPin: origin.certificate.pin,
    newPin: pin(next, 'next'),
    backup: null,
    targetShare: 0.9,
    reason: 'yearly',
  });
  const step = (id: string, rotationId: string, which: 'switch' | 'retire' | 'cancel', override = false) => ({
    id,
    rotationId,
    step: which,
    reason: 'going on',
    override,
  });
  const holding = (version: number, count: number) =>
    Promise.all(Array.from({ length: count }, () => seedInstance(db.owner, app, { configVersion: version })));
  const probe = async (id: string) => {
    await requestProbe(as(), { id });
    await probeDueOrigins(db.service, guard);
    return readOrigin(as(), { id });
  };

  test('goes from adoption over the switch and its confirmation to the end of the old pin', async () => {
    const origin = await pinned();
    const next = leaf();
    await holding(origin.version, 10);
    await holding(origin.version, 1).then(
      ([id = '']) => db.owner.sql`update device_instances set verdict = 'rejected' where id = ${id}`,
    );
    const { rotationId, seq } = await startRotation(as(), start(origin, next));
    expect(seq).not.toBeNull();
    expect((await newestConfig()).config.pins[0]?.spkiSha256).toEqual([
      origin.certificate.pin,
      origin.backup.pin,
      next.pin,
    ]);

    // Nobody holds the new pin yet: the switch would cut off ten devices, and is refused.
    let seen = await readOrigin(as(), { id: origin.id });
    expect(seen.rotation).toMatchObject({
      state: 'adopting',
      adoption: { devices: 10, holding: 0 },
      cutOffNow: 10,
      isSafe: false,
      addedInVersion: 4,
    });
    await expect(stepRotation(as(), step(origin.id, rotationId, 'switch'))).rejects.toMatchObject({
      code: 'rotation_not_safe',
      detail: '10 of 10 devices do not hold the new pin yet and would be cut off.',
    });
    await expect(stepRotation(as(), step(origin.id, rotationId, 'retire'))).rejects.toMatchObject({
      code: 'rotation_step_early',
    });

    await db.owner.sql`update device_instances set config_version = 4 where id in (
      select id from device_instances where app_id = ${app} and verdict <> 'rejected' order by id limit 9)`;
    seen = await readOrigin(as(), { id: origin.id });
    expect(seen.rotation).toMatchObject({
      adoption: { devices: 10, holding: 9 },
      cutOffNow: 1,
      isSafe: true,
    });
    expect(seen.adoption).toEqual([
      { version: 4, devices: 9 },
      { version: 3, devices: 1 },
    ]);
    await stepRotation(as(), step(origin.id, rotationId, 'switch'));
    seen = await probe(origin.id);
    expect(seen.rotation).toMatchObject({ state: 'switching', cutOffAtSwitch: 1, confirmedAt: null });

    origin.server.use(next);
    seen = await probe(origin.id);
    expect(seen.rotation?.state).toBe('confirmed');
    expect(seen.problems).toEqual([]);
    await stepRotation(as(), step(origin.id, rotationId, 'retire'));
    seen = await readOrigin(as(), { id: origin.id });
    expect(seen.rotation).toBeNull();
    expect(seen.rotations[0]).toMatchObject({ state: 'finished', endedByName: 'responder' });
    expect(seen.pinSet?.pins.map(({ spkiSha256 }) => spkiSha256)).toEqual([origin.backup.pin, next.pin]);
    expect(seen.problems).toEqual([]);
    expect((await auditOf(origin.id)).map((row) => row.action)).toEqual([
      'origin.register',
      'pins.publish',
      'pin_rotation.start',
      'pin_rotation.switch',
      'origin.probe',
      'origin.probe',
      'pin_rotation.confirm',
      'pin_rotation.retire',
    ]);
  });

  test('is confirmed when the server switched unannounced, and reopened when it goes back', async () => {
    const origin = await pinned();
    const next = leaf();
    const { rotationId } = await startRotation(as(), start(origin, next));
    origin.server.use(next);
    expect((await probe(origin.id)).rotation?.state).toBe('confirmed');
    origin.server.use(origin.certificate);
    expect((await probe(origin.id)).rotation).toMatchObject({ state: 'switching', confirmedAt: null });
    await expect(stepRotation(as(), step(origin.id, rotationId, 'retire'))).rejects.toMatchObject({
      code: 'rotation_step_early',
    });
    expect((await auditOf(origin.id)).map((row) => row.action)).toEqual(
      expect.arrayContaining(['pin_rotation.confirm', 'pin_rotation.reopen']),
    );
  });

  test('to the backup publishes nothing new but a further backup, which it asks for', async () => {
    const origin = await pinned();
    const toBackup = { ...start(origin, origin.backup) };
    await expect(startRotation(as(), toBackup)).rejects.toMatchObject({
      code: 'request_invalid',
      fields: { backup: expect.stringContaining('is needed') },
    });
    const spare = leaf();
    await startRotation(as(), { ...toBackup, backup: pin(spare) });
    const seen = await readOrigin(as(), { id: origin.id });
    expect(seen.pinSet?.pins).toHaveLength(3);
    // Devices that hold the set of before have the backup already: the version counts in which it was first.
    expect(seen).toMatchObject({ pinSet: { version: 4 }, rotation: { addedInVersion: 3 } });
  });

  test('to a pin that is in the set since before counts the devices that hold it already', async () => {
    const origin = await watched();
    const [second, third] = [leaf(), leaf()];
    const pins = [pin(origin.certificate), pin(second), pin(third)];
    const { version } = await publishPins(as(), { id: origin.id, ...publication({ pins }) });
    await holding(version, 3);
    const started = await startRotation(as(), start({ ...origin, version }, second));
    expect(started.seq).toBeNull();
    const seen = await readOrigin(as(), { id: origin.id });
    expect(seen.rotation).toMatchObject({ addedInVersion: version, cutOffNow: 0, isSafe: true });
  });

  test('is refused where it makes no sense', async () => {
    const origin = await pinned();
    const next = leaf();
    const wish = start(origin, next);
    for (const [changes, field] of [
      [{ oldPin: leaf().pin }, 'oldPin'],
      [{ oldPin: origin.backup.pin }, 'oldPin'],
      [{ newPin: pin(origin.certificate) }, 'newPin'],
      [{ newPin: { ...pin(origin.certificate), spkiSha256: ca.pin } }, 'newPin'],
    ] as const) {
      await expect(startRotation(as(), { ...wish, ...changes })).rejects.toMatchObject({
        code: 'request_invalid',
        fields: { [field]: expect.any(String) },
      });
    }
    await expect(startRotation(as(), { ...wish, basedOn: 99 })).rejects.toMatchObject({
      code: 'edit_conflict',
    });
    await expect(startRotation(as(actorWith('analyst')), wish)).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });

  test('is one at a time, and each of its steps is taken once, by whoever is first', async () => {
    const origin = await pinned();
    const next = leaf();
    const starts = await Promise.allSettled(
      Array.from({ length: 6 }, () => startRotation(as(), start(origin, next))),
    );
    const won = starts.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(won).toHaveLength(1);
    const rotationId = won[0]?.rotationId ?? '';
    const take = (which: 'switch' | 'retire') =>
      Promise.allSettled(
        Array.from({ length: 6 }, () => stepRotation(as(), step(origin.id, rotationId, which))),
      );
    expect((await take('switch')).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    origin.server.use(next);
    await probe(origin.id);
    expect((await take('retire')).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await readOrigin(as(), { id: origin.id })).pinSet?.pins).toHaveLength(2);
  });

  test('keeps both of its pins in the set, and leaves them there when it is cancelled', async () => {
    const origin = await pinned();
    const next = leaf();
    const { rotationId } = await startRotation(as(), start(origin, next));
    const without = publication({ basedOn: 4, pins: [pin(origin.certificate), pin(origin.backup)] });
    await expect(publishPins(as(), { id: origin.id, ...without })).rejects.toMatchObject({
      code: 'rotation_already_open',
    });
    await stepRotation(as(), step(origin.id, rotationId, 'cancel'));
    const seen = await readOrigin(as(), { id: origin.id });
    expect(seen).toMatchObject({ rotation: null, pinSet: { version: 4 } });
    expect(seen.rotations[0]?.state).toBe('cancelled');
    await publishPins(as(), { id: origin.id, ...without });
    await expect(stepRotation(as(), step(origin.id, rotationId, 'switch'))).rejects.toMatchObject({
      code: 'rotation_not_found',
    });
  });

  test('goes on against the figures only where that is overridden, with the number kept', async () => {
    const origin = await pinned();
    await holding(origin.version, 4);
    const { rotationId } = await startRotation(as(), start(origin, leaf()));
    await stepRotation(as(), step(origin.id, rotationId, 'switch', true));
    expect((await readOrigin(as(), { id: origin.id })).rotation?.cutOffAtSwitch).toBe(4);
  });

  test('of a set that only reports cuts nobody off', async () => {
    const origin = await watched();
    const pins = [pin(origin.certificate), pin(leaf())];
    const { version } = await publishPins(as(), {
      id: origin.id,
      ...publication({ pins, reportOnly: true }),
    });
    await holding(version, 2);
    await startRotation(as(), start({ ...origin, version }, leaf()));
    expect((await readOrigin(as(), { id: origin.id })).rotation).toMatchObject({
      cutOffNow: 0,
      isSafe: true,
    });
  });
});

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
      db.service,
      { instanceId, appId: app, host, chain, network: network(third) },
      setOf(...pins),
      Date.now(),
    );

  test('are told apart, and by network who presents the key', async () => {
    const { id, certificate } = await pinned();
    const [one = '', two = ''] = await Promise.all([
      seedInstance(db.owner, app),
      seedInstance(db.owner, app),
    ]);
    const proxy = ca.issue({ host: 'localhost' });
    const expired = leaf({ notAfterMs: Date.now() - 1 });
    expect((await report(one, [proxy.der], [certificate.pin])).kind).toBe('mismatch');
    expect((await report(one, [proxy.der], [certificate.pin])).kind).toBe('mismatch');
    expect((await report(two, [proxy.der], [certificate.pin])).kind).toBe('mismatch');
    expect((await report(one, [certificate.der], ['another'])).kind).toBe('mismatch');
    expect((await report(one, [expired.der], [expired.pin], 2, 'eu.localhost')).kind).toBe('expired');
    expect((await report(one, [certificate.der], [certificate.pin], 3)).kind).toBe('outdated_pins');
    const origin = await readOrigin(as(actorWith('analyst')), { id });
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
    const { certificate } = await pinned();
    const id = await seedInstance(db.owner, app);
    await expect(report(id, [certificate.der], [certificate.pin], 1, 'evil.example')).rejects.toMatchObject({
      code: 'origin_not_found',
    });
    await expect(report(id, [Buffer.from('no')], [certificate.pin])).rejects.toMatchObject({
      code: 'request_invalid',
    });
  });

  test('are bounded for each device and day, and go with the device', async () => {
    const { certificate } = await pinned();
    const id = await seedInstance(db.owner, app);
    const filed: boolean[] = [];
    for (let third = 0; third < 20; third++)
      filed.push((await report(id, [certificate.der], ['x'], third)).isFiled);
    expect(filed.filter(Boolean)).toHaveLength(16);
    // What is known is still counted.
    expect((await report(id, [certificate.der], ['x'], 0)).isFiled).toBe(true);
    await db.owner.sql`select * from countersign_erase_device(${id})`;
    expect(await db.owner.sql`select 1 from pin_failures where instance_id = ${id}`).toHaveLength(0);
    // A report of a device that is gone is not filed.
    expect((await report(id, [certificate.der], ['x'], 0)).isFiled).toBe(false);
  });

  test('are deleted with age, as soon as the app keeps addresses no longer', async () => {
    const { certificate } = await pinned();
    const id = await seedInstance(db.owner, app);
    await report(id, [certificate.der], ['x']);
    await db.owner.sql`update pin_failures set day = day - 5 where instance_id = ${id}`;
    await deleteOldFailures(db.service);
    expect(await db.owner.sql`select 1 from pin_failures where instance_id = ${id}`).toHaveLength(1);
    await db.owner.sql`update apps set retain_address_days = 4 where id = ${app}`;
    expect(await deleteOldFailures(db.service)).toBe(1);
  });
});

test('old probes are deleted, the newest of each origin stay', async () => {
  const { id } = await watched();
  await requestProbe(as(), { id });
  await probeDueOrigins(db.service, guard);
  const newest = (await readOrigin(as(), { id })).probe?.id;
  await deleteOldProbes(db.service, 1);
  expect((await readOrigin(as(), { id })).probes.map((probe) => probe.id)).toEqual([newest]);
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
    await expect(db[role].sql.unsafe(statement), `${role}: ${statement}`).rejects.toMatchObject({
      code: '42501',
    });
  }
});
