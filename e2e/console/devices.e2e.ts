import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/fixtures';
import type { Phone } from '../support/phones';
import type { Product } from '../support/product';

const rowsOf = (page: Page) => page.locator('[data-row-index]');

/** Enrols a phone under a model of this run alone. */
async function enrol(phone: Phone, product: Product): Promise<string> {
  const model = `Phone-${randomUUID().slice(0, 8)}`;
  expect((await phone.enrol(product.serviceUrl)).body.status).toBe('trusted');
  await phone.attest(product.serviceUrl, { model });
  return model;
}

test('a device is found by its model, its id and its reference, and the facets count it', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const phone = await newPhone('android');
  const model = await enrol(phone, product);
  const page = await pageAs('analyst');
  await page.goto('/devices');
  const search = page.getByRole('textbox', { name: 'Search devices' });
  await expect(page.getByRole('group', { name: 'Platform' }).getByRole('checkbox').first()).toBeVisible();
  await page.keyboard.press('/');
  await expect(search).toBeFocused();
  const row = page.getByRole('row').filter({ hasText: model });
  for (const text of [model, phone.instanceId]) {
    await search.fill(text);
    await expect(page).toHaveURL(new RegExp(`q=${text}`));
    await expect(row).toBeVisible();
    await expect(rowsOf(page)).toHaveCount(1);
  }
  await expect(page.getByRole('checkbox', { name: 'Android' })).toBeVisible();
  await expect(page.getByRole('checkbox', { name: 'iOS' })).toHaveCount(0);

  const events = await page.request.get(`/api/console/attestations?q=${phone.instanceId}`);
  const { rows } = (await events.json()) as { rows: { reference: string }[] };
  const reference = rows[0]?.reference ?? 'none';
  await search.fill(reference);
  await expect(page).toHaveURL(new RegExp(`q=${reference}`));
  await expect(row).toBeVisible();

  await row.click();
  await expect(page).toHaveURL(new RegExp(`/devices/${phone.instanceId}`));
  await expect(page.getByRole('region', { name: 'Timeline' })).toContainText('Enrolled');
  await expect(page.getByRole('region', { name: 'Trust vector' })).toBeVisible();
});

test('versions and countries narrow the list, and come off again', async ({ newPhone, pageAs, product }) => {
  await enrol(await newPhone('android'), product);
  const page = await pageAs('analyst');
  await page.goto('/devices');
  for (const [facet, name] of [
    ['App version', 'appVersion'],
    ['OS version', 'osVersion'],
    ['Country', 'country'],
  ] as const) {
    await page.getByRole('group', { name: facet }).getByRole('checkbox').first().check();
    await expect(page).toHaveURL(new RegExp(`[?&]${name}=`));
    await expect(page.getByLabel('Filters that are on')).toContainText(facet);
  }
  await page.reload();
  await expect(page.getByLabel('Filters that are on')).toContainText('OS version');
  // The page is read before its script runs: a click may come too early.
  await expect(async () => {
    await page.getByRole('button', { name: 'Clear all' }).click({ timeout: 1_000 });
    await expect(page).not.toHaveURL(/Version=/, { timeout: 1_000 });
  }).toPass({ timeout: 15_000 });
});

test('erasing a device asks what for, waits for the server, and leads back to the list', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const phone = await newPhone('ios');
  await enrol(phone, product);
  const reason = `Its owner asked for it, ${randomUUID().slice(0, 8)}`;
  const page = await pageAs('admin');
  await page.goto(`/devices/${phone.instanceId}`);
  const open = page.getByRole('button', { name: 'Erase device' });
  await open.click();
  const dialog = page.getByRole('alertdialog');
  await expect(dialog.getByRole('region', { name: 'Goes' })).toContainText('attestations');
  await expect(dialog.getByRole('region', { name: 'Stays' })).toContainText('blocks');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(open).toBeFocused();

  await open.click();
  await dialog.getByRole('button', { name: 'Erase 1 device' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Say why');
  await dialog.getByLabel('Reason').fill(reason);
  // Nothing is shown as done while the server has not said so.
  let letThrough = () => {};
  const held = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  await page.route(`**/api/console/devices/${phone.instanceId}`, async (route) => {
    if (route.request().method() === 'DELETE') await held;
    await route.continue();
  });
  await dialog.getByRole('button', { name: 'Erase 1 device' }).click();
  await expect(dialog.getByRole('button', { name: 'Erasing…' })).toBeDisabled();
  letThrough();
  await expect(page).toHaveURL(/\/devices(\?|$)/);
  await expect(page.getByText(/2 attestations and 0 refused requests were erased/)).toBeVisible();

  expect((await page.request.get(`/api/console/devices/${phone.instanceId}`)).status()).toBe(404);
  await page.goto('/audit');
  await expect(page.getByRole('row').filter({ hasText: reason })).toContainText(product.staff.admin.name);
});

test('a device is put on the allowlist, and has to enrol anew, from its own page, each with its proof', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const phone = await newPhone('android');
  const { instanceId = '' } = (await phone.enrol(product.serviceUrl)).body;
  const page = await pageAs('responder');
  await page.goto(`/devices/${instanceId}`);
  await page.getByRole('button', { name: 'Allow' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Who answers for it').fill('QA lab');
  await form.getByLabel('Reason').fill('A test phone');
  await form.getByRole('button', { name: 'See what it hits' }).click();
  await form.getByRole('button', { name: 'Allow 1 device' }).click();
  await expect(page.getByText('QA lab answers for it')).toBeVisible();
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();

  await page.getByRole('button', { name: 'Re-enrol' }).click();
  const ask = page.getByRole('alertdialog');
  await ask.getByLabel('Reason').fill('Its key may be copied');
  await ask.getByRole('button', { name: 'Have 1 device enrol anew' }).click();
  await expect(page.getByText('has to enrol anew')).toBeVisible();
  await expect(page.getByText('tokens cut off, to enrol anew')).toBeVisible();
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
  await expectAccessible(page, 'a device that has to enrol anew');
  expect((await phone.attest(product.serviceUrl)).status).toBe(404);
  expect((await (await newPhone('android')).enrol(product.serviceUrl)).status).toBe(201);
});

test('whoever may not erase is not asked to', async ({ newPhone, pageAs, product }) => {
  const phone = await newPhone('ios');
  await enrol(phone, product);
  const page = await pageAs('responder');
  await page.goto(`/devices/${phone.instanceId}`);
  await expect(page.getByRole('button', { name: 'Block device' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Erase device' })).toHaveCount(0);
});

for (const colorScheme of ['dark', 'light'] as const) {
  test(`no accessibility finding is serious on the other pages, ${colorScheme}`, async ({
    browser,
    newPhone,
    pageAs,
    product,
  }) => {
    test.setTimeout(150_000);
    const phone = await newPhone('android');
    await enrol(phone, product);
    const page = await pageAs('admin', { colorScheme });
    const seen = async (address: string, what: string, there: RegExp) => {
      await page.goto(address);
      await expect(page.getByRole('heading', { level: 1, name: there })).toBeVisible();
      await expect(page.locator('main [role="status"]:has(.sr-only)')).toHaveCount(0);
      await expectAccessible(page, what);
    };
    await seen('/devices', 'Devices', /Devices/);
    await seen(`/devices/${phone.instanceId}`, 'one device', /Phone-/);
    await page.getByRole('button', { name: 'Erase device' }).click();
    await expect(page.getByRole('alertdialog')).toBeVisible();
    await expectAccessible(page, 'the dialog that erases');
    await page.keyboard.press('Escape');
    await seen('/apps', 'Apps', /Apps/);
    await seen('/apps/retail-bank', 'one app', /Retail Bank/);
    await seen('/audit', 'Audit', /Audit/);

    const stranger = await browser.newContext({ baseURL: product.consoleUrl, colorScheme });
    const signIn = await stranger.newPage();
    await signIn.goto('/sign-in');
    await expect(signIn.getByRole('button', { name: /Sign in/ })).toBeVisible();
    await expectAccessible(signIn, 'sign-in');
    await stranger.close();
  });
}
