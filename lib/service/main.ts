/*
 * Entry of the attestation service's process. It starts itself again once per worker.
 */
import cluster from 'node:cluster';
import { createLogger, EnvError, readEnv } from '@/lib/core';
import { NetworksFileError } from '@/lib/enrichment';
import { SigningKeyUnreadableError } from '@/lib/signing-keys';
import { codeOfError, describeError } from './describe-error';
import { tellParent } from './messages';
import { runPrimary, WorkerFailedError } from './primary';
import { SettingsError, serviceSettings } from './settings';
import { VaultError } from './vault';
import { runWorker } from './worker';

const logger = createLogger('service');

/** Errors whose message is meant for the operator; others are described without theirs. */
const FOR_OPERATOR = [
  EnvError,
  SettingsError,
  NetworksFileError,
  VaultError,
  SigningKeyUnreadableError,
  WorkerFailedError,
] as const;

const OF_SYSTEM: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'A port of the attestation service is taken: see COUNTERSIGN_SERVICE_PORT and COUNTERSIGN_OPS_PORT.',
  EACCES: 'A port of the attestation service may not be used by this user.',
  ECONNREFUSED: 'The database refuses connections: see COUNTERSIGN_SERVICE_DATABASE_URL.',
  CONNECT_TIMEOUT: 'The database does not answer: see COUNTERSIGN_SERVICE_DATABASE_URL.',
  '28P01': 'The database refuses the password in COUNTERSIGN_SERVICE_DATABASE_URL.',
};

function messageOf(error: unknown): string {
  if (FOR_OPERATOR.some((kind) => error instanceof kind) && error instanceof Error) return error.message;
  return OF_SYSTEM[codeOfError(error) ?? ''] ?? 'The attestation service failed.';
}

function fail(error: unknown): void {
  const message = messageOf(error);
  logger.fatal({ error: describeError(error) }, message);
  tellParent({ type: 'failed', message });
  process.exitCode = 1;
  // What is still open must not keep a process that has failed; the message to the parent goes out first.
  setTimeout(() => process.exit(1), 50);
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

const slot = process.argv[process.argv.indexOf('--worker') + 1];
try {
  const settings = serviceSettings(readEnv());
  if (cluster.isWorker) await runWorker(settings, Number(slot));
  else await runPrimary(settings);
} catch (error) {
  fail(error);
}
