import { randomUUID } from 'node:crypto';
import { expect, test } from '../support/fixtures';
import { loadPhones, type Product } from '../support/product';

/** What every worker answers for a token: asks on new connections until each has been heard `times` times. */
async function statusesOnEveryWorker(product: Product, token: string): Promise<Record<string, number[]>> {
  const { TEST_APP } = await loadPhones();
  const heard: Record<string, number[]> = {};
  for (let attempt = 0; attempt < 40; attempt++) {
    const answer = await fetch(`${product.serviceUrl}/v1/authorize?api=${TEST_APP.apiId}`, {
      headers: { 'Attestation-Token': token, Connection: 'close' },
    });
    const node = answer.headers.get('x-countersign-node') ?? 'unknown';
    heard[node] = [...(heard[node] ?? []), answer.status];
    if (Object.values(heard).length >= 2 && Object.values(heard).every(({ length }) => length >= 3)) break;
  }
  expect(Object.keys(heard)).toHaveLength(2);
  return heard;
}

const all = (status: number, heard: Record<string, number[]>) =>
  expect(new Set(Object.values(heard).flat())).toEqual(new Set([status]));

test.describe.configure({ timeout: 150_000 });

test('the whole loop: a device attests, appears live, is blocked, is refused on every worker, and is let in again', async ({
  newPhone,
  pageAs,
  product,
}) => {
  // Names of its own, so that it can run again on the same product.
  const run = randomUUID().slice(0, 8);
  const reasons = {
    block: `Frida on a production build, ${run}`,
    unblock: `The tester gave the phone back, ${run}`,
  };
  const model = `iPhone-${run}`;
  const page = await pageAs('responder');
  await page.goto('/attestations');
  await expect(page.getByRole('button', { name: /Live/ })).toBeVisible();

  const phone = await newPhone('ios');
  expect((await phone.enrol(product.serviceUrl)).body.status).toBe('trusted');
  const { body } = await phone.attest(product.serviceUrl, { model });
  const token = body.token ?? '';

  // Live: no reload, no click.
  const row = page.getByRole('row').filter({ hasText: model });
  await expect(row).toBeVisible({ timeout: 5_000 });
  all(200, await statusesOnEveryWorker(product, token));

  // The analyst explains it, goes on to the device, and blocks it.
  await row.click();
  await expect(page.getByText('counter', { exact: false }).first()).toBeVisible();
  await page.goto(`/devices/${phone.instanceId}`);
  await page.getByRole('button', { name: 'Block device' }).click();
  const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog'));
  await expect(dialog).toContainText('1 device');
  await dialog.getByLabel('Reason').fill(reasons.block);
  await dialog.getByRole('button', { name: 'Block 1 device' }).click();
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
  await expect(page.getByLabel('State').getByText('Blocked', { exact: true })).toBeVisible();
  all(403, await statusesOnEveryWorker(product, token));
  expect((await phone.attest(product.serviceUrl)).status).toBe(403);

  // Lifting it is tested as hard as laying it.
  await page.getByRole('button', { name: 'Unblock' }).first().click();
  await dialog.getByLabel('Reason').fill(reasons.unblock);
  await dialog.getByRole('button', { name: /^Unblock/ }).click();
  await expect(page.getByLabel('State').getByText('None', { exact: true })).toBeVisible();
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
  all(200, await statusesOnEveryWorker(product, token));
  expect((await phone.attest(product.serviceUrl)).body.status).toBe('trusted');

  // Both acts are in the audit log, with who and why.
  const admin = await pageAs('admin');
  await admin.goto('/audit');
  for (const reason of Object.values(reasons)) {
    const entry = admin.getByRole('row').filter({ hasText: reason });
    await expect(entry).toContainText(product.staff.responder.name);
  }
});
