import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/fixtures';
import { loadPhones, type Product } from '../support/product';
import { stepUp, stepUpDialog } from '../support/step-up';

/** What each of the two workers answers for a token. */
async function codesOnEveryWorker(product: Product, token: string): Promise<(string | null)[]> {
  const { TEST_APP } = await loadPhones();
  const heard = new Map<string, string | null>();
  for (let attempt = 0; heard.size < 2; attempt++) {
    expect(attempt).toBeLessThan(60);
    const answer = await fetch(`${product.serviceUrl}/v1/authorize?api=${TEST_APP.apiId}`, {
      headers: { 'Attestation-Token': token, Connection: 'close' },
    });
    heard.set(answer.headers.get('x-countersign-node') ?? '', answer.headers.get('x-attestation-code'));
  }
  return [...heard.values()];
}
/** A relying party that applies each list of the revocation feed the moment it comes. */
function follow(serviceUrl: string, credential: string): { stop(): Promise<void> } {
  const ending = new AbortController();
  const run = async () => {
    let position = '';
    while (!ending.signal.aborted) {
      const answer = await fetch(`${serviceUrl}/v1/revocations?replica=pod-1&waitSeconds=5${position}`, {
        headers: { authorization: `Bearer ${credential}` },
        signal: ending.signal,
      });
      if (answer.status === 401) await new Promise((resolve) => setTimeout(resolve, 50));
      if (answer.status !== 200) continue;
      const { epoch, seq } = (await answer.json()) as { epoch: string; seq: number };
      position = `&epoch=${epoch}&after=${seq}`;
    }
  };
  const running = run().catch((error: unknown) => {
    if (!ending.signal.aborted) throw error;
  });
  return {
    stop: () => {
      ending.abort();
      return running;
    },
  };
}
const LET_THROUGH = [null, null];
const REFUSED = ['token_revoked', 'token_revoked'];

test('tokens of a device are cut off on every node, proved, and its next one is good', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const phone = await newPhone('android');
  const token = (await phone.enrol(product.serviceUrl)).body.token ?? '';
  expect(await codesOnEveryWorker(product, token)).toEqual(LET_THROUGH);
  const page = await pageAs('responder');
  await page.goto(`/devices/${phone.instanceId}`);
  const card = page.getByRole('region', { name: 'Tokens' });
  await expect(card).toContainText('1 device holds a token');
  await card.getByRole('button', { name: 'Cut off tokens' }).click();
  const dialog = page.getByRole('alertdialog');
  await expect(dialog).toContainText('1');
  await expect(dialog).toContainText('device holds a token that this refuses');
  await expectAccessible(page, 'the dialog of a cut-off');
  await dialog.getByLabel('Reason').fill('The phone was left in a taxi');
  await dialog.getByRole('button', { name: 'Cut off these tokens' }).click();
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
  await expect(card).toContainText('Refused: what was issued before');
  expect(await codesOnEveryWorker(product, token)).toEqual(REFUSED);
  const next = (await phone.attest(product.serviceUrl)).body.token ?? '';
  expect(await codesOnEveryWorker(product, next)).toEqual(LET_THROUGH);
});

test('a signing key is revoked with its blast radius and the password before, its proof after, and the next one signs', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const phone = await newPhone('ios');
  const token = (await phone.enrol(product.serviceUrl)).body.token ?? '';
  const page = await pageAs('responder', { newSession: true });
  await page.goto('/settings/signing-keys');
  await expect(page.getByRole('heading', { name: 'Signing keys', level: 1 })).toBeVisible();
  const active = page.getByRole('row').filter({ has: page.getByText('active', { exact: true }) });
  const staged = page.getByRole('row').filter({ has: page.getByText('staged', { exact: true }) });
  await expect(active).toHaveCount(1);
  await expect(active).toContainText(/holds? a token of it/);
  await expect(staged).toHaveCount(1);
  await expectAccessible(page, 'the signing keys');
  const next = (await staged.locator('[data-tooltip]').first().getAttribute('data-tooltip')) ?? '';

  await active.getByRole('button', { name: 'Revoke' }).click();
  const dialog = page.getByRole('alertdialog');
  await expect(dialog).toContainText(/devices? holds? a token of it/);
  await dialog.getByLabel('Reason').fill('A backup of it was found on a laptop');
  await dialog.getByRole('button', { name: 'Revoke this key' }).click();
  const question = stepUpDialog(page);
  await expect(question.getByLabel(/^Password of/)).toBeFocused();
  await expectAccessible(page, 'the question for the password');
  await page.keyboard.type('not the password');
  await page.keyboard.press('Enter');
  await expect(question).toContainText('This is not your password.');
  // Leaving it is no act: the key still signs, and its dialog says what it asked for.
  await page.keyboard.press('Escape');
  await expect(question).toHaveCount(0);
  await expect(dialog).toContainText('asks for your password again');
  expect(await codesOnEveryWorker(product, token)).toEqual(LET_THROUGH);
  await dialog.getByRole('button', { name: 'Revoke this key' }).click();
  await stepUp(page, product, 'responder');
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
  await expect(page.getByText('Every token of it is refused.').first()).toBeVisible();
  expect(await codesOnEveryWorker(product, token)).toEqual(REFUSED);
  const after = (await phone.attest(product.serviceUrl)).body.token ?? '';
  expect(await codesOnEveryWorker(product, after)).toEqual(LET_THROUGH);
  await expect(active.locator('[data-tooltip]').first()).toHaveAttribute('data-tooltip', next);
  await expect(staged).toHaveCount(1);
});

test('a rotation that was asked for says from when the next key signs, or proves that it does', async ({
  pageAs,
}) => {
  const page = await pageAs('admin');
  await page.goto('/settings/signing-keys');
  const rotate = page.getByRole('button', { name: 'Rotate' });
  await expect(rotate).toBeVisible();
  if (await rotate.isEnabled()) {
    await rotate.click();
    const dialog = page.getByRole('alertdialog');
    await expect(dialog).toContainText('devices are cut off');
    await dialog.getByLabel('Reason').fill('A new quarter');
    await dialog.getByRole('button', { name: 'Rotate the key' }).click();
  }
  const pending = page.getByText(/The next key signs from/);
  await expect(pending.or(page.getByText('Enforced on 2 of 2 nodes'))).toBeVisible();
});

test('a relying party that verifies locally is registered, listed in the proof of a cut-off, and removed', async ({
  pageAs,
  product,
}) => {
  const page = await pageAs('admin');
  await page.goto('/settings/signing-keys');
  const card = page.getByRole('region', { name: 'Relying parties' });
  await card.getByRole('button', { name: 'Register' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Accounts API');
  await expectAccessible(page, 'the registration of a relying party');
  await dialog.getByRole('button', { name: 'Make a credential' }).click();
  const credential = (await dialog.locator('code').textContent()) ?? '';
  expect(credential).toMatch(/^csr_/);
  await dialog.getByRole('button', { name: 'Done' }).click();
  const row = card.getByRole('row').filter({ hasText: 'Accounts API' });
  await expect(row).toContainText('never heard of');
  const party = follow(product.serviceUrl, credential);
  await expect(row).toContainText('up to date, 1 process', { timeout: 20_000 });

  const cutOffs = page.getByRole('region', { name: 'Whole organisation' });
  await cutOffs.getByRole('button', { name: 'Cut off tokens' }).click();
  const ask = page.getByRole('alertdialog');
  await ask.getByLabel('Reason').fill('A drill');
  await ask.getByRole('button', { name: 'Cut off these tokens' }).click();
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
  const proof = page.getByRole('region', { name: 'Relying parties' }).first();
  await expect(proof).toContainText('Applied by 1 of 1 relying party');
  await expect(proof).toContainText('pod-1');
  await expectAccessible(page, 'the proof with a relying party');
  await party.stop();
  await row.getByRole('button', { name: 'Remove' }).click();
  await ask.getByLabel('Reason').fill('The drill is over');
  await ask.getByRole('button', { name: 'Remove Accounts API' }).click();
  await expect(row).toHaveCount(0);
});

test('an analyst sees the keys, and no act on them', async ({ pageAs }) => {
  const page = await pageAs('analyst');
  await page.goto('/settings/signing-keys');
  await expect(page.getByRole('table', { name: 'Signing keys' })).toBeVisible();
  for (const name of ['Revoke', 'Rotate', 'Schedule', 'Cut off tokens']) {
    await expect(page.getByRole('button', { name })).toHaveCount(0);
  }
});
