import { copyFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, expect, type Page, test } from '@playwright/test';
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

/** Name of each page, and how to get there. */
const PAGES: readonly { name: string; open: (page: Page) => Promise<void> }[] = [
  { name: 'overview', open: goTo('/overview?range=15m') },
  { name: 'attestations', open: goTo('/attestations?range=15m') },
  { name: 'devices', open: goTo('/devices') },
  { name: 'device', open: openDevice },
  { name: 'apps', open: goTo('/apps') },
  { name: 'audit', open: goTo('/audit') },
];
const THEMES = ['dark', 'light'] as const;
const WIDTHS = { 1440: 900, 390: 844 } as const;

let place: Place;
let stop: () => Promise<void>;
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
  await sleep(FLEET_MS);
});

test.afterAll(() => stop());

for (const theme of THEMES) {
  for (const [width, height] of Object.entries(WIDTHS)) {
    for (const { name, open } of PAGES) {
      test(`${name}, ${theme}, ${width} px`, async ({ browser }) => {
        const page = await newPage(browser, theme, Number(width), height);
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
  await expect.soft(page.getByRole('main')).toBeVisible();
  await expect
    .soft(page.locator('main [role="status"]:has(.sr-only), main .bg-raised[aria-hidden]'))
    .toHaveCount(0, {
      timeout: 30_000,
    });
  await expect.soft(page.getByText('Reconnecting…')).toHaveCount(0, { timeout: 30_000 });
  // Charts draw themselves in.
  await sleep(1_500);
}

async function newPage(browser: Browser, colorScheme: 'dark' | 'light', width: number, height: number) {
  const context = await browser.newContext({
    baseURL: place.consoleUrl,
    storageState: session,
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

/** The page of the device that was seen last. */
async function openDevice(page: Page): Promise<void> {
  const answer = await page.request.get('/api/console/devices');
  const { rows } = (await answer.json()) as { rows: { id: string }[] };
  await goTo(`/devices/${rows[0]?.id}`)(page);
}
