import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApiKey, listApiKeys, rotateApiKey } from '@/lib/api-keys';
import type { VerbContext } from '@/lib/auth';
import { listOrigins, publishPins, registerOrigin } from '@/lib/certificates';
import type { ApiKeyCreation, OriginView } from '@/lib/contracts';
import { AppError, type ErrorCode } from '@/lib/core';
import { asCli } from './cli-actor';
import { DEMO_APPS } from './demo-apps';
import { DEMO_SERVER_NAME, type DemoServer, openDemoServer } from './simulate';
import type { DataDirectory, RoleUrls } from './supervisor';

const [BANK, DRIVER] = DEMO_APPS;
const ASK_AGAIN_MS = 500;
/** So many devices hold the first version of the key before it is rotated: there is something to watch then. */
const HOLDERS_BEFORE_ROTATION = 20;
const ROTATION_REASON = 'The first rotation, a day of grace for phones that are offline';

/**
 * Gives the demo what its devices are then given: API keys, and the pins of a server that the fleet runs. It needs a
 * service that is running, which seals the keys, probes the server, and has devices that hold a version before it is
 * rotated. A second start does what the first one did not come to.
 */
export async function prepareProtections(
  { urls, layout }: { urls: RoleUrls; layout: DataDirectory },
  stop: AbortSignal,
): Promise<void> {
  const server = await openDemoServer(layout.fleet);
  await asCli(urls.console, async (ctx) => {
    await Promise.all([prepareKeys(ctx, stop), server.isPinned ? undefined : preparePins(ctx, server, stop)]);
  });
}

async function prepareKeys(ctx: VerbContext, stop: AbortSignal): Promise<void> {
  const keys: readonly ApiKeyCreation[] = [
    { appId: BANK.id, name: 'payments', kind: 'managed', apiIds: [BANK.api.id] },
    {
      ...{ appId: DRIVER.id, name: 'maps', kind: 'external', apiIds: [] },
      value: `demo_${randomBytes(18).toString('base64url')}`,
    },
  ];
  for (const key of keys) await unless('api_key_already_exists', () => createApiKey(ctx, key));
  const find = async () =>
    (await listApiKeys(ctx)).keys.find(({ appId, name }) => appId === BANK.id && name === 'payments');
  const held = await until(stop, async () => {
    const key = await find();
    // Whoever did something to it first knows better what is to become of it.
    return key === undefined || key.versions.length > 1 || key.devices >= HOLDERS_BEFORE_ROTATION
      ? { key }
      : undefined;
  });
  if (held?.key === undefined || held.key.versions.length > 1) return;
  await unless('edit_conflict', () =>
    rotateApiKey(ctx, {
      ...{ id: held.key?.id ?? '', fromVersion: 1, graceSeconds: 86_400, reason: ROTATION_REASON },
    }),
  );
}

async function preparePins(ctx: VerbContext, server: DemoServer, stop: AbortSignal): Promise<void> {
  // A probe that finds nobody is made again only minutes later.
  if (!(await until(stop, async () => (await server.isUp()) || undefined))) return;
  const place = { appId: BANK.id, host: 'localhost', port: server.port };
  await unless('origin_already_exists', () =>
    registerOrigin(ctx, { ...place, serverName: DEMO_SERVER_NAME, includeSubdomains: false }),
  );
  const isOurs = (origin: OriginView) =>
    origin.appId === place.appId && origin.host === place.host && origin.port === place.port;
  const origin = await until(stop, async () => {
    const found = (await listOrigins(ctx)).origins.find(isOurs);
    return found !== undefined && found.lastChain !== null ? found : undefined;
  });
  if (origin === undefined) return;
  if (origin.pinSet === null) {
    await publishPins(ctx, {
      id: origin.id,
      basedOn: null,
      pins: [
        { spkiSha256: server.pin, label: 'Key of the server', source: 'probe' },
        { spkiSha256: server.backupPin, label: 'Backup, kept offline', source: 'digest' },
      ],
      reportOnly: false,
      reason: 'The first pins',
      override: false,
    });
  }
  await server.markPinned();
}

/** Asks again until there is an answer; `undefined` where it is to stop first. */
async function until<T>(stop: AbortSignal, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  while (!stop.aborted) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(ASK_AGAIN_MS, undefined, { signal: stop }).catch(() => undefined);
  }
  return undefined;
}

async function unless(code: ErrorCode, make: () => Promise<unknown>): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (!(error instanceof AppError && error.code === code)) throw error;
  }
}
