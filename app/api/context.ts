import type { Actor, VerbContext } from '@/lib/auth';
import { createLogger, type Env, type Logger, readEnv, systemClock } from '@/lib/core';
import { type Database, openDatabase } from '@/lib/db';

/** What the console process holds for as long as it lives. */
export interface ConsoleProcess {
  env: Env;
  db: Database;
  logger: Logger;
  /** Secret under which session cookies are encrypted. */
  sessionSecret: string;
  databaseUrl: string;
}

const MOST_CONNECTIONS = 12;
const STATEMENT_TIMEOUT_MS = 15_000;

/** Survives the reloading of modules in development, which would otherwise open a pool each time. */
const holder = globalThis as typeof globalThis & { countersignConsole?: ConsoleProcess };

/**
 * The process's settings and database pool, made when first asked for: building the console needs neither.
 * @throws EnvError for a malformed setting, Error for a missing one
 */
export function consoleProcess(): ConsoleProcess {
  holder.countersignConsole ??= openProcess();
  return holder.countersignConsole;
}

/** What a verb is given, on behalf of this actor. */
export function contextFor<Who extends Actor>(actor: Who): VerbContext<Who> {
  return { db: consoleProcess().db, actor, clock: systemClock };
}

function openProcess(): ConsoleProcess {
  const env = readEnv();
  const { consoleDatabaseUrl: url, sessionSecret } = env;
  if (url === undefined) throw new Error('COUNTERSIGN_CONSOLE_DATABASE_URL is not set.');
  if (sessionSecret === undefined) throw new Error('COUNTERSIGN_SESSION_SECRET is not set.');
  return {
    env,
    sessionSecret,
    databaseUrl: url,
    logger: createLogger('console', env.logLevel),
    db: openDatabase({
      url,
      applicationName: 'countersign-console',
      max: MOST_CONNECTIONS,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    }),
  };
}
