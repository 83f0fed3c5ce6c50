import { expect, test } from '../support/fixtures';
import { loadPhones } from '../support/product';

test('a phone enrols, attests, and its token opens the API on every worker', async ({
  newPhone,
  product,
}) => {
  const { TEST_APP } = await loadPhones();
  const phone = await newPhone('android');
  expect((await phone.enrol(product.serviceUrl)).body.status).toBe('trusted');
  const { body } = await phone.attest(product.serviceUrl);
  const nodes = new Set<string | null>();
  await expect(async () => {
    const answer = await fetch(`${product.serviceUrl}/v1/authorize?api=${TEST_APP.apiId}`, {
      headers: { 'Attestation-Token': body.token ?? '', Connection: 'close' },
    });
    expect(answer.status).toBe(200);
    nodes.add(answer.headers.get('x-countersign-node'));
    expect(nodes.size).toBe(2);
  }).toPass({ timeout: 15_000, intervals: [10] });
});

test('metrics and health answer, and readiness says that it can commit', async ({ product }) => {
  expect((await fetch(`${product.serviceUrl}/healthz`)).status).toBe(200);
  expect((await fetch(`${product.serviceUrl}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${product.opsUrl}/metrics`)).text()).toContain('countersign_requests_total');
});
