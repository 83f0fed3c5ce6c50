import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Env } from '@/lib/core';
import { startEmbeddedPostgres } from '@/lib/db/embedded';
import type { Installation } from './command';
import {
  type DataDirectory,
  databaseKind,
  makeDataDirectory,
  prepareDatabase,
  preparedRoleUrls,
  type RoleUrls,
  readLiveRuntime,
  readSecrets,
  roleUrls,
  takeLock,
} from './supervisor';

/** The database as a command sees it. */
export interface CommandDatabase {
  urls: RoleUrls;
  layout: DataDirectory;
  /** How many migrations were applied on the way. */
  applied: number;
}

/**
 * Gives a command the migrated database: the one that `DATABASE_URL` names, the embedded one of a running supervisor,
 * or else the embedded one, started for as long as the command takes, with these server settings.
 */
export async function withDatabase<T>(
  env: Env,
  { root }: Installation,
  use: (database: CommandDatabase) => Promise<T>,
  settings: readonly string[] = [],
): Promise<T> {
  const layout = await makeDataDirectory(env.dataDir);
  const secrets = await readSecrets(layout, env);
  const kind = databaseKind(env);
  if (kind === 'prepared') return use({ urls: await preparedRoleUrls(env, secrets), layout, applied: 0 });
  const prepared = async (ownerUrl: string) => {
    const applied = await prepareDatabase(env, ownerUrl, secrets, root);
    return use({ urls: roleUrls(env, ownerUrl, secrets), layout, applied });
  };
  if (kind === 'external') return prepared(env.databaseUrl ?? '');
  const running = await readLiveRuntime(layout.runtime);
  if (running?.postgresPort) return prepared(await embeddedOwnerUrl(layout, running.postgresPort));
  const lock = await takeLock(layout.lock, layout.path);
  try {
    const postgres = await startEmbeddedPostgres({ directory: layout.postgres, root, settings });
    try {
      return await prepared(postgres.ownerUrl);
    } finally {
      await postgres.stop();
    }
  } finally {
    await lock.release();
  }
}

async function embeddedOwnerUrl(layout: DataDirectory, port: number): Promise<string> {
  const password = (await readFile(path.join(layout.postgres, 'owner-password'), 'utf8')).trim();
  return `postgres://countersign_owner:${password}@127.0.0.1:${port}/countersign`;
}
