import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/fixtures';

const execFileAsync = promisify(execFile);

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

test('raw evidence is archived once that is switched on, and exported as a case file', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const page = await pageAs('admin');
  await page.goto('/apps/retail-bank?tab=evidence');
  await page.getByLabel('Keep for (days)').fill('7');
  await page.getByLabel('Reason').fill('To replay verdicts');
  await page.getByRole('button', { name: 'Save' }).last().click();
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
  await expect(page.getByText('Kept for 7 days.')).toBeVisible();
  const phone = await newPhone('android');
  expect((await phone.enrol(product.serviceUrl)).status).toBe(201);
  const event = await page.evaluate(async (instanceId) => {
    const answer = await fetch('/api/console/attestations?range=15m');
    const { rows } = (await answer.json()) as { rows: { id: string; instanceId: string | null }[] };
    return rows.find((row) => row.instanceId === instanceId)?.id ?? '';
  }, phone.instanceId);
  await page.goto(`/attestations?event=${event}`);
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export case file' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^case-[0-9A-Z]{4}-[0-9A-Z]{4}\.json$/);
  const file = JSON.parse(await readFile(await download.path(), 'utf8'));
  expect(file).toMatchObject({ kind: 'countersign/attestation', redaction: { removed: ['clientData'] } });
  const { stdout } = await execFileAsync(process.execPath, [
    'lib/cli/bin.js',
    'evidence',
    'verify',
    await download.path(),
  ]);
  expect(JSON.parse(stdout)).toMatchObject({
    verified: true,
    result: file.expected.result,
    basis: expect.stringContaining('Enrolment'),
  });
});
