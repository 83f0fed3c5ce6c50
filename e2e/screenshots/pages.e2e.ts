import { copyFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, expect, type Page, request, test } from '@playwright/test';
import { launch, makePlace, type Place } from '../support/command-line';
import { signIn } from '../support/fixtures';
import { ROOT } from '../support/product';

/*
 * Pictures of every page with the demo's fleet in it, for people to look at. They are taken on request only:
 * E2E_SCREENSHOTS=1 npm run e2e -- --project screenshots
 */

const FOLDER = path.join(ROOT, 'e2e', '.screenshots');
/** The picture in the README. */
const README_PICTURE = path.join(ROOT, 'public', 'screenshots', 'overview-dark.png');
/** Until the fleet has enrolled, the bad release has turned bad, and tokens have been replayed; longer looks fuller. */
const FLEET_MS = Number(process.env.E2E_FLEET_SECONDS ?? '150') * 1_000;

interface Picture {
  name: string;
  /** How to get there. */
  open: (page: Page) => Promise<void>;
  /** Whether it is what somebody sees who is not signed in. */
  stranger?: true;
}

const PAGES: readonly Picture[] = [
  { name: 'overview', open: goTo('/overview?range=15m') },
  { name: 'attestations', open: goTo('/attestations?range=15m') },
  { name: 'explain', open: explainRejected },
  { name: 'saved-views', open: openSavedViews },
  { name: 'devices', open: goTo('/devices') },
  { name: 'device', open: openDevice },
  { name: 'device-erase', open: openErasure },
  { name: 'apps', open: goTo('/apps') },
  { name: 'app', open: openApp },
  { name: 'app-new', open: goTo('/apps/new') },
  { name: 'certificates', open: goTo('/certificates') },
  { name: 'api-keys', open: goTo('/api-keys') },
  { name: 'api-key', open: openApiKey },
  { name: 'audit', open: goTo('/audit') },
  { name: 'signing-keys', open: goTo('/settings/signing-keys') },
  { name: 'evidence-sources', open: goTo('/settings/evidence-sources') },
  { name: 'sign-in', open: goTo('/sign-in'), stranger: true },
  { name: 'setup', open: (page) => goTo(setupLink)(page), stranger: true },
];
const THEMES = ['dark', 'light'] as const;
const WIDTHS = { 1440: 900, 390: 844 } as const;

let place: Place;
let stop: () => Promise<void>;
/** Where a product that has just been installed makes its first administrator. */
let setupLink = '';
let stopNew: () => Promise<void>;
let session: Awaited<ReturnType<typeof signIn>>;

test.skip(process.env.E2E_SCREENSHOTS !== '1', 'pictures are taken with E2E_SCREENSHOTS=1');

test.beforeAll(async () => {
  test.setTimeout(FLEET_MS + 120_000);
  await mkdir(FOLDER, { recursive: true });
  await mkdir(path.dirname(README_PICTURE), { recursive: true });
  place = await makePlace();
  stop = await launch('demo', place);
  const file = await readFile(path.join(place.dataDirectory, 'demo-credentials.json'), 'utf8');
  const { staff } = JSON.parse(file) as { staff: { role: string; email: string; password: string }[] };
  const admin = staff.find(({ role }) => role === 'admin');
  if (!admin) throw new Error('The demo has no administrator.');
  session = await signIn(place.consoleUrl, admin);
  await addApiKey();
  stopNew = await launch('start', await makePlace(), (output) => {
    setupLink = /http\S+\/setup\?token=\S+/.exec(output)?.[0] ?? '';
  });
  await sleep(FLEET_MS);
});

test.afterAll(async () => {
  await Promise.all([stop(), stopNew()]);
});

for (const theme of THEMES) {
  for (const [width, height] of Object.entries(WIDTHS)) {
    for (const { name, open, stranger } of PAGES) {
      test(`${name}, ${theme}, ${width} px`, async ({ browser }) => {
        const page = await newPage(browser, theme, Number(width), height, stranger === true);
        const errors: string[] = [];
        page.on('pageerror', (error) => errors.push(error.message));
        await open(page);
        await settle(page);
        const file = path.join(FOLDER, `${name}-${theme}-${width}.png`);
        await page.screenshot({ path: file });
        if (name === 'overview' && theme === 'dark' && width === '1440') await copyFile(file, README_PICTURE);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect.soft(overflow, 'the page is wider than its window').toBeLessThanOrEqual(0);
        expect.soft(errors).toEqual([]);
        await page.context().close();
      });
    }
  }
}

/** Waits until the stream is live and nothing is being loaded; streams never let the network be idle. */
async function settle(page: Page): Promise<void> {
  await expect.soft(page.locator('main')).toBeVisible();
  await expect
    .soft(page.locator('main [role="status"]:has(.sr-only), main .bg-raised[aria-hidden]'))
    .toHaveCount(0, {
      timeout: 30_000,
    });
  await expect.soft(page.getByText('Reconnecting…')).toHaveCount(0, { timeout: 30_000 });
  await expect.soft(page.getByText(/^Loading/)).toHaveCount(0, { timeout: 30_000 });
  // Charts draw themselves in.
  await sleep(1_500);
}

async function newPage(
  browser: Browser,
  colorScheme: 'dark' | 'light',
  width: number,
  height: number,
  stranger: boolean,
) {
  const context = await browser.newContext({
    baseURL: place.consoleUrl,
    ...(stranger ? {} : { storageState: session }),
    colorScheme,
    viewport: { width, height },
    deviceScaleFactor: width < 500 ? 2 : 1,
  });
  return context.newPage();
}

function goTo(address: string) {
  return async (page: Page) => {
    const answer = await page.goto(address);
    expect.soft(answer?.status(), address).toBe(200);
  };
}

/** The panel that explains the newest attestation that was rejected for its evidence or its signals. */
async function explainRejected(page: Page): Promise<void> {
  const answer = await page.request.get('/api/console/attestations?range=15m&verdict=rejected&limit=200');
  const { rows } = (await answer.json()) as { rows: { id: string; instanceId: string | null }[] };
  const row = rows.find(({ instanceId }) => instanceId !== null) ?? rows[0];
  await goTo(`/attestations?range=15m&verdict=rejected&event=${row?.id}`)(page);
  await expect.soft(page.getByRole('dialog', { name: /explained/ })).toBeVisible();
}

async function openSavedViews(page: Page): Promise<void> {
  await goTo('/attestations?range=15m&verdict=rejected')(page);
  await page.getByRole('button', { name: /^Saved views/ }).click();
  await page.getByRole('button', { name: /^Save what is shown/ }).click();
  await expect.soft(page.getByLabel('Name')).toBeVisible();
}

/** The page of the device that was seen last. */
async function openDevice(page: Page): Promise<void> {
  const answer = await page.request.get('/api/console/devices');
  const { rows } = (await answer.json()) as { rows: { id: string }[] };
  await goTo(`/devices/${rows[0]?.id}`)(page);
}

async function openErasure(page: Page): Promise<void> {
  await openDevice(page);
  await page.getByRole('button', { name: 'Erase device' }).click();
  await expect.soft(page.getByRole('alertdialog')).toBeVisible();
}

/** A key that the fleet of the demo fetches and presents. */
async function addApiKey(): Promise<void> {
  const context = await request.newContext({
    baseURL: place.consoleUrl,
    storageState: session,
    extraHTTPHeaders: { Origin: place.consoleUrl },
  });
  const data = { appId: 'retail-bank', name: 'payments', kind: 'managed', apiIds: ['payments-api'] };
  expect((await context.post('/api/console/api-keys', { data })).status()).toBe(201);
  await context.dispose();
}

async function openApiKey(page: Page): Promise<void> {
  const answer = await page.request.get('/api/console/api-keys');
  const { keys } = (await answer.json()) as { keys: { id: string }[] };
  await goTo(`/api-keys/${keys[0]?.id}`)(page);
}

async function openApp(page: Page): Promise<void> {
  const answer = await page.request.get('/api/console/apps');
  const { apps } = (await answer.json()) as { apps: { id: string }[] };
  await goTo(`/apps/${apps[0]?.id}`)(page);
}
