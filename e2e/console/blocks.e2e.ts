import { randomUUID } from 'node:crypto';
import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/fixtures';
import { withDatabase } from '../support/inside';
import type { Product } from '../support/product';

const authorize = async (product: Product, token: string | undefined) =>
  (
    await fetch(`${product.serviceUrl}/v1/authorize?api=retail-api`, {
      headers: { 'attestation-token': token ?? '' },
    })
  ).headers.get('x-attestation-code');

test('an OS version is blocked after its reach was shown, and lifted, each with its proof', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const osVersion = `99.${randomUUID().slice(0, 4)}`;
  const phone = await newPhone('android');
  await phone.enrol(product.serviceUrl, { osVersion });
  await phone.attest(product.serviceUrl, { osVersion });
  const page = await pageAs('responder');
  await page.goto('/blocks');
  await page.getByRole('button', { name: 'Decide' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Scope').selectOption({ label: 'OS version' });
  await dialog.getByLabel('OS version').fill('android');
  await dialog.getByLabel('Reason').fill('A build that was tampered with');
  await dialog.getByRole('button', { name: 'See what it hits' }).click();
  await expect(dialog.getByText('is a platform and a version')).toBeVisible();
  await dialog.getByLabel('OS version').fill(`android ${osVersion}`);
  await dialog.getByRole('button', { name: 'See what it hits' }).click();
  await expect(dialog.getByRole('status')).toContainText('1device with 2 attestations');
  await expectAccessible(page, 'the dialog of a decision');
  await dialog.getByRole('button', { name: 'Block 1 device' }).click();
  await expect(page.getByText(/enforced/i).first()).toBeVisible();
  expect((await phone.attest(product.serviceUrl, { osVersion })).status).toBe(403);

  const found = page.waitForResponse((response) => response.url().includes(`q=android+${osVersion}`));
  await page.getByRole('textbox', { name: 'Search blocks' }).fill(`android ${osVersion}`);
  await found;
  const row = page.getByRole('row').filter({ hasText: osVersion });
  await expect(row).toContainText('A build that was tampered with');
  // What is being searched for anew is dimmed.
  await expect(page.getByRole('region', { name: 'Blocks' })).toHaveCSS('opacity', '1');
  await expectAccessible(page, 'the list of blocks');
  await row.getByRole('button', { name: /^End/ }).click();
  const ending = page.getByRole('alertdialog');
  await ending.getByLabel('Reason').fill('It was fixed');
  await ending.getByRole('button', { name: 'Lift the block' }).click();
  await expect(row).toHaveCount(0);
  await expect.poll(async () => (await phone.attest(product.serviceUrl, { osVersion })).status).toBe(200);
});

test('the devices of a query are blocked together after they were counted, and the act is undone', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const model = `Farm-${randomUUID().slice(0, 8)}`;
  const phones = await Promise.all([newPhone('android'), newPhone('ios'), newPhone('android')]);
  const tokens: (string | undefined)[] = [];
  for (const phone of phones) tokens.push((await phone.enrol(product.serviceUrl, { model })).body.token);
  const page = await pageAs('responder');
  await page.goto(`/devices?q=${model}`);
  await page.getByRole('button', { name: 'Block the devices of this query' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByLabel('Reason').fill('A farm of devices');
  await dialog.getByRole('button', { name: 'Block 3 devices' }).click();
  await expect(page).toHaveURL(/\/blocks\?batch=/);
  await expect(page.getByText('3 of 3 targets blocked')).toBeVisible();
  for (const token of tokens) {
    await expect.poll(() => authorize(product, token)).toBe('device_blocked');
  }
  await page.getByRole('button', { name: 'Undo it' }).click();
  const undo = page.getByRole('alertdialog');
  await undo.getByLabel('Reason').fill('The wrong query');
  await undo.getByRole('button', { name: 'Undo it' }).click();
  await expect(page.getByText('It was undone: 3 blocks lifted.')).toBeVisible();
  for (const token of tokens) await expect.poll(() => authorize(product, token)).toBeNull();

  // An act whose tab was closed before its first step is found on the page, and gone on with.
  const begun = await page.request.post('/api/console/blocks/bulk', {
    headers: { origin: product.consoleUrl },
    data: { query: { source: 'devices', q: model }, reason: 'the same farm', durationSeconds: 3_600 },
  });
  const { id } = (await begun.json()) as { id: string };
  await withDatabase(
    product,
    (sql) => sql`update block_batches set created_at = now() - interval '1 minute' where id = ${id}`,
  );
  await page.goto('/blocks');
  await expect(page.getByText('left half way')).toBeVisible();
  await expect(page.getByText('0 of 3 targets dealt with')).toBeVisible();
  await expectAccessible(page, 'an act that was left half way');
  await page.getByRole('button', { name: 'Go on with it' }).click();
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
  await expect(page.getByText('left half way')).toHaveCount(0);
  for (const token of tokens) await expect.poll(() => authorize(product, token)).toBe('device_blocked');
});

test('a list that has one wrong line is refused as a whole, and a right one is taken', async ({ pageAs }) => {
  const page = await pageAs('responder');
  const asn = 4_200_000_000 + Math.floor(Math.random() * 90_000_000);
  const load = async (csv: string) => {
    const dialog = page.getByRole('dialog');
    await dialog
      .getByLabel('File')
      .setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await dialog.getByLabel('Reason').fill('A feed of ours');
    await dialog.getByRole('button', { name: /in force$/ }).click();
    return dialog;
  };
  await page.goto('/blocks');
  await page.getByRole('button', { name: 'Import' }).click();
  const dialog = await load(`scope,target\nasn,${asn}\ncountry,ZZ\n`);
  await expect(dialog.getByText('Line 3: is no country')).toBeVisible();
  await load(`scope,target,effect\nasn,${asn},simulate\n`);
  await expect(page.getByRole('row').filter({ hasText: `AS${asn}` })).toContainText('Simulation');
  await page.getByRole('button', { name: 'Undo it' }).click();
  await page.getByRole('alertdialog').getByLabel('Reason').fill('The test is over');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Undo it' }).click();
  await expect(page.getByText('It was undone')).toBeVisible();
});

test('a rule is made after whom it would hit was shown, blocks who is refused, has all of it lifted, and is deleted', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const name = `Tampered ${randomUUID().slice(0, 4)}`;
  const phone = await newPhone('android');
  await phone.enrol(product.serviceUrl);
  for (let time = 0; time < 3; time++) {
    expect((await phone.attest(product.serviceUrl, { signals: { app_integrity: true } })).status).toBe(403);
  }
  const page = await pageAs('responder');
  await page.goto('/blocks');
  const card = page.getByRole('region', { name: 'Rules' });
  await card.getByRole('button', { name: 'New rule' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Refusals').fill('3');
  await dialog.getByLabel('App', { exact: true }).selectOption({ label: 'Retail Bank' });
  await dialog.getByLabel('App repackaged or re-signed').check();
  await dialog.getByLabel('Kind').selectOption({ label: 'Block' });
  await dialog.getByLabel('At most, % of devices seen').fill('100');
  await dialog.getByLabel('Reason').fill('Repackaged apps');
  await dialog.getByRole('button', { name: 'See whom it hits' }).click();
  await expect(dialog.getByText(/It would have blocked 1 device in the last 24 h/)).toBeVisible();
  await expectAccessible(page, 'the dialog of a rule');
  await dialog.getByRole('button', { name: 'Put the rule in force' }).click();
  const rule = card.getByRole('listitem').filter({ hasText: name });
  await expect(rule).toContainText(
    'Refused 3 times within 10 minutes: block the device for 1 hour, longer each time',
  );
  await expect(rule).toContainText('1 block in 24 h', { timeout: 45_000 });
  await expect.poll(async () => (await phone.attest(product.serviceUrl)).status).toBe(403);
  const decision = page.getByRole('row').filter({ hasText: `Rule “${name}”` });
  await expect(decision.first()).toContainText('refused 3 times within 10 minutes');
  await rule.getByRole('button', { name: /^Lift all/ }).click();
  const ask = page.getByRole('alertdialog');
  await expect(ask.getByText('block of it in force')).toBeVisible();
  await expect(ask.getByLabel('Pause the rule first')).toBeChecked();
  await ask.getByLabel('Reason').fill('A bad release');
  await ask.getByRole('button', { name: 'Lift 1 block' }).click();
  await expect(rule).toContainText('none in force');
  await expect(rule).toContainText('paused');
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
  expect((await phone.attest(product.serviceUrl)).status).toBe(200);
  await rule.getByRole('button', { name: /^Delete/ }).click();
  await ask.getByLabel('Reason').fill('The test is over');
  await ask.getByRole('button', { name: 'Delete the rule' }).click();
  await expect(rule).toHaveCount(0);
});

test('an analyst sees the list and is offered nothing to decide', async ({ pageAs }) => {
  const page = await pageAs('analyst');
  await page.goto('/blocks');
  await expect(page.getByRole('heading', { name: 'Blocks', level: 1 })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Decide' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Import' })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Rules' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'New rule' })).toHaveCount(0);
  await page.goto('/devices');
  await expect(page.getByRole('button', { name: 'Block the devices of this query' })).toHaveCount(0);
});
