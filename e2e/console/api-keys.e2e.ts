import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/fixtures';
import { withDatabase } from '../support/inside';
import { loadPhones, type Product } from '../support/product';
import { stepUp } from '../support/step-up';

test.describe.configure({ timeout: 150_000 });

/** What a gateway is told about a request with this token and API key: `allowed`, or the code of the refusal. */
async function ask(product: Product, api: string, token: string, apiKey: string): Promise<string> {
  const answer = await fetch(`${product.serviceUrl}/v1/authorize?api=${api}`, {
    headers: { 'Attestation-Token': token, 'X-Api-Key': apiKey, Connection: 'close' },
  });
  return answer.status === 200 ? 'allowed' : (answer.headers.get('x-attestation-code') ?? '');
}

/** Answers to a dozen requests on new connections, so that every worker is heard. */
async function askAll(product: Product, api: string, token: string, apiKey: string): Promise<string[]> {
  const answers = await Promise.all(Array.from({ length: 12 }, () => ask(product, api, token, apiKey)));
  return [...new Set(answers)];
}

/** Confirms the dialog that is open, with a reason. */
async function confirm(page: Page, button: string): Promise<void> {
  const dialog = page.getByRole('alertdialog');
  await dialog.getByLabel('Reason').fill('for this test');
  await dialog.getByRole('button', { name: button }).click();
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
}

const SOON_SECONDS = 6;

/** Has the grace of a retiring version end soon, of which every node is told; gives when, in milliseconds. */
async function endGraceSoon(product: Product, name: string, version: number): Promise<number> {
  return await withDatabase(product, (sql) =>
    sql.begin(async (tx) => {
      const [row] = await tx<{ at: number }[]>`
        update api_key_versions set retires_at = date_trunc('milliseconds', now()) + make_interval(secs => ${SOON_SECONDS})
        where version = ${version} and key_id = (select id from api_keys where name = ${name})
        returning (extract(epoch from retires_at) * 1000)::float8 as at`;
      await tx`
        with next as (update change_feed set seq = seq + 1 where id = 1 returning seq, epoch)
        insert into change_log (seq, epoch, topic, payload, committed_at)
        select next.seq, next.epoch, last.topic, last.payload, clock_timestamp() from next, (
          select topic, payload from change_log where topic = 'api_key' and payload ->> 'name' = ${name}
          order by seq desc limit 1) as last`;
      return row?.at ?? Number.NaN;
    }),
  );
}

test('an API key is delivered to an attested device, rotated with a grace that ends exactly, and revoked at once', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const { TEST_APP } = await loadPhones();
  const run = randomUUID().slice(0, 8);
  const [name, api] = [`payments-${run}`, `payments-api-${run}`];
  const page = await pageAs('admin', { newSession: true });
  await page.goto('/api-keys');
  const headers = { origin: product.consoleUrl };
  for (const id of [api, `second-${api}`]) {
    const registered = await page.request.post('/api/console/apis', {
      headers,
      data: { id, name: id, appIds: [TEST_APP.id], mode: 'enforce' },
    });
    expect(registered.status()).toBe(201);
  }
  await page.reload();

  await page.getByRole('button', { name: 'Add an API key' }).first().click();
  const form = page.getByRole('dialog');
  await form.getByLabel('App').selectOption(TEST_APP.id);
  await form.getByLabel('Id').fill(name);
  await form.getByLabel(api).first().check();
  await expectAccessible(page, 'the form of a new API key');
  await form.getByRole('button', { name: 'Add the key' }).click();
  await expect(page.getByRole('heading', { name })).toBeVisible();
  await expect(page.getByText('No device holds this key yet')).toBeVisible();
  await page.getByRole('button', { name: 'Require it' }).click();
  await confirm(page, 'Require the key');

  // An edit that somebody else's overtook shows both, and is saved on top of it.
  await page.getByRole('button', { name: 'Edit' }).click();
  await form.getByLabel(`second-${api}`).check();
  await form.getByLabel('Reason').fill('a second gateway');
  const id = new URL(page.url()).pathname.split('/').at(-1);
  const theirs = { basedOn: 1, apiIds: [`second-${api}`], reason: 'a colleague' };
  expect((await page.request.put(`/api/console/api-keys/${id}`, { headers, data: theirs })).status()).toBe(
    200,
  );
  // The live stream tells the open form, before anything is sent.
  await expect(form).toContainText('Somebody else has saved this key');
  await expect(form.getByText(`second-${api}`, { exact: true }).first()).toBeVisible();
  await expectAccessible(page, 'an edit that was overtaken');
  await form.getByRole('button', { name: 'Go on with mine' }).click();
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toHaveCount(0);
  await expect(page.getByText(`${api}, second-${api} refuses the app’s requests`)).toBeVisible();

  // A device is given it with its attestation, and its requests pass with it alone.
  const phone = await newPhone('ios');
  const enrolled = await phone.enrol(product.serviceUrl);
  const first = enrolled.body.apiKeys?.find(({ id }) => id === name);
  const token = enrolled.body.token ?? '';
  expect(first?.version).toBe(1);
  expect(await askAll(product, api, token, first?.value ?? '')).toEqual(['allowed']);
  await expect.poll(() => askAll(product, api, token, '')).toEqual(['api_key_missing']);
  await page.reload();
  await expect(page.getByText('1 device holds it, all of them the active version')).toBeVisible();

  // Rotated with a grace: both pass, until its end. Nobody waits for 15 minutes here.
  await page.getByRole('button', { name: 'Rotate', exact: true }).click();
  await page.getByLabel('Grace').selectOption({ label: '15 minutes' });
  await expectAccessible(page, 'the question before a rotation');
  await confirm(page, 'Rotate the key');
  await sleep(3_100);
  const attested = await phone.attest(product.serviceUrl, { apiKeys: { [name]: 1 } });
  const second = attested.body.apiKeys?.find(({ id }) => id === name);
  expect(second?.version).toBe(2);
  for (const value of [first?.value, second?.value]) {
    expect(await askAll(product, api, token, value ?? '')).toEqual(['allowed']);
  }
  await expect(page.getByText('Not yet: used within 24 hours.')).toBeVisible();
  await expectAccessible(page, 'the page of an API key');

  // An emergency: the active version is refused at once, and the device fetches its successor.
  await page.getByRole('row').filter({ hasText: 'v2' }).getByRole('button', { name: 'Revoke now' }).click();
  await expect(page.getByRole('alertdialog')).toContainText('device holds version 2');
  await page.getByRole('alertdialog').getByLabel('Reason').fill('for this test');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke now' }).click();
  await stepUp(page, product, 'admin');
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
  await expect.poll(() => askAll(product, api, token, second?.value ?? '')).toEqual(['api_key_revoked']);
  await sleep(3_100);
  const again = await phone.attest(product.serviceUrl, { apiKeys: { [name]: 2 } });
  const third = again.body.apiKeys?.find(({ id }) => id === name);
  expect(third?.version).toBe(3);
  expect(await askAll(product, api, again.body.token ?? '', third?.value ?? '')).toEqual(['allowed']);
  await expect(page.getByText('1 device holds it, all of them the active version')).toBeVisible();

  // Retired while in use: only where that is said.
  await page.getByRole('row').filter({ hasText: 'v1' }).getByRole('button', { name: 'Retire' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByLabel('Reason').fill('too early');
  await dialog.getByRole('button', { name: 'Retire it' }).click();
  await expect(dialog).toContainText('still in use');
  await dialog.getByLabel(/although it is in use/).check();
  await dialog.getByRole('button', { name: 'Retire it' }).click();
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
  await expect.poll(() => askAll(product, api, token, first?.value ?? '')).toEqual(['api_key_revoked']);

  // Its grace lets the third version pass until its very end, and no longer: the end is brought nearer, for the test.
  const rotation = { fromVersion: 3, graceSeconds: 900, reason: 'for this test' };
  const rotated = await page.request.post(`/api/console/api-keys/${id}/rotate`, { headers, data: rotation });
  expect(rotated.ok()).toBe(true);
  const endsAt = await endGraceSoon(product, name, 3);
  const thirdToken = again.body.token ?? '';
  expect(await ask(product, api, thirdToken, third?.value ?? '')).toBe('allowed');
  await expect
    .poll(async () => {
      const answers = await askAll(product, api, thirdToken, third?.value ?? '');
      if (answers.includes('api_key_revoked')) expect(Date.now()).toBeGreaterThanOrEqual(endsAt);
      return answers;
    })
    .toEqual(['api_key_revoked']);

  // No value stands in the page or in what the database tells the console.
  const values = [first, second, third].map((key) => key?.value ?? '');
  const shown = await page.content();
  await withDatabase(product, async (sql) => {
    const [row] = await sql<{ text: string }[]>`
      select coalesce(string_agg(t, ' '), '') as text from (
        select payload::text as t from change_log union all select detail::text from audit_log) as rows`;
    for (const value of values) {
      expect(value).not.toBe('');
      expect(shown).not.toContain(value);
      expect(row?.text).not.toContain(value);
    }
  });
});

test('an analyst sees API keys and can do nothing to them', async ({ pageAs }) => {
  const page = await pageAs('analyst');
  await page.goto('/api-keys');
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add an API key' })).toHaveCount(0);
  await expectAccessible(page, 'the list of API keys');
});
