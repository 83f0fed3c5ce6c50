import { generateKeyPairSync } from 'node:crypto';
import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/fixtures';
import { loadPhones } from '../support/product';

test('an administrator sees what verification rests on, sets how old the list may be, and gives a team’s key', async ({
  pageAs,
}) => {
  const { TEST_APP } = await loadPhones();
  const page = await pageAs('admin');
  await page.goto('/settings/evidence-sources');
  const anchors = page.getByRole('table', { name: 'Trust anchors' });
  await expect(anchors.getByRole('row').filter({ hasText: 'google-rsa4096' })).toContainText('years left');
  await expect(anchors).toContainText('countersign-test-ca');
  await expectAccessible(page, 'the evidence sources');

  const list = page.getByRole('region', { name: 'Revoked Android keys' });
  await list.getByRole('button', { name: 'Set its age' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByLabel('Too old after').selectOption('24');
  await dialog.getByLabel('Reason').fill('A stricter rule');
  await dialog.getByRole('button', { name: 'Set the age' }).click();
  await expect(list).toContainText('1 day; concerns');

  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const row = page
    .getByRole('table', { name: 'App Attest receipts' })
    .getByRole('row')
    .filter({ hasText: TEST_APP.teamId })
    .first();
  await row.getByRole('button', { name: 'Set a key' }).click();
  await dialog.getByLabel('Key id').fill('KEY1234567');
  await dialog.getByLabel('Private key').fill('no key');
  await dialog.getByLabel('Reason').fill('Receipts of the pilot');
  await dialog.getByRole('button', { name: 'Set the key' }).click();
  await expect(dialog).toContainText('is not the P-256 key');
  await dialog.getByLabel('Private key').fill(privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
  await dialog.getByRole('button', { name: 'Set the key' }).click();
  await expect(row).toContainText('KEY1234567');
  await row.getByRole('button', { name: 'Remove' }).click();
  await dialog.getByLabel('Reason').fill('The pilot is over');
  await dialog.getByRole('button', { name: 'Remove the key' }).click();
  await expect(row).toContainText('none');
});
