import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import { systemClock } from '@/lib/core';
import { eraseDevice } from '@/lib/devices';
import type { TestCa } from '@/lib/evidence/testing';
import { RequestCounters } from '@/lib/telemetry';
import type { RunningService } from '../index';
import { Phone, post } from '../testing/phone';
import { registerTestApp, startTestService, TEST_APP } from '../testing/service';

let db: TestDatabase;
let ca: TestCa;
let nodes: RunningService[];
beforeAll(async () => {
  db = await createTestDatabase();
  ca = await registerTestApp(db);
  nodes = await Promise.all([startTestService(db), startTestService(db)]);
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await db.close();
});

const urlOf = (index: number) => nodes[index % nodes.length]?.url ?? '';
const erase = (id: string) =>
  eraseDevice(
    { db: db.console, actor: actorWith('admin'), clock: systemClock },
    { id, reason: 'its owner asked for it' },
  );

async function enrolled(): Promise<Phone> {
  const phone = new Phone(ca, 'android');
  expect((await phone.enrol(urlOf(0))).status).toBe(201);
  return phone;
}

/** Rows that name a device, and whether it is there. */
async function stored(id: string) {
  const [row] = await db.owner.sql<{ instances: number; rows: number }[]>`
    select (select count(*)::int from device_instances where id = ${id}) as instances,
      (select count(*)::int from attestation_events where instance_id = ${id} or subject_id = ${id})
      + (select count(*)::int from request_events where instance_id = ${id} or subject_id = ${id})
      + (select count(*)::int from device_days where instance_id = ${id}) as rows`;
  return row;
}

/** Something that a test waits for. */
function gate(): { isOpen: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const isOpen = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { isOpen, open: () => open() };
}

describe('a device that is erased while it attests', () => {
  test('leaves nothing behind, on any node, whichever comes first', async () => {
    for (let round = 0; round < 6; round++) {
      const phone = await enrolled();
      const bodies = await Promise.all(Array.from({ length: 12 }, () => phone.attestation(urlOf(0))));
      const attesting = bodies.map(async (body, index) => {
        await new Promise((resolve) => setTimeout(resolve, index * 2));
        // Every third says what it cannot prove: its event would be filed under the device as well.
        const sent = index % 3 === 0 ? { ...body, assertion: 'AAAA' } : body;
        return await post(`${urlOf(index)}/v1/attestations`, sent);
      });
      const erasing = new Promise((resolve) => setTimeout(resolve, 8 + round * 3)).then(() =>
        erase(phone.instanceId),
      );
      const answers = await Promise.all(attesting);
      await erasing;
      expect(await stored(phone.instanceId)).toEqual({ instances: 0, rows: 0 });
      for (const { status, body } of answers) {
        expect([200, 403, 404]).toContain(status);
        if (status === 404) expect(body).toMatchObject({ code: 'instance_not_found' });
      }
    }
  });

  test('is told to enrol again, its attempt is an event that names nobody, and enrolling works', async () => {
    const phone = await enrolled();
    const body = await phone.attestation(urlOf(0));
    const erased = gate();
    const released = gate();
    // Whoever erases holds the device; the attestation looks it up still, and waits for it at its commit.
    const erasing = db.owner.sql.begin(async (sql) => {
      await sql`select countersign_erase_device(${phone.instanceId})`;
      erased.open();
      await released.isOpen;
    });
    await erased.isOpen;
    const attesting = post(`${urlOf(0)}/v1/attestations`, body);
    await new Promise((resolve) => setTimeout(resolve, 300));
    released.open();
    await erasing;
    const answer = await attesting;
    expect(answer).toMatchObject({ status: 404, body: { code: 'instance_not_found' } });
    const [event] = await db.owner.sql<{ instance: string | null; verdict: string; checks: string }[]>`
      select instance_id as instance, verdict, detail::text as checks from attestation_events
      where reference = ${answer.body.reference ?? ''}`;
    expect(event).toMatchObject({ instance: null, verdict: 'rejected' });
    expect(event?.checks).toContain('erased');
    expect(await stored(phone.instanceId)).toEqual({ instances: 0, rows: 0 });

    expect((await phone.enrol(urlOf(0))).status).toBe(201);
    expect(await stored(phone.instanceId)).toEqual({ instances: 1, rows: 2 });
  });

  test('is not named again by what its last token is refused', async () => {
    const phone = await enrolled();
    const counters = new RequestCounters(db.service, 'erasure-node');
    const refusal = (instanceId: string) => ({
      receivedAtMs: Date.now(),
      id: crypto.randomUUID(),
      appId: TEST_APP.id,
      apiId: TEST_APP.apiId,
      instanceId,
      outcome: 'blocked' as const,
      isEnforced: true,
      networkKind: 'access',
      country: 'PT',
      asn: 64_500,
      networkPrefix: '192.0.2.0/24',
      addressHash: Buffer.alloc(16),
    });
    const known = await enrolled();
    counters.keep(refusal(phone.instanceId));
    counters.keep(refusal(known.instanceId));
    await erase(phone.instanceId);
    await counters.flush();
    expect(await stored(phone.instanceId)).toEqual({ instances: 0, rows: 0 });
    const rows = await db.owner.sql<{ instance: string | null; country: string; asn: number }[]>`
      select instance_id as instance, country, asn from request_events where node = 'erasure-node' order by 1`;
    expect([...rows]).toEqual([
      { instance: known.instanceId, country: 'PT', asn: 64_500 },
      { instance: null, country: 'PT', asn: 64_500 },
    ]);
  });
});
