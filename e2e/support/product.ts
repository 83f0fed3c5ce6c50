import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SerialisedTestCa } from './phones';

/** Roles that a test can act as. */
export const ROLES = ['admin', 'responder', 'analyst', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** The running product, as tests see it. */
export interface Product {
  consoleUrl: string;
  serviceUrl: string;
  opsUrl: string;
  dataDirectory: string;
  staff: Readonly<Record<Role, { email: string; name: string; password: string }>>;
  /** The CA that the registered test app trusts. */
  ca: SerialisedTestCa;
}

/** Root of the project. Playwright runs from it. */
export const ROOT = process.cwd();

/** Where the bundled test tools lie. */
export const PHONES_BUNDLE = path.join(ROOT, '.build', 'e2e', 'phones.mjs');

/** The test tools: simulated phones and their CA. */
export async function loadPhones(): Promise<typeof import('./phones')> {
  return (await import(pathToFileURL(PHONES_BUNDLE).href)) as typeof import('./phones');
}

/** The product that the global setup started. @throws Error outside of a test run. */
export function runningProduct(): Product {
  const text = process.env.E2E_PRODUCT;
  if (text === undefined) throw new Error('The product was not started: run the tests with Playwright.');
  return JSON.parse(text) as Product;
}
