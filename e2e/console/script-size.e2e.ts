import type { Page } from '@playwright/test';
import { NAVIGATION } from '@/components/console/navigation';
import { expect, test } from '../support/fixtures';

/** Bytes of script, as they are sent, that a page may need before it is ready. */
const MOST_BYTES = 200_000;

const PAGES = [
  // Where there is one app, the list of policies leads on to its policy.
  ...NAVIGATION.flatMap(({ items }) => items.map(({ href }) => href)).filter((href) => href !== '/policies'),
  '/policies/retail-bank',
  '/apps/new',
  '/apps/retail-bank',
  ...['history', 'rollout', 'quarantines', 'emergency'].map((segment) => `/policies/retail-bank/${segment}`),
  '/policies/baseline',
  '/sign-in',
];

interface Script {
  name: string;
  sentBytes: number;
  bytes: number;
}

/** The scripts that the browser had asked for when the page was loaded; charts and overlays come after that. */
function scriptsOf(page: Page): Promise<Script[]> {
  return page.evaluate(() => {
    const loadedMs = performance
      .getEntriesByType('navigation')
      .map((entry) => (entry instanceof PerformanceNavigationTiming ? entry.loadEventStart : 0))[0];
    return performance
      .getEntriesByType('resource')
      .filter((entry) => entry instanceof PerformanceResourceTiming)
      .filter(({ name, startTime }) => new URL(name).pathname.endsWith('.js') && startTime < (loadedMs ?? 0))
      .map(({ name, encodedBodySize, decodedBodySize }) => ({
        name: new URL(name).pathname,
        sentBytes: encodedBodySize,
        bytes: decodedBodySize,
      }));
  });
}

for (const path of PAGES) {
  test(`${path} needs at most 200 KB of script, compressed, on its first load`, async ({
    browser,
    pageAs,
    product,
  }) => {
    const page =
      path === '/sign-in' ? await browser.newPage({ baseURL: product.consoleUrl }) : await pageAs('admin');
    await page.goto(path, { waitUntil: 'load' });
    const scripts = await scriptsOf(page);
    const sentBytes = scripts.reduce((sum, script) => sum + script.sentBytes, 0);
    test.info().annotations.push({ type: 'script', description: `${(sentBytes / 1_000).toFixed(1)} KB` });
    expect(scripts.length).toBeGreaterThan(5);
    expect(scripts.filter(({ sentBytes: sent, bytes }) => bytes > 5_000 && sent >= bytes / 2)).toEqual([]);
    expect(sentBytes).toBeLessThanOrEqual(MOST_BYTES);
    await page.close();
  });
}
