import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { registerApi, registerApp } from '@/lib/apps';
import { createStaff, isSetUp, type VerbContext } from '@/lib/auth';
import { type AppRegistration, type Role, roleSchema } from '@/lib/contracts';
import { AppError, type ErrorCode } from '@/lib/core';
import { setArchive } from '@/lib/evidence-archive';
import { readIntegrity, setIntegrity } from '@/lib/integrity';
import { asCli } from './cli-actor';
import { DEMO_APPS, type DemoApp } from './demo-apps';
import { createFleet, type Fleet, loadFleet, openDemoServer } from './simulate';
import { type DataDirectory, type RoleUrls, readIfPresent, replaceFile } from './supervisor';

const PASSWORD_BYTES = 15;
const DEMO_ARCHIVE_DAYS = 7;

const DEMO_STAFF: readonly { role: Role; name: string }[] = [
  { role: 'admin', name: 'Avery Stone' },
  { role: 'responder', name: 'Robin Castle' },
  { role: 'analyst', name: 'Noor Haddad' },
  { role: 'auditor', name: 'Kit Lindqvist' },
];

const credentialsSchema = z.object({
  /** Whether the accounts were made; until then a start makes those that are missing. */
  created: z.boolean(),
  staff: z.array(z.object({ email: z.string(), name: z.string(), role: roleSchema, password: z.string() })),
});
type Credentials = z.infer<typeof credentialsSchema>;
type Account = Credentials['staff'][number];

/**
 * Brings the demo into the database: staff, apps, APIs and the fleet's CA. What exists already is left as it is.
 * @returns lines for the person at the terminal.
 */
export async function prepareDemo(database: {
  urls: RoleUrls;
  layout: DataDirectory;
}): Promise<readonly string[]> {
  const { urls, layout } = database;
  const fleet = (await loadFleet(layout.fleet)) ?? (await createFleet(layout.fleet, Date.now()));
  // Made before the fleet and whoever gives it pins, who would otherwise each make one.
  await openDemoServer(layout.fleet);
  return asCli(urls.console, async (ctx) => {
    for (const app of DEMO_APPS) await registerDemoApp(ctx, app, fleet);
    return prepareStaff(ctx, layout.demoCredentials);
  });
}

/**
 * Sets up what the service has to have started for: secrets are sealed to its key. What was set before, by us or by a
 * person, is left as it is.
 */
export async function prepareDemoEvidence({
  urls,
  layout,
}: Parameters<typeof prepareDemo>[0]): Promise<void> {
  const fleet = await loadFleet(layout.fleet);
  if (fleet === undefined) return;
  await asCli(urls.console, async (ctx) => {
    for (const { id, usesPlayIntegrity } of DEMO_APPS) {
      const settings = await readIntegrity(ctx, { id });
      if (!usesPlayIntegrity || settings.keysSetAt !== null) continue;
      const { keys } = fleet.play;
      const { revision, dailyQuota } = settings;
      await setIntegrity(ctx, { id, basedOn: revision, request: 'classic', keys, dailyQuota });
      await setArchive(ctx, {
        id,
        basedOn: revision + 1,
        archiveDays: DEMO_ARCHIVE_DAYS,
        reason: 'To show how a verdict is replayed.',
      });
    }
  });
}

async function registerDemoApp(ctx: VerbContext, app: DemoApp, { ca }: Fleet): Promise<void> {
  const registration: AppRegistration = {
    id: app.id,
    name: app.name,
    environment: 'development',
    appleTeamId: app.teamId,
    appleBundleIds: [app.bundleId],
    appleEnvironments: ['production'],
    androidPackages: [app.packageName],
    androidSignerDigests: [app.signerDigest],
    trustAnchors: [ca.anchor],
    versions: app.versions.flatMap((version) => [
      { platform: 'ios' as const, version },
      { platform: 'android' as const, version },
    ]),
    policyTemplate: app.policyTemplate,
  };
  await unlessItExists('app_already_exists', () => registerApp(ctx, registration));
  await unlessItExists('api_already_exists', () => registerApi(ctx, { ...app.api, appIds: [app.id] }));
}

/** The passwords are written down before the accounts are made, so that none is ever lost. */
async function prepareStaff(ctx: VerbContext, file: string): Promise<readonly string[]> {
  const kept = await readIfPresent(file);
  const { created, staff } =
    kept === undefined
      ? { created: false, staff: drawAccounts() }
      : credentialsSchema.parse(JSON.parse(kept));
  if (created && (await isSetUp(ctx.db)))
    return describeStaff(staff, 'Demo staff from an earlier start', file);
  await writeCredentials(file, { created: false, staff });
  const made = await Promise.all(
    staff.map((account) =>
      unlessItExists('staff_already_exists', () => createStaff(ctx, { ...account, appId: null })),
    ),
  );
  // Accounts that are older than their file have passwords that nobody can tell.
  const known = kept === undefined ? staff.filter((_, index) => made[index]) : staff;
  await writeCredentials(file, { created: true, staff: known });
  return describeStaff(known, 'Demo staff', file);
}

function describeStaff(staff: readonly Account[], title: string, file: string): string[] {
  if (staff.length === 0) return ['', 'The demo staff exist, but the file with their passwords was removed.'];
  return [
    '',
    `${title} (kept in ${file}):`,
    ...staff.map(({ email, role, password }) => `  ${role.padEnd(10)} ${email.padEnd(24)} ${password}`),
  ];
}

function drawAccounts(): Account[] {
  return DEMO_STAFF.map(({ role, name }) => ({
    email: `${role}@demo.example`,
    name,
    role,
    password: randomBytes(PASSWORD_BYTES).toString('base64url'),
  }));
}

async function writeCredentials(file: string, credentials: Credentials): Promise<void> {
  await replaceFile(file, `${JSON.stringify(credentials, null, 2)}\n`);
}

/** Whether the thing was made; false where it exists. */
async function unlessItExists(code: ErrorCode, make: () => Promise<unknown>): Promise<boolean> {
  try {
    await make();
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === code) return false;
    throw error;
  }
}
