import type { Env } from '@/lib/core';
import type { Secrets } from './data-directory';
import type { RoleUrls } from './product-database';

/** What every child may see of our own environment. */
const INHERITED = [
  'PATH',
  'HOME',
  'TZ',
  'LANG',
  'LC_ALL',
  'NODE_EXTRA_CA_CERTS',
  'NODE_OPTIONS',
  'NODE_V8_COVERAGE',
];

type Variables = NodeJS.ProcessEnv;

function common(env: Env, own: Readonly<Record<string, string | undefined>>): Variables {
  const inherited = INHERITED.flatMap((name) => {
    const value = own[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    NODE_ENV: 'production',
    COUNTERSIGN_HOST: env.host,
    COUNTERSIGN_CONSOLE_PORT: String(env.consolePort),
    COUNTERSIGN_SERVICE_PORT: String(env.servicePort),
    COUNTERSIGN_OPS_PORT: String(env.opsPort),
    COUNTERSIGN_CONSOLE_URL: env.consoleUrl,
    COUNTERSIGN_SERVICE_URL: env.serviceUrl,
    COUNTERSIGN_LOG_LEVEL: env.logLevel,
    COUNTERSIGN_TRUSTED_PROXIES: env.trustedProxies.join(','),
    COUNTERSIGN_DEMO: String(env.demo),
  };
}

/** The console's whole environment. It never holds the master key, nor the service's database password. */
export function consoleEnvironment(
  env: Env,
  secrets: Secrets,
  urls: RoleUrls,
  own: Readonly<Record<string, string | undefined>> = process.env,
): Variables {
  return {
    ...common(env, own),
    NEXT_TELEMETRY_DISABLED: '1',
    COUNTERSIGN_SESSION_SECRET: secrets.sessionSecret,
    COUNTERSIGN_CONSOLE_DATABASE_URL: urls.console,
    ...(urls.replica === undefined ? {} : { DATABASE_REPLICA_URL: urls.replica }),
  };
}

/** The attestation service's whole environment. It never holds the console's session secret. */
export function serviceEnvironment(
  env: Env,
  secrets: Secrets,
  urls: RoleUrls,
  own: Readonly<Record<string, string | undefined>> = process.env,
): Variables {
  return {
    ...common(env, own),
    COUNTERSIGN_MASTER_KEY: secrets.masterKey,
    COUNTERSIGN_SERVICE_DATABASE_URL: urls.service,
    COUNTERSIGN_PRIVATE_HOOKS: String(env.privateHooks),
    COUNTERSIGN_PLAY_INTEGRITY_URL: env.playIntegrityUrl,
    COUNTERSIGN_GOOGLE_TOKEN_URL: env.googleTokenUrl,
    ...(env.networksFile === undefined ? {} : { COUNTERSIGN_NETWORKS_FILE: env.networksFile }),
    ...(env.probeNetworks.length === 0 ? {} : { COUNTERSIGN_PROBE_NETWORKS: env.probeNetworks.join(',') }),
    COUNTERSIGN_STATUS_LIST_URL: env.statusListUrl,
    COUNTERSIGN_APPLE_RECEIPTS_URL: env.appleReceiptUrls.production,
    COUNTERSIGN_APPLE_RECEIPTS_SANDBOX_URL: env.appleReceiptUrls.development,
    COUNTERSIGN_ENDORSER_NETWORKS: env.endorserNetworks.join(','),
    ...(env.workers === undefined ? {} : { COUNTERSIGN_WORKERS: String(env.workers) }),
    ...(env.nodeName === undefined ? {} : { COUNTERSIGN_NODE_NAME: env.nodeName }),
  };
}

/** The simulated fleet's whole environment: where the service is, and where its devices are kept. */
export function fleetEnvironment(
  env: Env,
  own: Readonly<Record<string, string | undefined>> = process.env,
): Variables {
  return { ...common(env, own), COUNTERSIGN_DATA_DIR: env.dataDir };
}
