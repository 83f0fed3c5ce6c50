import { randomUUID } from 'node:crypto';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import type { Phone } from '../support/phones';
import type { Product } from '../support/product';

/** What an attestation may take from its commit to the chart. */
const TO_CHART_MS = 1_500;

test.describe.configure({ timeout: 120_000 });

/** The figure's own text: "1,204". */
function figure(page: Page, label: string): Locator {
  return page.getByLabel('Key figures').getByRole('link', { name: label });
}

/** Waits until everything on the page is drawn and the stream is live. */
async function openOverview(page: Page, query: string): Promise<void> {
  await page.goto(`/overview?${query}`);
  await expect(page.getByRole('button', { name: /^Live/ })).toBeVisible({ timeout: 30_000 });
  await expect(figure(page, 'Pass rate')).toBeVisible();
  await expect(verdictsChart(page)).toBeVisible({ timeout: 30_000 });
}

function verdictsChart(page: Page): Locator {
  return page.getByRole('application', { name: /^Verdicts per/ });
}

/** The number of rejected attestations that the chart says it shows. */
async function rejectedInChart(page: Page): Promise<number> {
  const label = (await verdictsChart(page).getAttribute('aria-label')) ?? '';
  return Number(/Rejected ([\d,]+)/.exec(label)?.[1]?.replaceAll(',', ''));
}

/** An address of the public internet, as a proxy tells it: the data sets know its country. */
const ABROAD = '193.0.6.139';

/** Attestations of phones with a hooking framework, all at once: each is rejected. */
async function attack({ serviceUrl }: Product, phones: readonly Phone[]): Promise<void> {
  const answers = phones.map(async (phone) =>
    fetch(`${serviceUrl}/v1/attestations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': ABROAD },
      body: JSON.stringify(await phone.attestation(serviceUrl, { signals: { hooks: true } })),
    }),
  );
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect(statuses).toEqual(phones.map(() => 403));
}

async function enrolled(newPhone: () => Promise<Phone>, product: Product, count: number): Promise<Phone[]> {
  const phones = await Promise.all(Array.from({ length: count }, () => newPhone()));
  for (const phone of phones) await phone.enrol(product.serviceUrl);
  return phones;
}

test('an attack shows in the figures and in the chart within 1.5 s of its commit, without a reload', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const phones = await enrolled(newPhone, product, 5);
  const page = await pageAs('analyst');
  await openOverview(page, 'range=15m');
  const before = await rejectedInChart(page);

  await attack(product, phones.slice(0, 4));
  const committedMs = performance.now();
  await expect
    .poll(() => rejectedInChart(page), { intervals: [50], timeout: TO_CHART_MS })
    .toBeGreaterThanOrEqual(before + 4);
  const shownAfterMs = performance.now() - committedMs;
  expect(shownAfterMs).toBeLessThanOrEqual(TO_CHART_MS);
  await expect(
    page.getByLabel('Top threats').getByRole('button', { name: /Hooking framework/ }),
  ).toBeVisible();
  test.info().annotations.push({ type: 'shown after', description: `${Math.round(shownAfterMs)} ms` });
});

test('a dragged period is in the URL, and its link shows the same view in a fresh browser', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const phones = await enrolled(newPhone, product, 2);
  await attack(product, phones);
  const page = await pageAs('analyst');
  await openOverview(page, 'range=15m');
  const box = await verdictsChart(page).boundingBox();
  if (box === null) throw new Error('The chart has no box.');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.5, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, y, { steps: 8 });
  await page.mouse.move(box.x + box.width * 0.98, y, { steps: 8 });
  await page.mouse.up();
  await expect(page).toHaveURL(/[?&]from=.+&to=/);
  await expect(page.getByRole('button', { name: 'Reset zoom' }).first()).toBeVisible();

  const link = page.url();
  await expect.poll(() => rejectedInChart(page)).toBeGreaterThan(0);
  const shown = await verdictsChart(page).getAttribute('aria-label');
  const colleague = await pageAs('auditor');
  await colleague.goto(link);
  await expect(verdictsChart(colleague)).toHaveAttribute('aria-label', shown ?? '', { timeout: 30_000 });
  await expect(colleague.getByRole('button', { name: /^Time range: .+ to / })).toBeVisible();

  // Escape goes back to where the zoom began.
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/[?&]range=15m/);
  await expect(page).not.toHaveURL(/from=/);
  // Whoever came by the link gets the usual range.
  await colleague.getByRole('button', { name: 'Reset zoom' }).first().click();
  await expect(colleague).not.toHaveURL(/from=/);
});

test('a country, a threat and a verdict filter the whole page, and come off again', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const phones = await enrolled(newPhone, product, 3);
  await attack(product, phones.slice(0, 2));
  const page = await pageAs('analyst');
  await openOverview(page, 'range=15m');

  const onMap = page.getByRole('group', { name: 'Countries by attestations' }).getByRole('button').first();
  await expect(onMap).toHaveAttribute('aria-label', /^.+: \d+ attestations?, .+ rejected$/);
  const code = await onMap.getAttribute('data-country');
  const [country = ''] = ((await onMap.getAttribute('aria-label')) ?? '').split(':');
  await onMap.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`[?&]country=${code}`));
  await expect(onMap).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByLabel('Filters that are on')).toContainText(country);
  // What else might be chosen stays in sight: phones of this machine's own network have no country.
  const elsewhere = page.getByRole('list', { name: 'Unknown country' }).getByRole('button');
  await expect(elsewhere).toHaveAttribute('aria-pressed', 'false');
  await elsewhere.click();
  await expect(page).toHaveURL(/[?&]country=(&|$)/);
  await elsewhere.click();

  await page
    .getByLabel('Top threats')
    .getByRole('button', { name: /Hooking framework/ })
    .click();
  await expect(page).toHaveURL(/[?&]threat=hooks/);
  await expect(figure(page, 'Pass rate')).toContainText('0');
  // The number leads to exactly these attestations.
  const rows = page.getByLabel('Top threats').getByRole('link', { name: /Hooking framework/ });
  await expect(rows).toHaveAttribute(
    'href',
    new RegExp(`^/attestations\\?(?=.*country=${code})(?=.*threat=hooks)`),
  );

  await page.getByRole('button', { name: `Remove Country ${country}` }).click();
  await expect(page).not.toHaveURL(/country=/);
  await page.getByRole('button', { name: 'Clear all' }).click();
  await expect(page).not.toHaveURL(/threat=/);

  const legend = page.getByRole('button', { name: 'Rejected', exact: true });
  await legend.click();
  await expect(page).toHaveURL(/[?&]verdict=rejected/);
  await expect(verdictsChart(page)).toHaveAttribute('aria-label', /Trusted 0,/);
  await legend.click();
  await expect(page).not.toHaveURL(/verdict=/);
});

test('a range that nobody chose is shown, stays from page to page, and is in no URL', async ({ pageAs }) => {
  const page = await pageAs('analyst');
  const asked = page.waitForRequest((request) => new URL(request.url()).pathname === '/api/console/overview');
  await page.goto('/overview');
  const range = new URL((await asked).url()).searchParams.get('range') ?? 'none';
  const picker = page.getByRole('button', { name: /^Time range: Last / });
  const label = (await picker.getAttribute('aria-label')) ?? '';
  await page.getByRole('link', { name: 'Attestations', exact: true }).first().click();
  await expect(page).toHaveURL(/\/attestations$/);
  await expect(picker).toHaveAttribute('aria-label', label);
  await picker.click();
  const chosen = page.getByRole('button', { name: `default ${range}` });
  await expect(chosen).toHaveAttribute('aria-pressed', 'true');
  // Chosen, it is part of the view.
  await chosen.click();
  await expect(page).toHaveURL(new RegExp(`[?&]range=${range}$`));
});

test('a comparison is kept in the URL: the period before, and two app versions', async ({
  newPhone,
  pageAs,
  product,
}) => {
  const [phone] = await enrolled(newPhone, product, 1);
  const version = `9.${randomUUID().slice(0, 4)}`;
  await phone?.attest(product.serviceUrl, { appVersion: version });
  const page = await pageAs('analyst');
  await openOverview(page, 'range=15m');
  await page.getByLabel('Compare', { exact: true }).selectOption('period');
  await expect(page).toHaveURL(/[?&]compare=period/);
  const figures = page.getByRole('table', { name: 'Figures of both sides' });
  await expect(figures.getByRole('columnheader', { name: 'The period before' })).toBeVisible();

  await page.getByLabel('Compare', { exact: true }).selectOption('appVersion');
  await page.getByLabel('Second app version').selectOption(version);
  await expect(page).toHaveURL(new RegExp(`[?&]b=${version}`));
  await page.reload();
  await expect(figures.getByRole('columnheader', { name: version })).toBeVisible();
  await page.getByRole('button', { name: 'End comparison' }).click();
  await expect(page).not.toHaveURL(/compare=/);
});

for (const colorScheme of ['dark', 'light'] as const) {
  test(`axe finds nothing serious on the overview, ${colorScheme}`, async ({ newPhone, pageAs, product }) => {
    const phones = await enrolled(newPhone, product, 2);
    await attack(product, phones);
    const page = await pageAs('analyst', { colorScheme });
    await openOverview(page, 'range=15m&compare=period&verdict=rejected&verdict=trusted');
    await expect(page.getByRole('table', { name: 'Figures of both sides' })).toBeVisible();
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze();
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  });
}
