import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { launch, makePlace, type Place, runCommand } from './command-line';
import { loadPhones, PHONES_BUNDLE, type Product, ROLES, ROOT, type Role } from './product';

const NAMES: Readonly<Record<Role, string>> = {
  admin: 'Avery Stone',
  responder: 'Robin Castle',
  analyst: 'Noor Haddad',
  auditor: 'Kit Lindqvist',
};

/** Builds what is missing, starts the product in a place of its own, and fills in staff and an app. */
export async function startProduct(): Promise<{ product: Product; stop: () => Promise<void> }> {
  await bundlePhones();
  const place = await makePlace();
  if (!existsSync(path.join(ROOT, '.next', 'BUILD_ID'))) await runCommand(['build'], place.settings);
  const stop = await launch('start', place);
  try {
    const { createTestCa } = await loadPhones();
    const ca = createTestCa(Date.now());
    const [staff] = await Promise.all([createStaff(place), registerApp(place, ca.anchor)]);
    const { consoleUrl, serviceUrl, opsUrl, dataDirectory } = place;
    return { product: { consoleUrl, serviceUrl, opsUrl, dataDirectory, staff, ca: ca.toJSON() }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function bundlePhones(): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['e2e/support/phones.ts'],
    outfile: PHONES_BUNDLE,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
}

async function createStaff({ settings }: Place): Promise<Product['staff']> {
  const entries = ROLES.map((role) => {
    const password = randomBytes(15).toString('base64url');
    return [role, { email: `${role}@example.com`, name: NAMES[role], password }] as const;
  });
  await Promise.all(
    entries.map(([role, { email, name, password }]) => {
      const account = ['--email', email, '--name', name, '--role', role, '--password-stdin'];
      return runCommand(['staff', 'create', ...account], settings, password);
    }),
  );
  return Object.fromEntries(entries) as Product['staff'];
}

async function registerApp(
  { folder, settings }: Place,
  anchor: { name: string; certificatePem: string },
): Promise<void> {
  const { TEST_APP } = await loadPhones();
  const file = path.join(folder, 'app.json');
  const registration = {
    id: TEST_APP.id,
    name: 'Retail Bank',
    environment: 'development',
    appleTeamId: TEST_APP.teamId,
    appleBundleIds: [TEST_APP.bundleId],
    androidPackages: [TEST_APP.packageName],
    androidSignerDigests: [TEST_APP.signerDigest],
    trustAnchors: [anchor],
    versions: ['ios', 'android'].map((platform) => ({ platform, version: TEST_APP.appVersion })),
    policyTemplate: 'balanced',
  };
  await writeFile(file, JSON.stringify(registration));
  const api = ['--api', TEST_APP.apiId, '--api-mode', 'enforce'];
  await runCommand(['app', 'register', '--file', file, ...api], settings);
}
