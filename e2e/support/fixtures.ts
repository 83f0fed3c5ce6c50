import { type Browser, type BrowserContext, test as base, type Page, request } from '@playwright/test';
import type { Phone } from './phones';
import { loadPhones, type Product, type Role, runningProduct } from './product';

interface WorkerFixtures {
  product: Product;
  /** Cookies per role, from one sign-in each: the product slows repeated ones down. */
  sessions: Map<Role, Awaited<ReturnType<typeof signIn>>>;
}

interface TestFixtures {
  /** A page of the console, signed in as this role: by a session that all tests share, or by one that gave no password since. */
  pageAs: (
    role: Role,
    options?: Parameters<Browser['newContext']>[0] & { readonly newSession?: boolean },
  ) => Promise<Page>;
  /** A simulated phone that runs the registered test app. */
  newPhone: (platform?: 'ios' | 'android') => Promise<Phone>;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern.
  product: [async ({}, use) => use(runningProduct()), { scope: 'worker' }],

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern.
  sessions: [async ({}, use) => use(new Map()), { scope: 'worker' }],

  pageAs: async ({ browser, product, sessions }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (role, { newSession = false, ...options } = {}) => {
      const shared = newSession ? undefined : sessions.get(role);
      const storageState = shared ?? (await signIn(product.consoleUrl, product.staff[role]));
      if (!newSession) sessions.set(role, storageState);
      const context = await browser.newContext({ baseURL: product.consoleUrl, ...options, storageState });
      contexts.push(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },

  newPhone: async ({ product }, use) => {
    const { loadTestCa, Phone: SimulatedPhone } = await loadPhones();
    const ca = loadTestCa(product.ca);
    await use(async (platform = 'ios') => new SimulatedPhone(ca, platform));
  },
});

export { expect } from '@playwright/test';

/** Signs in by the console's own endpoint, and gives the cookies. */
export async function signIn(consoleUrl: string, account: { email: string; password: string }) {
  const context = await request.newContext({ baseURL: consoleUrl, extraHTTPHeaders: { Origin: consoleUrl } });
  const { csrfToken } = (await (await context.get('/api/auth/csrf')).json()) as { csrfToken: string };
  const { email, password } = account;
  const answer = await context.post('/api/auth/callback/credentials', {
    data: { email, password, csrfToken },
  });
  if (!answer.ok())
    throw new Error(`Signing in as ${email} failed: ${answer.status()} ${await answer.text()}`);
  const state = await context.storageState();
  await context.dispose();
  return state;
}
