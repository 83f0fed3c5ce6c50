import type { Env } from '@/lib/core';
import {
  CONSOLE_ROLE,
  migrateDatabase,
  openDatabase,
  SERVICE_ROLE,
  setRolePasswords,
  urlForRole,
} from '@/lib/db';
import { CliError } from '../command';
import type { Secrets } from './data-directory';

/** How the processes reach the database, each under its own role. */
export interface RoleUrls {
  console: string;
  service: string;
  /** Of the replica that the console reads telemetry from. */
  replica?: string;
}

/** Where the database is: embedded, somebody else's to migrate, or prepared by somebody else altogether. */
export type DatabaseKind = 'embedded' | 'external' | 'prepared';

/** @throws CliError where the settings of the database contradict each other. */
export function databaseKind(env: Env): DatabaseKind {
  const given = [env.consoleDatabaseUrl, env.serviceDatabaseUrl].filter((url) => url !== undefined).length;
  if (given === 1) {
    throw new CliError(
      'COUNTERSIGN_CONSOLE_DATABASE_URL and COUNTERSIGN_SERVICE_DATABASE_URL go together: set both.',
    );
  }
  if (env.databaseUrl !== undefined) return 'external';
  return given === 2 ? 'prepared' : 'embedded';
}

/** The URLs of both roles: as set, or from the owner's with our own passwords. */
export function roleUrls(env: Env, ownerUrl: string, secrets: Secrets): RoleUrls {
  const { databaseReplicaUrl: replica, consoleDatabaseUrl } = env;
  // Roles and passwords are replicated: whoever gave us the owner's URLs need not know the console's.
  const asConsole = (url: string) =>
    consoleDatabaseUrl === undefined ? urlForRole(url, CONSOLE_ROLE, secrets.consoleDatabasePassword) : url;
  return {
    ...(replica === undefined ? {} : { replica: asConsole(replica) }),
    console: env.consoleDatabaseUrl ?? urlForRole(ownerUrl, CONSOLE_ROLE, secrets.consoleDatabasePassword),
    service: env.serviceDatabaseUrl ?? urlForRole(ownerUrl, SERVICE_ROLE, secrets.serviceDatabasePassword),
  };
}

/**
 * Migrates the database, and gives the roles our passwords unless their URLs are set.
 * @returns how many migrations were applied.
 * @throws DatabaseTooNewError where a newer version has migrated it.
 * @throws CliError where it cannot be reached.
 */
export async function prepareDatabase(
  env: Env,
  ownerUrl: string,
  secrets: Secrets,
  root: string,
): Promise<number> {
  try {
    const applied = await migrateDatabase(ownerUrl, root);
    if (env.consoleDatabaseUrl === undefined) {
      await setRolePasswords(ownerUrl, {
        console: secrets.consoleDatabasePassword,
        service: secrets.serviceDatabasePassword,
      });
    }
    return applied;
  } catch (error) {
    throw explained(error, ownerUrl, 'DATABASE_URL');
  }
}

/**
 * The URLs of a database that somebody else has prepared, once both roles have been let in.
 * @throws CliError where one is not
 */
export async function preparedRoleUrls(env: Env, secrets: Secrets): Promise<RoleUrls> {
  const urls = roleUrls(env, '', secrets);
  await assertConnects(urls.console, 'COUNTERSIGN_CONSOLE_DATABASE_URL');
  await assertConnects(urls.service, 'COUNTERSIGN_SERVICE_DATABASE_URL');
  return urls;
}

async function assertConnects(url: string, variable: string): Promise<void> {
  const db = openDatabase({ url, applicationName: 'countersign-start', max: 1 });
  try {
    await db.sql`select 1`;
  } catch (error) {
    throw explained(error, url, variable);
  } finally {
    await db.close();
  }
}

/** The error for the operator, who set `url` by this variable; any other as it is. */
function explained(error: unknown, url: string, variable: string): unknown {
  const why = UNREACHABLE[codeOf(error)];
  if (why === undefined) return error;
  const { hostname, port } = new URL(url);
  return new CliError(`The database at ${hostname}:${port || '5432'} (${variable}) cannot be used: ${why}.`);
}

/** What keeps us from the database, by the code of the driver or the server. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  CONNECT_TIMEOUT: 'it does not answer',
  ETIMEDOUT: 'it does not answer',
  '08P01': 'what answers refuses the settings of a session; connect to Postgres itself, not to a pooler',
  '28P01': 'the password is wrong',
  '28000': 'it refuses this user',
  '3D000': 'there is no such database',
  '42501': 'this user may not create roles and tables in it',
};

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined || cause === null ? '' : codeOf(cause);
}
