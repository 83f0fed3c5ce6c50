import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import type { TestCa } from '@/lib/evidence/testing';
import type { RunningService } from './index';
import { Phone } from './testing/phone';
import { registerTestApp, startTestService, TEST_APP } from './testing/service';

/** A way to the database that the test can stop and cut. */
class Link {
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  #isStalled = false;
  #isCut = false;
  port = 0;

  constructor(host: string, port: number) {
    this.#server = net.createServer((near) => {
      if (this.#isCut) {
        near.destroy();
        return;
      }
      const far = net.connect(port, host);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => this.#sockets.delete(from));
      }
      if (this.#isStalled) near.pause();
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    this.port = typeof address === 'object' && address ? address.port : 0;
  }

  /** Nothing gets through, and no connection ends: a database that is too slow to answer. */
  stall(isStalled: boolean): void {
    this.#isStalled = isStalled;
    for (const socket of this.#sockets) {
      if (isStalled) socket.pause();
      else socket.resume();
    }
  }

  /** Every connection ends, and no new one is taken: a database that is away. */
  cut(isCut: boolean): void {
    this.#isCut = isCut;
    if (isCut) for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut(true);
    this.#server.close();
  }
}

let db: TestDatabase;
let ca: TestCa;
let link: Link;
let service: RunningService;
beforeAll(async () => {
  db = await createTestDatabase();
  ca = await registerTestApp(db);
  const direct = new URL(db.serviceUrl);
  link = new Link(direct.hostname, Number(direct.port));
  await link.listen();
  const through = new URL(db.serviceUrl);
  through.host = `127.0.0.1:${link.port}`;
  // The embedded server's socket would go around the link.
  through.searchParams.delete('host');
  service = await startTestService(db, { databaseUrl: through.href });
});
afterAll(async () => {
  link.stall(false);
  link.cut(false);
  await service.close();
  link.close();
  await db.close();
});

const authorize = (token: string) =>
  fetch(`${service.url}/v1/authorize?api=${TEST_APP.apiId}`, { headers: { 'attestation-token': token } });

const eventsOf = async (instanceId: string) => {
  const [row] = await db.owner.sql<{ count: number }[]>`
    select count(*)::int as count from attestation_events where instance_id = ${instanceId} and verdict <> 'rejected'`;
  return row?.count ?? 0;
};

describe.each([
  ['does not answer', (isOn: boolean) => link.stall(isOn)],
  ['is away', (isOn: boolean) => link.cut(isOn)],
] as const)('while the database %s', (_, fault) => {
  test('attestations are refused in time, requests are decided from memory, and all goes on when it is back', async () => {
    const phone = new Phone(ca, 'android');
    const { body } = await phone.enrol(service.url);
    const attestations = await Promise.all([1, 2, 3].map(() => phone.attestation(service.url)));
    fault(true);

    const started = performance.now();
    const answers = await Promise.all(
      attestations.map((attestation) =>
        fetch(`${service.url}/v1/attestations`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(attestation),
        }),
      ),
    );
    expect(performance.now() - started).toBeLessThan(3_000);
    for (const answer of answers) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(await answer.text()).not.toContain('token');
    }
    expect((await authorize(body.token ?? '')).status).toBe(200);
    expect((await phone.challenge(service.url)).length).toBeGreaterThan(40);

    fault(false);
    await expect
      .poll(async () => (await phone.attest(service.url)).status, { timeout: 15_000, interval: 200 })
      .toBe(200);
    expect(await eventsOf(phone.instanceId)).toBeGreaterThanOrEqual(2);
    await expect.poll(() => service.readiness().isReady, { timeout: 15_000 }).toBe(true);
  });
});
