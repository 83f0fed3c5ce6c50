import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/fixtures';
import { withDatabase } from '../support/inside';
import { startPinningFleet, versionOf } from '../support/pinning-fleet';
import { loadPhones, type Product } from '../support/product';

test.describe.configure({ timeout: 150_000 });

test('a pin is rotated from the first probe to its retirement, and no honest device is cut off', async ({
  newPhone,
  pageAs,
  product,
}) => {
  // Devices of other tests never come back; those that were not seen for a week are not waited for.
  await withDatabase(
    product,
    (sql) => sql`
    update device_instances set last_seen_at = now() - interval '8 days', listed_at = now() - interval '8 days'`,
  );
  const { createTlsCa, startTlsServer } = await loadPhones();
  const ca = createTlsCa(Date.now());
  const [first, spare, next] = [1, 2, 3].map(() => ca.issue({ host: 'localhost' }));
  if (first === undefined || spare === undefined || next === undefined)
    throw new Error('There is no certificate.');
  const server = await startTlsServer(first);
  const page = await pageAs('responder');

  // The origin is registered, and the probe reads its chain.
  await page.goto('/certificates');
  await page.getByRole('button', { name: 'Protect an origin' }).first().click();
  await page.getByLabel('Host').fill('localhost');
  await page.getByLabel('Port').fill(String(server.port));
  await page.getByRole('button', { name: 'Protect origin', exact: true }).click();
  await expect(page.getByRole('heading', { name: /localhost/ })).toBeVisible();
  const chain = page.getByRole('region', { name: 'Presented chain' });
  await expect(chain.getByText(first.pin)).toBeVisible();
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();

  const fleet = await startPinningFleet(
    await Promise.all(Array.from({ length: 6 }, (_, index) => newPhone(index % 2 === 0 ? 'ios' : 'android'))),
    product.serviceUrl,
    { host: 'localhost', port: server.port },
  );
  try {
    // One pin alone would leave no way back, and is refused; a private key is too.
    await page.getByRole('button', { name: 'Set pins' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: /^Add the presented key of localhost/ }).click();
    await dialog.getByLabel('Reason').fill('first pins');
    await dialog.getByRole('button', { name: 'Publish 1 pin' }).click();
    await expect(dialog.getByRole('alert')).toContainText('There is no backup');
    await dialog.getByLabel('Add a key').fill(spare.keyPem);
    await dialog.getByRole('button', { name: 'Read the pin' }).click();
    await expect(dialog.getByText('must never leave its server')).toBeVisible();
    await expect(dialog.getByLabel('Add a key')).toHaveValue('');
    await expectNotLogged(product, spare.keyPem);
    await dialog
      .getByLabel('Add a key')
      .fill(`${spare.chainPem.split('-----END CERTIFICATE-----')[0]}-----END CERTIFICATE-----`);
    await dialog.getByRole('button', { name: 'Read the pin' }).click();
    await expectAccessible(page, 'the pins dialog');
    await dialog.getByRole('button', { name: 'Publish 2 pins' }).click();
    await expect(dialog).toBeHidden();
    await expect(
      page.getByRole('region', { name: 'Pins', exact: true }).getByText('presented'),
    ).toBeVisible();
    await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
    await expectAccessible(page, 'a protected origin');

    // A phone in one network is shown a stranger's certificate, and says so.
    const victim = await newPhone('android');
    const { token } = (await victim.enrol(product.serviceUrl)).body;
    const interceptor = createTlsCa(Date.now()).issue({ host: 'localhost' });
    const report = await fetch(`${product.serviceUrl}/v1/pin-failures`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Attestation-Token': token ?? '',
        'X-Forwarded-For': '198.51.100.7',
      },
      body: JSON.stringify({ host: 'localhost', chain: [interceptor.der.toString('base64url')] }),
    });
    expect(await report.json()).toEqual({ kind: 'mismatch' });
    const failures = page.getByRole('region', { name: 'Pin failures' });
    await expect(failures.getByText('Only this network presents the key')).toBeVisible({ timeout: 20_000 });
    await expect(failures.getByText('198.51.100.0/24')).toBeVisible();

    // The new pin joins the set.
    await page.getByRole('button', { name: 'Rotate a pin' }).click();
    await dialog.getByLabel('Import a key').fill(next.pin);
    await dialog.getByRole('button', { name: 'Read the pin' }).click();
    await expect(dialog.getByLabel('New pin', { exact: true })).toHaveValue(next.pin);
    await dialog.getByLabel('Safe to switch when').selectOption('every device');
    await dialog.getByLabel('Reason').fill('yearly rotation');
    await dialog.getByRole('button', { name: 'Start the rotation' }).click();
    await expect(dialog).toBeHidden();

    // The fleet fetches it; the phone that was intercepted has not come back yet, and would be cut off.
    const rotation = page.getByRole('region', { name: 'Rotation' });
    await expect(rotation.getByText('Not yet safe: 1 device would be cut off now.')).toBeVisible({
      timeout: 30_000,
    });
    await expect(rotation.getByRole('button', { name: 'Switch all the same' })).toBeVisible();
    const { config } = (await victim.attest(product.serviceUrl)).body;
    await victim.attest(product.serviceUrl, { configVersion: versionOf(config) });
    await expect(rotation.getByText('Safe now: nobody would be cut off.')).toBeVisible({ timeout: 30_000 });
    await rotation.getByRole('button', { name: 'Announce the switch' }).click();
    const confirm = page.getByRole('alertdialog');
    await expect(confirm).toContainText('would be cut off');
    await confirm.getByLabel('Reason').fill('every device holds it');
    await confirm.getByRole('button', { name: 'Announce the switch' }).click();
    await expect(rotation.getByText('Install the new key on the server.')).toBeVisible();

    // The server switches; the probe finds it out by itself.
    server.use(next);
    await expect(rotation.getByText('The server presents the new key, and the old one no more.')).toBeVisible(
      {
        timeout: 30_000,
      },
    );
    await rotation.getByRole('button', { name: 'Retire the old pin' }).click();
    await confirm.getByLabel('Reason').fill('the switch is confirmed');
    await confirm.getByRole('button', { name: 'Retire 1 pin' }).click();
    await expect(rotation.getByText('finished')).toBeVisible();
    const pins = page.getByRole('region', { name: 'Pins', exact: true });
    await expect(pins.getByText(first.pin)).toBeHidden();
    await expect(pins.getByText(next.pin)).toBeVisible();
    await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
    // The phones go on with what is left.
    const before = fleet.counts.accepted;
    await expect.poll(() => fleet.counts.accepted).toBeGreaterThan(before + 2 * fleet.size);
  } finally {
    await fleet.stop();
    await server.close();
  }
  expect(fleet.counts.refused).toBe(0);
  expect(fleet.counts.accepted).toBeGreaterThan(fleet.size * 10);

  await page.getByRole('button', { name: 'Forget' }).click();
  await page.getByRole('alertdialog').getByLabel('Reason').fill('the test is over');
  await page.getByRole('button', { name: 'Forget localhost' }).click();
  await expect(page.getByText('No origin is protected yet')).toBeVisible();

  const admin = await pageAs('admin');
  await admin.goto('/audit');
  await expect(admin.getByRole('row').filter({ hasText: 'yearly rotation' })).toContainText(
    product.staff.responder.name,
  );
});

/** No log of the product holds a line of this PEM. */
async function expectNotLogged(product: Product, pem: string): Promise<void> {
  const folder = path.join(product.dataDirectory, 'logs');
  const [, line = ''] = pem.split('\n');
  expect(line.length).toBeGreaterThan(40);
  const names = await readdir(folder);
  expect(names).toContain('console.log');
  for (const name of names) expect(await readFile(path.join(folder, name), 'utf8')).not.toContain(line);
}

test('an analyst sees the certificates, and is offered no act', async ({ pageAs }) => {
  const page = await pageAs('analyst');
  await page.goto('/certificates');
  await expect(page.getByRole('heading', { name: 'Certificates' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Protect an origin' })).toHaveCount(0);
  await expectAccessible(page, 'the certificates');
});
