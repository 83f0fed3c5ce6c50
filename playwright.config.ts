import { defineConfig } from '@playwright/test';

const report = process.env.PLAYWRIGHT_JSON_OUTPUT_NAME;
const chromium = process.env.E2E_CHROMIUM;

/**
 * The tests run against the built product, started once by `e2e/global-setup.ts` on free ports with data of its own.
 * `E2E_CHROMIUM` is the browser's path where it is not Playwright's own, `E2E_NGINX` nginx's.
 */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.e2e.ts',
  outputDir: 'test-results',
  globalSetup: './e2e/global-setup.ts',
  forbidOnly: report !== undefined,
  retries: 0,
  // One product serves all tests: they share its nodes, so one at a time keeps what they see theirs.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        // Nothing but the product is reached from the tests.
        ...[
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
          '--disable-quic',
        ],
        '--disable-gpu',
        // Chromium's sandbox cannot be set up by root.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    },
  },
  projects: [
    { name: 'service', testDir: 'e2e/service' },
    { name: 'console', testDir: 'e2e/console' },
    { name: 'screenshots', testDir: 'e2e/screenshots' },
  ],
});
