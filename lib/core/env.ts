import path from 'node:path';
import { z } from 'zod';

const port = z.coerce.number().int().min(1).max(65_535);
const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://');

/** Every setting, by the name of its environment variable. `docs/operate.md` repeats this list for operators. */
const SETTINGS = {
  COUNTERSIGN_CONSOLE_PORT: port.default(3000),
  COUNTERSIGN_SERVICE_PORT: port.default(4000),
  COUNTERSIGN_OPS_PORT: port.default(9464),
  COUNTERSIGN_HOST: z.string().min(1).default('127.0.0.1'),
  COUNTERSIGN_CONSOLE_URL: z.url().optional(),
  COUNTERSIGN_SERVICE_URL: z.url().optional(),
  COUNTERSIGN_DATA_DIR: z.string().min(1).default('.data'),
  COUNTERSIGN_MASTER_KEY: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url without padding (43 characters)')
    .optional(),
  COUNTERSIGN_SESSION_SECRET: z.string().min(32).optional(),
  COUNTERSIGN_WORKERS: z.coerce.number().int().min(1).max(64).optional(),
  COUNTERSIGN_NODE_NAME: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,64}$/)
    .optional(),
  COUNTERSIGN_TRUSTED_PROXIES: z.string().default(''),
  COUNTERSIGN_PRIVATE_HOOKS: flag.default(false),
  COUNTERSIGN_PLAY_INTEGRITY_URL: z.url().default('https://playintegrity.googleapis.com'),
  COUNTERSIGN_GOOGLE_TOKEN_URL: z.url().default('https://oauth2.googleapis.com/token'),
  COUNTERSIGN_NETWORKS_FILE: z.string().min(1).optional(),
  COUNTERSIGN_PROBE_NETWORKS: z.string().default(''),
  COUNTERSIGN_STATUS_LIST_URL: z
    .union([z.literal('off'), z.url({ protocol: /^https?$/ })])
    .default('https://android.googleapis.com/attestation/status'),
  COUNTERSIGN_APPLE_RECEIPTS_URL: z.url({ protocol: /^https?$/ }).default('https://data.appattest.apple.com'),
  COUNTERSIGN_APPLE_RECEIPTS_SANDBOX_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://data-development.appattest.apple.com'),
  COUNTERSIGN_ENDORSER_NETWORKS: z.string().default(''),
  COUNTERSIGN_CONSOLE_DATABASE_URL: postgresUrl.optional(),
  COUNTERSIGN_SERVICE_DATABASE_URL: postgresUrl.optional(),
  COUNTERSIGN_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  COUNTERSIGN_DEMO: flag.default(false),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_REPLICA_URL: postgresUrl.optional(),
} as const;

/** The validated settings of a process. Ports are TCP ports; `dataDir` is absolute. */
export interface Env {
  consolePort: number;
  servicePort: number;
  opsPort: number;
  /** Address that the console and the service listen on. */
  host: string;
  /** Origin under which browsers reach the console, without a trailing slash. */
  consoleUrl: string;
  /** Origin under which devices and gateways reach the service; it is the `iss` of tokens. */
  serviceUrl: string;
  dataDir: string;
  masterKey: string | undefined;
  sessionSecret: string | undefined;
  workers: number | undefined;
  nodeName: string | undefined;
  /** Addresses or CIDR ranges whose forwarded headers are believed. */
  trustedProxies: readonly string[];
  /** Whether hooks may be called at private addresses, and over HTTP. */
  privateHooks: boolean;
  /** Origin of Google's Play Integrity API, without a trailing slash. */
  playIntegrityUrl: string;
  /** Where a service account asks for its access token. */
  googleTokenUrl: string;
  /** Absolute path of the file in which the operator states kinds of networks. */
  networksFile: string | undefined;
  /** Private addresses or CIDR ranges that probes of certificates may connect to. */
  probeNetworks: readonly string[];
  /** Where the list of revoked Android attestation keys comes from; `off` where it is not to be fetched. */
  statusListUrl: string;
  /** Apple's endpoints for the receipts of App Attest, by environment. */
  appleReceiptUrls: { production: string; development: string };
  /** Private addresses or CIDR ranges at which mirrors of those may be. */
  endorserNetworks: readonly string[];
  consoleDatabaseUrl: string | undefined;
  serviceDatabaseUrl: string | undefined;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  demo: boolean;
  /** The owner's connection, used to migrate; absent: Postgres is embedded. */
  databaseUrl: string | undefined;
  /** A streaming replica from which the console reads telemetry. */
  databaseReplicaUrl: string | undefined;
}

/** What is wrong with the environment, one sentence per variable, each naming it. */
export class EnvError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'EnvError';
  }
}

/**
 * Reads and validates the environment.
 * @throws EnvError naming every malformed variable, and every `COUNTERSIGN_*` variable that does not exist.
 */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const problems: string[] = [];
  for (const name of Object.keys(source)) {
    if (name.startsWith('COUNTERSIGN_') && !(name in SETTINGS)) {
      problems.push(`${name} is not a setting of Countersign${nearest(name)}.`);
    }
  }
  const present = Object.fromEntries(
    Object.entries(source).filter(([name, value]) => name in SETTINGS && value !== undefined && value !== ''),
  );
  const parsed = z.object(SETTINGS).safeParse(present);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) problems.push(`${String(issue.path[0])}: ${issue.message}.`);
  }
  if (problems.length > 0 || !parsed.success) throw new EnvError(problems);
  const value = parsed.data;
  const networksFile = value.COUNTERSIGN_NETWORKS_FILE;
  const browsable = value.COUNTERSIGN_HOST === '0.0.0.0' ? 'localhost' : value.COUNTERSIGN_HOST;
  return {
    consolePort: value.COUNTERSIGN_CONSOLE_PORT,
    servicePort: value.COUNTERSIGN_SERVICE_PORT,
    opsPort: value.COUNTERSIGN_OPS_PORT,
    host: value.COUNTERSIGN_HOST,
    consoleUrl: origin(
      value.COUNTERSIGN_CONSOLE_URL ?? `http://${browsable}:${value.COUNTERSIGN_CONSOLE_PORT}`,
    ),
    serviceUrl: origin(
      value.COUNTERSIGN_SERVICE_URL ?? `http://${browsable}:${value.COUNTERSIGN_SERVICE_PORT}`,
    ),
    dataDir: path.resolve(value.COUNTERSIGN_DATA_DIR),
    masterKey: value.COUNTERSIGN_MASTER_KEY,
    sessionSecret: value.COUNTERSIGN_SESSION_SECRET,
    workers: value.COUNTERSIGN_WORKERS,
    nodeName: value.COUNTERSIGN_NODE_NAME,
    trustedProxies: entriesOf(value.COUNTERSIGN_TRUSTED_PROXIES),
    privateHooks: value.COUNTERSIGN_PRIVATE_HOOKS,
    playIntegrityUrl: origin(value.COUNTERSIGN_PLAY_INTEGRITY_URL),
    googleTokenUrl: value.COUNTERSIGN_GOOGLE_TOKEN_URL,
    networksFile: networksFile === undefined ? undefined : path.resolve(networksFile),
    probeNetworks: entriesOf(value.COUNTERSIGN_PROBE_NETWORKS),
    statusListUrl: value.COUNTERSIGN_STATUS_LIST_URL,
    appleReceiptUrls: {
      production: value.COUNTERSIGN_APPLE_RECEIPTS_URL,
      development: value.COUNTERSIGN_APPLE_RECEIPTS_SANDBOX_URL,
    },
    endorserNetworks: entriesOf(value.COUNTERSIGN_ENDORSER_NETWORKS),
    consoleDatabaseUrl: value.COUNTERSIGN_CONSOLE_DATABASE_URL,
    serviceDatabaseUrl: value.COUNTERSIGN_SERVICE_DATABASE_URL,
    logLevel: value.COUNTERSIGN_LOG_LEVEL,
    demo: value.COUNTERSIGN_DEMO,
    databaseUrl: value.DATABASE_URL,
    databaseReplicaUrl: value.DATABASE_REPLICA_URL,
  };
}

function entriesOf(list: string): string[] {
  return list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function origin(url: string): string {
  return url.replace(/\/+$/, '');
}

/** " (did you mean X?)" where one setting is within two edits of the name. */
function nearest(name: string): string {
  const candidate = Object.keys(SETTINGS).find((known) => editDistance(known, name) <= 2);
  return candidate ? ` (did you mean ${candidate}?)` : '';
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Whether this is Next's development server, whose pages need `eval`; a build never is. */
export function isDevelopmentServer(): boolean {
  return process.env.NODE_ENV === 'development';
}
