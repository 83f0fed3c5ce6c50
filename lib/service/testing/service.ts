import { randomBytes } from 'node:crypto';
import { Registry } from 'prom-client';
import type { TestDatabase } from '@/drizzle/testing/test-database';
import { registerApi, registerApp } from '@/lib/apps';
import type { AppRegistration } from '@/lib/contracts';
import { silentLogger, systemClock } from '@/lib/core';
import { createTestCa, type TestCa } from '@/lib/evidence/testing';
import { type RunningService, type ServiceOptions, startService } from '../index';

/** The app that tests attest for: a development app that trusts a test CA. */
export const TEST_APP = {
  id: 'retail-bank',
  teamId: 'ABCDE12345',
  bundleId: 'com.example.bank',
  packageName: 'com.example.bank',
  signerDigest: 'ab'.repeat(32),
  appVersion: '5.4.0',
  apiId: 'retail-api',
} as const;

/** Settings of a node for tests: free ports, no log, its own metrics. */
export function serviceOptions(databaseUrl: string, overrides: Partial<ServiceOptions> = {}): ServiceOptions {
  return {
    databaseUrl,
    masterKey: TEST_MASTER_KEY,
    host: '127.0.0.1',
    port: 0,
    opsPort: 0,
    issuer: 'https://attest.example',
    nodeId: `test-${randomBytes(3).toString('hex')}`,
    build: 'test',
    trustedProxies: ['127.0.0.1/32'],
    google: {
      apiUrl: 'https://google.invalid',
      tokenUrl: 'https://google.invalid/token',
      allowPrivate: false,
    },
    logger: silentLogger,
    registry: new Registry(),
    ...overrides,
  };
}

/** One master key for all nodes of a test. */
export const TEST_MASTER_KEY = randomBytes(32);

/** Registers the test app and its protected API, and returns the CA that it trusts. */
export async function registerTestApp(
  db: Pick<TestDatabase, 'console'>,
  changes: Partial<AppRegistration> = {},
): Promise<TestCa> {
  const ca = createTestCa(Date.now());
  const context = {
    db: db.console,
    actor: { kind: 'cli' as const, id: 'test', name: 'test' },
    clock: systemClock,
  };
  await registerApp(context, {
    id: TEST_APP.id,
    name: 'Retail Bank',
    environment: 'development',
    appleTeamId: TEST_APP.teamId,
    appleBundleIds: [TEST_APP.bundleId],
    appleEnvironments: ['production'],
    androidPackages: [TEST_APP.packageName],
    androidSignerDigests: [TEST_APP.signerDigest],
    trustAnchors: [ca.anchor],
    versions: [
      { platform: 'ios', version: TEST_APP.appVersion },
      { platform: 'android', version: TEST_APP.appVersion },
    ],
    policyTemplate: 'balanced',
    ...changes,
  });
  const appId = changes.id ?? TEST_APP.id;
  await registerApi(context, { id: TEST_APP.apiId, name: 'Retail API', appIds: [appId], mode: 'enforce' });
  return ca;
}

/** Starts a node on the test database. */
export function startTestService(
  db: TestDatabase,
  overrides: Partial<ServiceOptions> = {},
): Promise<RunningService> {
  return startService(serviceOptions(db.serviceUrl, overrides));
}
