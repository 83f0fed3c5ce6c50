import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Env } from '@/lib/core';
import { CliError } from '../command';
import { createFile, hasCode } from './files';

/** Where everything of an installation lies. Absolute paths. */
export interface DataDirectory {
  path: string;
  logs: string;
  postgres: string;
  fleet: string;
  lock: string;
  runtime: string;
  demoCredentials: string;
}

/** Secrets of an installation, from the environment or else from files of mode 0600 that are made once. */
export interface Secrets {
  masterKey: string;
  sessionSecret: string;
  consoleDatabasePassword: string;
  serviceDatabasePassword: string;
}

/** The layout below a data directory. */
export function layoutOf(directory: string): DataDirectory {
  const at = (name: string) => path.join(directory, name);
  return {
    path: directory,
    logs: at('logs'),
    postgres: at('postgres'),
    fleet: at('fleet'),
    lock: at('supervisor.lock'),
    runtime: at('runtime.json'),
    demoCredentials: at('demo-credentials.json'),
  };
}

/**
 * Makes the data directory where it is missing. It is private to its user; others may only pass through it (0711)
 * where we are root, because the embedded Postgres then runs as another user.
 */
export async function makeDataDirectory(directory: string): Promise<DataDirectory> {
  const layout = layoutOf(directory);
  try {
    await mkdir(layout.path, { recursive: true, mode: 0o700 });
    await chmod(layout.path, process.getuid?.() === 0 ? 0o711 : 0o700);
    await mkdir(layout.logs, { recursive: true, mode: 0o700 });
  } catch (error) {
    const why = hasCode(error, 'EACCES') ? 'permission denied' : String((error as Error).message);
    throw new CliError(`The data directory ${directory} (COUNTERSIGN_DATA_DIR) cannot be used: ${why}.`);
  }
  return layout;
}

/**
 * Reads the secrets, making those that do not exist yet. Nothing that exists is ever overwritten.
 * @throws CliError where there is a database but its master key is gone.
 */
export async function readSecrets(layout: DataDirectory, env: Env): Promise<Secrets> {
  return {
    masterKey: env.masterKey ?? (await masterKey(layout)),
    sessionSecret: env.sessionSecret ?? (await secret(layout, 'session-secret')),
    consoleDatabasePassword: await secret(layout, 'console-database-password'),
    serviceDatabasePassword: await secret(layout, 'service-database-password'),
  };
}

async function masterKey(layout: DataDirectory): Promise<string> {
  const file = path.join(layout.path, 'master-key');
  if (!existsSync(file) && existsSync(path.join(layout.postgres, 'cluster', 'PG_VERSION'))) {
    throw new CliError(
      `The master key ${file} is missing, but its database is there. Restore the file, or set COUNTERSIGN_MASTER_KEY.`,
    );
  }
  return secret(layout, 'master-key');
}

async function secret(layout: DataDirectory, name: string): Promise<string> {
  const file = path.join(layout.path, name);
  if (!existsSync(file)) await createFile(file, `${randomBytes(32).toString('base64url')}\n`);
  const value = (await readFile(file, 'utf8')).trim();
  if (value.length < 32) throw new CliError(`${file} is damaged: it should hold a secret of 43 characters.`);
  return value;
}
