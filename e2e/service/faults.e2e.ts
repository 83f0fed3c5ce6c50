import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '../support/fixtures';
import { withDatabase, workerPids } from '../support/inside';
import type { Phone } from '../support/phones';
import { loadPhones } from '../support/product';

const LOAD_MS = 6_000;

/** Attests until the time is up; a call that the killed worker took with it counts for nothing. */
async function attestUntil(phone: Phone, url: string, until: number, acknowledged: string[]): Promise<void> {
  while (Date.now() < until) {
    const answer = await phone.attest(url).catch(() => undefined);
    if (answer?.status !== 200 || answer.body.token === undefined) continue;
    const claims = answer.body.token.split('.')[1] ?? '';
    acknowledged.push((JSON.parse(Buffer.from(claims, 'base64url').toString()) as { jti: string }).jti);
  }
}

test('kill -9 of a worker under load loses no acknowledged event, and the worker comes back', async ({
  newPhone,
  product,
}) => {
  const phones = await Promise.all(Array.from({ length: 8 }, () => newPhone('android')));
  for (const phone of phones) expect((await phone.enrol(product.serviceUrl)).status).toBe(201);
  const before = await workerPids(product);
  expect(before).toHaveLength(2);

  const acknowledged: string[] = [];
  const until = Date.now() + LOAD_MS;
  const load = phones.map((phone) => attestUntil(phone, product.serviceUrl, until, acknowledged));
  await sleep(LOAD_MS / 3);
  process.kill(before[0] ?? 0, 'SIGKILL');
  const atTheKill = acknowledged.length;
  await Promise.all(load);

  expect(atTheKill).toBeGreaterThan(50);
  expect(acknowledged.length).toBeGreaterThan(atTheKill);
  const stored = await withDatabase(product, async (sql) => {
    const rows = await sql<{ id: string }[]>`
      select detail->>'tokenId' as id from attestation_events where detail->>'tokenId' = any(${acknowledged})`;
    return new Set(rows.map(({ id }) => id));
  });
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);

  const { TEST_APP } = await loadPhones();
  const nodes = new Set<string | null>();
  await expect(async () => {
    const answer = await fetch(`${product.serviceUrl}/v1/authorize?api=${TEST_APP.apiId}`, {
      headers: { Connection: 'close' },
    });
    nodes.add(answer.headers.get('x-countersign-node'));
    expect(nodes.size).toBe(2);
    expect((await workerPids(product)).filter((pid) => before.includes(pid))).toHaveLength(1);
  }).toPass({ timeout: 15_000, intervals: [20] });
});
