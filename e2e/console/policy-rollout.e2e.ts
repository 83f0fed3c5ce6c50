import type { Locator, Page } from '@playwright/test';
import type { PolicyEditor } from '@/lib/contracts';
import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/fixtures';
import type { Phone } from '../support/phones';
import { loadPhones, type Product } from '../support/product';
import { stepUp } from '../support/step-up';

test.describe.configure({ timeout: 120_000 });

/** Enough that each half of them holds five devices, whatever their ids are. */
const PHONES = 30;

/** Reads the page in both themes. */
async function expectAccessibleInBoth(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page, `${what}, ${colorScheme}`);
  }
}

/** Saves a draft that differs from what is in force, by the console's own API. */
async function saveDraft(
  page: Page,
  product: Product,
  edit: (policy: PolicyEditor['inForce']['policy']) => object,
): Promise<void> {
  const { TEST_APP } = await loadPhones();
  const path = `/api/console/apps/${TEST_APP.id}/policies`;
  const { inForce, draft } = (await (await page.request.get(`${path}/editor`)).json()) as PolicyEditor;
  const saved = await page.request.put(`${path}/draft`, {
    headers: { origin: product.consoleUrl },
    data: {
      ...{ revision: draft?.revision ?? 0, basedOn: inForce.version },
      policy: { ...inForce.policy, ...edit(inForce.policy) },
    },
  });
  expect(saved.status(), await saved.text()).toBe(200);
}

/** Begins a rollout of the draft on its page. */
async function begin(page: Page, reason: string): Promise<void> {
  await page.getByRole('button', { name: 'Publish the draft in stages' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Judge from this many devices on').fill('5');
  await dialog.getByLabel('Reason').fill(reason);
  await dialog.getByRole('button', { name: 'Begin to observe' }).click();
  await expect(dialog).toBeHidden();
}

/** Takes the open rollout to its next stage, and waits until every node goes by it. */
async function goOn(page: Page, act: string, stages: Locator): Promise<void> {
  await page.getByRole('button', { name: act }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: act }).click();
  await expect(page.getByRole('alertdialog')).toBeHidden();
  if (act !== 'Put into force') {
    await expect(stages.locator('[aria-current=step]')).toContainText(act.replace('Go on to ', ''));
  }
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
}

test('a bad policy is reverted by its guardrail, which says why; a good one goes from observing to all devices', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const { TEST_APP } = await loadPhones();
  const phones = await Promise.all(Array.from({ length: PHONES }, () => newPhone('android')));
  await Promise.all(phones.map((phone) => phone.enrol(product.serviceUrl)));
  const attest = async () => {
    const answers = await Promise.all(phones.map((phone) => phone.attest(product.serviceUrl)));
    return answers.filter(({ status }) => status === 200).length;
  };
  const page = await pageAs('admin');
  await saveDraft(page, product, (policy) => ({ threats: { ...policy.threats, screenshot: 'reject' } }));
  await page.goto(`/policies/${TEST_APP.id}/rollout`);
  const stages = page.getByRole('region', { name: 'Stages' });
  await begin(page, 'Nobody shall take screenshots');
  await expect(stages.locator('[aria-current=step]')).toContainText('Observe');
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
  const guardrail = page.getByRole('region', { name: 'Guardrail' });
  await expect(guardrail).toContainText('Nothing is concluded yet: 0 of 5 devices');

  // Nobody attests until half of the devices are judged by it: then some are refused, and the guardrail sees it.
  for (const act of ['Go on to 1 %', 'Go on to 10 %', 'Go on to 50 %']) await goOn(page, act, stages);
  const accepted = await attest();
  expect(accepted).toBeGreaterThan(0);
  expect(accepted).toBeLessThan(PHONES);
  const past = page.getByRole('region', { name: 'Past rollouts' });
  await expect(past).toContainText('reverted by its guardrail at 50 % of devices', { timeout: 20_000 });
  await expect(past).toContainText(`${PHONES - accepted} of ${PHONES - accepted} devices rejected`);
  const banner = page.getByRole('region', { name: 'Departures from policy' });
  await expect(banner).toContainText('reverted by the guardrail');
  await expectAccessibleInBoth(page, 'a rollout that was reverted');
  await expect.poll(attest).toBe(PHONES);

  // What changes nothing for anybody goes through, and can be taken back.
  await saveDraft(page, product, (policy) => ({ tokenTtlSeconds: policy.tokenTtlSeconds - 1 }));
  await page.reload();
  await begin(page, 'Shorter tokens');
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
  await expect(banner).toHaveCount(0);
  expect(await attest()).toBe(PHONES);
  await expect(guardrail).toContainText('±0.0 pt', { timeout: 20_000 });
  await expect(page.getByRole('region', { name: 'Verdicts that differ' })).toContainText(
    'Both versions say the same',
    { timeout: 20_000 },
  );
  await expectAccessibleInBoth(page, 'an open rollout');
  for (const act of ['Go on to 1 %', 'Go on to 10 %', 'Go on to 50 %', 'Put into force']) {
    await goOn(page, act, stages);
  }
  await expect(past.getByText('in force for all')).toBeVisible();
  expect(await attest()).toBe(PHONES);
  await page.getByRole('button', { name: /^Revert to version/ }).click();
  const revert = page.getByRole('alertdialog');
  await revert.getByLabel('Reason').fill('The test is over');
  await revert.getByRole('button', { name: /^Revert to version/ }).click();
  await expect(revert).toBeHidden();
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
});

test('a signal that misfires on one OS is put into quarantine there, and honest devices are accepted at once', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const { TEST_APP } = await loadPhones();
  const [broken, other] = await Promise.all([newPhone('ios'), newPhone('ios')]);
  const MISFIRING = { osVersion: '98.6.1', signals: { hooks: true } };
  const HOOKED = { osVersion: '98.7', signals: { hooks: true } };
  await Promise.all([
    broken.enrol(product.serviceUrl, { osVersion: MISFIRING.osVersion }),
    other.enrol(product.serviceUrl, { osVersion: HOOKED.osVersion }),
  ]);
  const status = async (phone: Phone, changes: typeof HOOKED) =>
    (await phone.attest(product.serviceUrl, changes)).status;
  expect(await status(broken, MISFIRING)).toBe(403);

  const page = await pageAs('responder');
  await page.goto(`/policies/${TEST_APP.id}/quarantines`);
  await page.getByRole('button', { name: 'Quarantine a signal' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Signal').selectOption('hooks');
  await dialog.getByLabel('Platform').selectOption('iOS');
  await dialog.getByLabel('OS version from').fill('98.six');
  await dialog.getByLabel('OS version to below').fill('98.7');
  await dialog.getByLabel('Reason').fill('Misfires on the new release');
  await dialog.getByRole('button', { name: 'See what it meets' }).click();
  await expect(dialog.getByText(/^The OS version must be a version/)).toBeVisible();
  await dialog.getByLabel('OS version from').fill('98.6');
  await dialog.getByRole('button', { name: 'See what it meets' }).click();
  await expect(dialog.getByRole('status')).toContainText('attestation of 1 device carried the signal there');
  await expect(dialog.getByRole('status')).toContainText('1 rejected');
  await expectAccessibleInBoth(page, 'the dialog of a quarantine');
  await dialog.getByRole('button', { name: 'Quarantine the signal' }).click();
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();

  // Once every node enforces it, the very next attestation is accepted; elsewhere the signal is judged as before.
  expect(await status(broken, MISFIRING)).toBe(200);
  expect(await status(other, HOOKED)).toBe(403);
  const list = page.getByRole('region', { name: 'In quarantine' });
  await expect(list).toContainText('iOS, OS 98.6 to below 98.7');
  await expect(page.getByRole('region', { name: 'Departures from policy' })).toContainText(
    /is in quarantine in Retail Bank .* left/,
  );
  await expectAccessibleInBoth(page, 'the quarantines');
  await list.getByRole('button', { name: 'End now' }).click();
  const ending = page.getByRole('alertdialog');
  await ending.getByLabel('Reason').fill('The release was mended');
  await ending.getByRole('button', { name: 'End the quarantine' }).click();
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Ended quarantines' })).toContainText(
    'The release was mended',
  );
  await expect.poll(() => status(broken, MISFIRING)).toBe(403);
});

test('a whole app is refused and let in again, with its reach, the password and the proof', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const { TEST_APP } = await loadPhones();
  const phone = await newPhone('android');
  await phone.enrol(product.serviceUrl);
  const page = await pageAs('responder', { newSession: true });
  await page.goto(`/policies/${TEST_APP.id}/emergency`);
  await expectAccessibleInBoth(page, 'the emergency switches');
  await page.getByRole('button', { name: 'Refuse older versions' }).click();
  const dialog = page.getByRole('dialog', { name: /^Oldest versions/ });
  await dialog.getByLabel('Oldest on Android').fill('99.0');
  await dialog.getByLabel('Reason').fill('Only to see whom it meets');
  await dialog.getByRole('button', { name: 'See whom it cuts off' }).click();
  await expect(dialog.getByRole('status')).toContainText('would be cut off');
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  const confirm = page.getByRole('alertdialog');
  const card = page.getByRole('region', { name: 'Kill switch' });
  await card.getByRole('button', { name: 'Refuse the whole app' }).click();
  await confirm.getByLabel('Reason').fill('An attack');
  await confirm.getByRole('button', { name: /^Refuse [\d,]+ devices?$/ }).click();
  await stepUp(page, product, 'responder');
  try {
    await expect(card).toContainText('on: everything is refused');
    await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
    expect((await phone.attest(product.serviceUrl)).status).toBe(403);
    await expect(page.getByRole('region', { name: 'Departures from policy' })).toContainText(
      'is refused as a whole',
    );
  } finally {
    await card.getByRole('button', { name: 'Let the app in again' }).click();
    await confirm.getByLabel('Reason').fill('It is over');
    await confirm.getByRole('button', { name: 'Let the app in' }).click();
    await expect(card).toContainText('off');
  }
  await expect.poll(async () => (await phone.attest(product.serviceUrl)).status).toBe(200);
});
