import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { seedApp } from '@/drizzle/testing/seed';
import { actorWith, steppedUp } from '@/lib/auth/testing/actors';
import { inspectPins, probeDueOrigins, publishPins, readOrigin, registerOrigin } from '@/lib/certificates';
import { readFeedPosition } from '@/lib/changes';
import { guard, leaf, pin, publication, WatchedOrigins } from './testing/watched-origin';

let world: WatchedOrigins;
beforeAll(async () => {
  world = await WatchedOrigins.open();
});
afterAll(() => world.close());
afterEach(() => world.closeServers());

describe('a pin set', () => {
  test('commits with one audit row and one change, and is what devices are told', async () => {
    const { id, certificate, backup, version } = await world.pinned();
    expect(version).toBe(3);
    const snapshot = await world.newestConfig();
    expect(snapshot.config.pins).toEqual([
      {
        host: 'localhost',
        includeSubdomains: false,
        reportOnly: false,
        spkiSha256: [certificate.pin, backup.pin],
      },
    ]);
    const audit = await world.auditOf(id);
    expect(audit.map((row) => row.action)).toEqual(['origin.register', 'pins.publish']);
    const origin = await readOrigin(world.as(), { id });
    expect(origin).toMatchObject({ problems: [], pinSet: { version: 3, overridden: [] } });
    expect(origin.pinSet?.seq).toBe(Number(audit.at(-1)?.change_seq));
  });

  test('is refused where it would cut the app off, and published where that is overridden, which is kept', async () => {
    const { id, certificate } = await world.watched();
    const unsafe = { id, ...publication({ pins: [pin(leaf()), pin(leaf())] }) };
    await expect(publishPins(world.as(), unsafe)).rejects.toMatchObject({ code: 'pins_unsafe' });
    const alone = { id, ...publication({ pins: [pin(certificate)] }) };
    await expect(publishPins(world.as(), alone)).rejects.toMatchObject({ code: 'pins_unsafe' });
    expect((await readOrigin(world.as(), { id })).pinSet).toBeNull();
    const overridden = { ...unsafe, override: true, reason: 'the server follows tonight' };
    await expect(publishPins(world.as(), overridden)).rejects.toMatchObject({ code: 'step_up_required' });
    expect((await readOrigin(world.as(), { id })).pinSet).toBeNull();
    await publishPins(world.as(steppedUp(actorWith('responder'))), overridden);
    const origin = await readOrigin(world.as(), { id });
    expect(origin).toMatchObject({ problems: ['no_match'], pinSet: { overridden: ['no_match'] } });
  });

  test('cannot be checked before the server was seen, and is refused then', async () => {
    await seedApp(world.db.owner, 'unseen');
    const registration = {
      appId: 'unseen',
      host: 'localhost',
      port: 1,
      serverName: null,
      includeSubdomains: false,
    };
    const { originId } = await registerOrigin(world.as(), registration);
    const set = { id: originId, ...publication({ pins: [pin(leaf()), pin(leaf())] }) };
    await expect(publishPins(world.as(), set)).rejects.toMatchObject({ code: 'pins_unsafe' });
    await probeDueOrigins(world.db.service, guard);
  });

  test('that only reports cannot cut anybody off', async () => {
    const { id } = await world.watched();
    await publishPins(world.as(), { id, ...publication({ pins: [pin(leaf())], reportOnly: true }) });
    const told = await world.newestConfig();
    expect(told.config.pins[0]?.reportOnly).toBe(true);
    // The same set in earnest is another matter.
    const { pinSet } = await readOrigin(world.as(), { id });
    const inEarnest = publication({ basedOn: told.configVersion, pins: pinSet?.pins ?? [] });
    await expect(publishPins(world.as(), { id, ...inEarnest })).rejects.toMatchObject({
      code: 'pins_unsafe',
    });
  });

  test('is published on top of what the editor saw: of 10 at once exactly one wins', async () => {
    const { id, certificate, version } = await world.pinned();
    const set = { id, ...publication({ basedOn: version, pins: [pin(certificate), pin(leaf())] }) };
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => publishPins(world.as(), set)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'edit_conflict' });
    }
  });

  test('holds no pin twice', async () => {
    const { id, certificate } = await world.watched();
    const twice = { id, ...publication({ pins: [pin(certificate), pin(certificate), pin(leaf())] }) };
    await expect(publishPins(world.as(), twice)).rejects.toMatchObject({ code: 'request_invalid' });
  });

  test('is never made of a private key, of which nothing is kept', async () => {
    const { keyPem } = leaf();
    await expect(inspectPins(world.as(), { material: keyPem })).rejects.toMatchObject({
      code: 'pin_private_key_refused',
    });
    await expect(inspectPins(world.as(actorWith('analyst')), { material: keyPem })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    const secret = keyPem.split('\n')[1] ?? '';
    const rows = await world.db.owner.sql`
      select 1 from audit_log where detail::text like ${`%${secret}%`} or reason like ${`%${secret}%`}`;
    expect(rows).toHaveLength(0);
  });

  test('rolls back as a whole when its audit row cannot be written', async () => {
    const { id, certificate } = await world.watched();
    const before = await readFeedPosition(world.db.console.orm);
    await world.db.owner.sql.unsafe(`create function refuse_audit() returns trigger language plpgsql as
      $$ begin raise exception 'no audit'; end $$;
      create trigger refuse_audit before insert on audit_log for each row execute function refuse_audit()`);
    const set = { id, ...publication({ pins: [pin(certificate), pin(leaf())] }) };
    await expect(publishPins(world.as(), set)).rejects.toThrow();
    await world.db.owner.sql.unsafe('drop trigger refuse_audit on audit_log; drop function refuse_audit()');
    expect((await readOrigin(world.as(), { id })).pinSet).toBeNull();
    expect((await readFeedPosition(world.db.console.orm)).seq).toBe(before.seq);
    const [row] = await world.db.owner.sql`select config_version from apps where id = ${world.app}`;
    expect(row?.config_version).toBe(2);
  });
});
