import os from 'node:os';
import type { Env } from '@/lib/core';
import { createAddressGuard } from '@/lib/outbound';
import packageJson from '@/package.json';
import { AddressRanges } from './address';
import type { GoogleEndpoints } from './integrity/google-decoder';
import { parseMasterKey } from './vault';

/** Settings of the service process, checked. */
export interface ServiceSettings {
  readonly databaseUrl: string;
  readonly masterKey: Buffer;
  readonly host: string;
  readonly port: number;
  readonly opsPort: number;
  readonly issuer: string;
  readonly workers: number;
  readonly nodeName: string;
  readonly trustedProxies: readonly string[];
  /** Whether hooks may be called at private addresses. */
  readonly privateHooks: boolean;
  /** Where Google decodes verdicts. */
  readonly google: GoogleEndpoints;
  /** File in which the operator states kinds of networks. */
  readonly networksFile: string | undefined;
  /** Private ranges that probes may connect to. */
  readonly probeNetworks: readonly string[];
  /** Where the vendors are asked, and at which private ranges that may be. */
  readonly endorsers: Pick<Env, 'statusListUrl' | 'appleReceiptUrls' | 'endorserNetworks'>;
  readonly logLevel: Env['logLevel'];
  readonly build: string;
}

/** A setting is missing or wrong. The message is one line for the operator and holds no secret. */
export class SettingsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SettingsError';
  }
}

/**
 * Takes the service's settings from the environment.
 * @throws SettingsError, VaultError
 */
export function serviceSettings(env: Env): ServiceSettings {
  if (env.serviceDatabaseUrl === undefined) {
    throw new SettingsError('COUNTERSIGN_SERVICE_DATABASE_URL is not set.');
  }
  requireRanges('COUNTERSIGN_TRUSTED_PROXIES', () => new AddressRanges(env.trustedProxies));
  requireRanges('COUNTERSIGN_PROBE_NETWORKS', () => createAddressGuard(env.probeNetworks));
  requireRanges('COUNTERSIGN_ENDORSER_NETWORKS', () => createAddressGuard(env.endorserNetworks));
  return {
    databaseUrl: env.serviceDatabaseUrl,
    masterKey: parseMasterKey(env.masterKey),
    host: env.host,
    port: env.servicePort,
    opsPort: env.opsPort,
    issuer: env.serviceUrl,
    workers: env.workers ?? os.availableParallelism(),
    nodeName: env.nodeName ?? os.hostname(),
    trustedProxies: env.trustedProxies,
    privateHooks: env.privateHooks,
    google: {
      apiUrl: env.playIntegrityUrl,
      tokenUrl: env.googleTokenUrl,
      allowPrivate: env.privateHooks,
    },
    networksFile: env.networksFile,
    probeNetworks: env.probeNetworks,
    endorsers: env,
    logLevel: env.logLevel,
    build: packageJson.version,
  };
}

function requireRanges(name: string, read: () => unknown): void {
  try {
    read();
  } catch (error) {
    throw new SettingsError(`${name}: ${error instanceof Error ? error.message : 'is wrong.'}`);
  }
}
