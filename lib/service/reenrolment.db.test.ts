import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import { newId, systemClock } from '@/lib/core';
import { forceReenrolment, readDevice } from '@/lib/devices';
import type { TestCa } from '@/lib/evidence/testing';
import type { RunningService } from './index';
import { Phone } from './testing/phone';
import { registerTestApp, startTestService, TEST_APP } from './testing/service';

let db: TestDatabase;
let ca: TestCa;
let service: RunningService;
beforeAll(async () => {
  db = await createTestDatabase();
  ca = await registerTestApp(db);
  service = await startTestService(db);
});
afterAll(async () => {
  await service.close();
  await db.close();
});

const as = (actor = actorWith('responder')) => ({ db: db.console, actor, clock: systemClock });
const codeOf = async (token: string | undefined) => {
  const url = `${service.url}/v1/authorize?api=${TEST_APP.apiId}`;
  const answer = await fetch(url, { headers: { 'attestation-token': token ?? '' } });
  return answer.headers.get('x-attestation-code');
};

test('a device that has to enrol anew attests nothing, holds no token, and is let in again with a new key', async () => {
  const phone = new Phone(ca, 'android');
  const { body } = await phone.enrol(service.url);
  const id = body.instanceId ?? '';
  expect(await codeOf(body.token)).toBeNull();
  const other = new Phone(ca, 'ios');
  const { body: others } = await other.enrol(service.url);

  const { seq } = await forceReenrolment(as(), { id, reason: 'its key may be copied' });
  await expect.poll(() => codeOf(body.token)).toBe('token_revoked');
  const refused = await phone.attest(service.url);
  expect([refused.status, refused.body.code]).toEqual([404, 'instance_not_found']);
  expect(await codeOf(others.token)).toBeNull();
  expect((await other.attest(service.url)).status).toBe(200);
  expect((await readDevice(as(), { id })).reenrolAskedAt).not.toBeNull();

  const anew = new Phone(ca, 'android');
  const again = await anew.enrol(service.url);
  expect([again.status, again.body.instanceId === id]).toEqual([201, false]);
  expect((await anew.attest(service.url)).status).toBe(200);

  const audit = await db.owner.sql`
    select action, reason, change_seq::int as seq from audit_log where target_id = ${id} order by id`;
  expect(audit.map((row) => [row.action, row.reason, row.seq])).toEqual([
    ['cut_off.create', 'its key may be copied', seq],
    ['device.reenrol', 'its key may be copied', seq],
  ]);
});

test('is refused to who may cut off nothing of its app, and the console may change nothing else of a device', async () => {
  const { body } = await new Phone(ca, 'android').enrol(service.url);
  const id = body.instanceId ?? '';
  for (const actor of [actorWith('analyst'), actorWith('auditor'), actorWith('responder', 'other')]) {
    await expect(forceReenrolment(as(actor), { id, reason: 'a test' })).rejects.toMatchObject({
      code: 'permission_denied',
    });
  }
  await expect(forceReenrolment(as(), { id: newId(Date.now()), reason: 'a test' })).rejects.toMatchObject({
    code: 'instance_not_found',
  });
  expect((await readDevice(as(), { id })).reenrolAskedAt).toBeNull();
  await expect(db.console.sql`update device_instances set counter = 0 where id = ${id}`).rejects.toThrow(
    /permission denied/,
  );
});
