import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { seedInstance } from '@/drizzle/testing/seed';
import { actorWith, steppedUp } from '@/lib/auth/testing/actors';
import {
  probeDueOrigins,
  publishPins,
  readOrigin,
  requestProbe,
  startRotation,
  stepRotation,
} from '@/lib/certificates';
import type { IssuedCertificate } from './testing/tls-ca';
import { ca, guard, leaf, pin, publication, WatchedOrigins } from './testing/watched-origin';

let world: WatchedOrigins;
beforeAll(async () => {
  world = await WatchedOrigins.open();
});
afterAll(() => world.close());
afterEach(() => world.closeServers());

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
    Promise.all(
      Array.from({ length: count }, () =>
        seedInstance(world.db.owner, world.app, { configVersion: version }),
      ),
    );
  const probe = async (id: string) => {
    await requestProbe(world.as(), { id });
    await probeDueOrigins(world.db.service, guard);
    return readOrigin(world.as(), { id });
  };

  test('goes from adoption over the switch and its confirmation to the end of the old pin', async () => {
    const origin = await world.pinned();
    const next = leaf();
    await holding(origin.version, 10);
    await holding(origin.version, 1).then(
      ([id = '']) => world.db.owner.sql`update device_instances set verdict = 'rejected' where id = ${id}`,
    );
    const { rotationId, seq } = await startRotation(world.as(), start(origin, next));
    expect(seq).not.toBeNull();
    expect((await world.newestConfig()).config.pins[0]?.spkiSha256).toEqual([
      origin.certificate.pin,
      origin.backup.pin,
      next.pin,
    ]);

    // Nobody holds the new pin yet: the switch would cut off ten devices, and is refused.
    let seen = await readOrigin(world.as(), { id: origin.id });
    expect(seen.rotation).toMatchObject({
      state: 'adopting',
      adoption: { devices: 10, holding: 0 },
      cutOffNow: 10,
      isSafe: false,
      addedInVersion: 4,
    });
    await expect(stepRotation(world.as(), step(origin.id, rotationId, 'switch'))).rejects.toMatchObject({
      code: 'rotation_not_safe',
      detail: '10 of 10 devices do not hold the new pin yet and would be cut off.',
    });
    await expect(stepRotation(world.as(), step(origin.id, rotationId, 'switch', true))).rejects.toMatchObject(
      {
        code: 'step_up_required',
      },
    );
    await expect(stepRotation(world.as(), step(origin.id, rotationId, 'retire'))).rejects.toMatchObject({
      code: 'rotation_step_early',
    });

    await world.db.owner.sql`update device_instances set config_version = 4 where id in (
      select id from device_instances where app_id = ${world.app} and verdict <> 'rejected' order by id limit 9)`;
    seen = await readOrigin(world.as(), { id: origin.id });
    expect(seen.rotation).toMatchObject({
      adoption: { devices: 10, holding: 9 },
      cutOffNow: 1,
      isSafe: true,
    });
    expect(seen.adoption).toEqual([
      { version: 4, devices: 9 },
      { version: 3, devices: 1 },
    ]);
    await stepRotation(world.as(), step(origin.id, rotationId, 'switch'));
    seen = await probe(origin.id);
    expect(seen.rotation).toMatchObject({ state: 'switching', cutOffAtSwitch: 1, confirmedAt: null });

    origin.server.use(next);
    seen = await probe(origin.id);
    expect(seen.rotation?.state).toBe('confirmed');
    expect(seen.problems).toEqual([]);
    await stepRotation(world.as(), step(origin.id, rotationId, 'retire'));
    seen = await readOrigin(world.as(), { id: origin.id });
    expect(seen.rotation).toBeNull();
    expect(seen.rotations[0]).toMatchObject({ state: 'finished', endedByName: 'responder' });
    expect(seen.pinSet?.pins.map(({ spkiSha256 }) => spkiSha256)).toEqual([origin.backup.pin, next.pin]);
    expect(seen.problems).toEqual([]);
    expect((await world.auditOf(origin.id)).map((row) => row.action)).toEqual([
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
    const origin = await world.pinned();
    const next = leaf();
    const { rotationId } = await startRotation(world.as(), start(origin, next));
    origin.server.use(next);
    expect((await probe(origin.id)).rotation?.state).toBe('confirmed');
    origin.server.use(origin.certificate);
    expect((await probe(origin.id)).rotation).toMatchObject({ state: 'switching', confirmedAt: null });
    await expect(stepRotation(world.as(), step(origin.id, rotationId, 'retire'))).rejects.toMatchObject({
      code: 'rotation_step_early',
    });
    expect((await world.auditOf(origin.id)).map((row) => row.action)).toEqual(
      expect.arrayContaining(['pin_rotation.confirm', 'pin_rotation.reopen']),
    );
  });

  test('to the backup publishes nothing new but a further backup, which it asks for', async () => {
    const origin = await world.pinned();
    const toBackup = { ...start(origin, origin.backup) };
    await expect(startRotation(world.as(), toBackup)).rejects.toMatchObject({
      code: 'request_invalid',
      fields: { backup: expect.stringContaining('is needed') },
    });
    const spare = leaf();
    await startRotation(world.as(), { ...toBackup, backup: pin(spare) });
    const seen = await readOrigin(world.as(), { id: origin.id });
    expect(seen.pinSet?.pins).toHaveLength(3);
    // Devices that hold the set of before have the backup already: the version counts in which it was first.
    expect(seen).toMatchObject({ pinSet: { version: 4 }, rotation: { addedInVersion: 3 } });
  });

  test('to a pin that is in the set since before counts the devices that hold it already', async () => {
    const origin = await world.watched();
    const [second, third] = [leaf(), leaf()];
    const pins = [pin(origin.certificate), pin(second), pin(third)];
    const { version } = await publishPins(world.as(), { id: origin.id, ...publication({ pins }) });
    await holding(version, 3);
    const started = await startRotation(world.as(), start({ ...origin, version }, second));
    expect(started.seq).toBeNull();
    const seen = await readOrigin(world.as(), { id: origin.id });
    expect(seen.rotation).toMatchObject({ addedInVersion: version, cutOffNow: 0, isSafe: true });
  });

  test('is refused where it makes no sense', async () => {
    const origin = await world.pinned();
    const next = leaf();
    const wish = start(origin, next);
    for (const [changes, field] of [
      [{ oldPin: leaf().pin }, 'oldPin'],
      [{ oldPin: origin.backup.pin }, 'oldPin'],
      [{ newPin: pin(origin.certificate) }, 'newPin'],
      [{ newPin: { ...pin(origin.certificate), spkiSha256: ca.pin } }, 'newPin'],
    ] as const) {
      await expect(startRotation(world.as(), { ...wish, ...changes })).rejects.toMatchObject({
        code: 'request_invalid',
        fields: { [field]: expect.any(String) },
      });
    }
    await expect(startRotation(world.as(), { ...wish, basedOn: 99 })).rejects.toMatchObject({
      code: 'edit_conflict',
    });
    await expect(startRotation(world.as(actorWith('analyst')), wish)).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });

  test('is one at a time, and each of its steps is taken once, by whoever is first', async () => {
    const origin = await world.pinned();
    const next = leaf();
    const starts = await Promise.allSettled(
      Array.from({ length: 6 }, () => startRotation(world.as(), start(origin, next))),
    );
    const won = starts.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(won).toHaveLength(1);
    const rotationId = won[0]?.rotationId ?? '';
    const take = (which: 'switch' | 'retire') =>
      Promise.allSettled(
        Array.from({ length: 6 }, () => stepRotation(world.as(), step(origin.id, rotationId, which))),
      );
    expect((await take('switch')).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    origin.server.use(next);
    await probe(origin.id);
    expect((await take('retire')).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await readOrigin(world.as(), { id: origin.id })).pinSet?.pins).toHaveLength(2);
  });

  test('keeps both of its pins in the set, and leaves them there when it is cancelled', async () => {
    const origin = await world.pinned();
    const next = leaf();
    const { rotationId } = await startRotation(world.as(), start(origin, next));
    const without = publication({ basedOn: 4, pins: [pin(origin.certificate), pin(origin.backup)] });
    await expect(publishPins(world.as(), { id: origin.id, ...without })).rejects.toMatchObject({
      code: 'rotation_already_open',
    });
    await stepRotation(world.as(), step(origin.id, rotationId, 'cancel'));
    const seen = await readOrigin(world.as(), { id: origin.id });
    expect(seen).toMatchObject({ rotation: null, pinSet: { version: 4 } });
    expect(seen.rotations[0]?.state).toBe('cancelled');
    await publishPins(world.as(), { id: origin.id, ...without });
    await expect(stepRotation(world.as(), step(origin.id, rotationId, 'switch'))).rejects.toMatchObject({
      code: 'rotation_not_found',
    });
  });

  test('goes on against the figures only where that is overridden, with the number kept', async () => {
    const origin = await world.pinned();
    await holding(origin.version, 4);
    const { rotationId } = await startRotation(world.as(), start(origin, leaf()));
    const proven = world.as(steppedUp(actorWith('responder')));
    await stepRotation(proven, step(origin.id, rotationId, 'switch', true));
    expect((await readOrigin(world.as(), { id: origin.id })).rotation?.cutOffAtSwitch).toBe(4);
  });

  test('of a set that only reports cuts nobody off', async () => {
    const origin = await world.watched();
    const pins = [pin(origin.certificate), pin(leaf())];
    const { version } = await publishPins(world.as(), {
      id: origin.id,
      ...publication({ pins, reportOnly: true }),
    });
    await holding(version, 2);
    await startRotation(world.as(), start({ ...origin, version }, leaf()));
    expect((await readOrigin(world.as(), { id: origin.id })).rotation).toMatchObject({
      cutOffNow: 0,
      isSafe: true,
    });
  });
});
