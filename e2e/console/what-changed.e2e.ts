import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible';
import { expect, test } from '../support/fixtures';
import { withDatabase } from '../support/inside';
import type { Phone } from '../support/phones';
import { loadPhones, type Product } from '../support/product';

test.describe.configure({ timeout: 120_000 });

const MISFIRING = '97.6.1';
const SOUND = '97.5';
const TEN_MINUTES_MS = 600_000;
const HOUR_MS = 3_600_000;
/** As many on each OS version as a finding concerns at least, and two more. */
const PHONES = 8;

/** Quiet hours before this one, on both OS versions: what nobody can have recorded in a test that has just begun. */
async function seedPast(product: Product, appId: string): Promise<void> {
  const toMs = Math.ceil(Date.now() / TEN_MINUTES_MS) * TEN_MINUTES_MS - HOUR_MS;
  const fromMs = toMs - 7 * HOUR_MS;
  await withDatabase(product, async (sql) => {
    await sql`select countersign_ensure_partitions(
      (to_timestamp(${fromMs / 1_000}) at time zone 'UTC')::date,
      (to_timestamp(${toMs / 1_000}) at time zone 'UTC')::date)`;
    await sql`
      insert into cell_rollups (
        app_id, bucket, writer, cell, signal, platform, os_version, app_version, model, country, events)
      select ${appId}, to_timestamp(ms / 1000), 'seed', md5(os)::uuid, '', 'ios', os, '5.4.0', 'iPhone18,1', '', 40
      from unnest(array[${MISFIRING}, ${SOUND}]) as os,
        generate_series(${fromMs}::int8, ${toMs - 1}::int8, ${TEN_MINUTES_MS}::int8) as ms`;
    // The past is summed already.
    await sql`
      select pg_advisory_xact_lock(7310503),
        countersign_summarise_again(to_timestamp(${fromMs / 1_000}), to_timestamp(${toMs / 1_000}))`;
  });
}

/** Loads the overview until it tells of the signal: cells are written a few seconds after what they count. */
async function openFinding(page: Page) {
  const changes = page.getByRole('region', { name: 'What changed' });
  const finding = changes.getByRole('status').filter({ hasText: MISFIRING });
  await expect(async () => {
    await page.goto('/overview?range=1h');
    await expect(changes).toBeVisible({ timeout: 5_000 });
    // What other tests made stand out may come first.
    const others = changes.getByRole('button', { name: /^and \d+ more$/ });
    await expect(finding.or(others).first()).toBeVisible({ timeout: 3_000 });
    if (!(await finding.isVisible())) await others.click();
    await expect(finding).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 60_000 });
  return finding;
}

test('a signal that jumps on one OS version is told on the overview, and put into quarantine from there', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const { TEST_APP } = await loadPhones();
  await seedPast(product, TEST_APP.id);
  const make = async (osVersion: string) => {
    const phones = await Promise.all(Array.from({ length: PHONES }, () => newPhone('ios')));
    await Promise.all(phones.map((phone) => phone.enrol(product.serviceUrl, { osVersion, signals: {} })));
    return phones;
  };
  const [broken, sound] = await Promise.all([make(MISFIRING), make(SOUND)]);
  const misfire = async (phone: Phone) =>
    (await phone.attest(product.serviceUrl, { osVersion: MISFIRING, signals: { debugger: true } })).status;
  for (const _round of [1, 2, 3]) {
    expect(new Set(await Promise.all(broken.map(misfire)))).toEqual(new Set([403]));
    const others = sound.map((phone) => phone.attest(product.serviceUrl, { osVersion: SOUND, signals: {} }));
    expect(new Set((await Promise.all(others)).map(({ status }) => status))).toEqual(new Set([200]));
  }

  const page = await pageAs('responder');
  const finding = await openFinding(page);
  await expect(finding).toContainText(`${PHONES} devices`);
  await finding.getByRole('button', { name: 'Quarantine' }).click();
  const dialog = page.getByRole('dialog', { name: 'Quarantine a signal of Retail Bank' });
  await expect(dialog.getByLabel('Signal')).toHaveValue('debugger');
  await expect(dialog.getByLabel('Platform')).toHaveValue('ios');
  await expect(dialog.getByLabel('OS version from')).toHaveValue(MISFIRING);
  await expect(dialog.getByLabel('OS version to below')).toHaveValue('97.6.2');
  await expect(dialog.getByLabel('Reason')).toHaveValue(/^Rose from 0\s% to .+ there, while others hold\.$/);
  await dialog.getByLabel('For how long').selectOption('1 hour');
  await dialog.getByLabel('Reason').fill('The new release sets it off');
  await dialog.getByRole('button', { name: 'See what it meets' }).click();
  await expect(dialog.getByRole('status')).toContainText(`of ${PHONES} devices carried the signal there`);
  await expectAccessible(page, 'the quarantine of a finding');
  await dialog.getByRole('button', { name: 'Quarantine the signal' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Enforced on 2 of 2 nodes')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Departures from policy' })).toContainText(
    `is in quarantine in Retail Bank on iOS, OS ${MISFIRING} to below 97.6.2`,
  );

  // It is published as it was asked for, and honest devices are accepted.
  const path = '/api/console/quarantines';
  const { quarantines } = await (await page.request.get(`${path}?app=${TEST_APP.id}`)).json();
  const made = quarantines.find(
    ({ threat, active }: { threat: string; active: boolean }) => active && threat === 'debugger',
  );
  expect(made).toMatchObject({ reason: 'The new release sets it off' });
  expect(Date.parse(made.expiresAt) - Date.parse(made.createdAt)).toBe(HOUR_MS);
  expect(await Promise.all(broken.map(misfire))).toEqual(broken.map(() => 200));

  const ended = await page.request.post(`${path}/${made.id}/end`, {
    headers: { origin: product.consoleUrl },
    data: { reason: 'The test is over' },
  });
  expect(ended.status()).toBe(200);
  await expect(page.getByRole('region', { name: 'Departures from policy' })).toHaveCount(0);
});
