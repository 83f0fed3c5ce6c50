import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/fixtures';

/** Made for this test; nothing was ever encrypted to them. */
const DECRYPTION_KEY = 'eCoFrICnLQiQbljHU/oUxMeg6QzDYsF2eXgANh1YpfU=';

test('an admin sets the keys of Play Integrity, which nobody is shown, and a wrong one is told', async ({
  pageAs,
}) => {
  const page = await pageAs('admin');
  await page.goto('/apps/retail-bank?tab=evidence');
  await page.getByRole('radio', { name: /^Classic/ }).check();
  await page.getByLabel('Decryption key').fill(DECRYPTION_KEY);
  await page.getByLabel('Verification key').fill('AAAA');
  await page.getByRole('button', { name: 'Save' }).first().click();
  await expect(page.getByText('is not a P-256 public key')).toBeVisible();
  await expect(page.getByLabel('Verification key')).toBeFocused();
  await expectAccessible(page, 'the evidence settings of an app');
  expect(await page.getByLabel('Decryption key').getAttribute('type')).toBe('password');
});
