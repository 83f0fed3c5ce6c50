import type { Actor, VerbContext } from '@/lib/auth';
import { createLogger, type Env, type Logger, readEnv } from '@/lib/core';
import {
  type Database,
  type FollowedClock,
  followDatabaseClock,
  openDatabase,
  READING_WORK_MEM_MB,
  type Replica,
  watchReplica,
} from '@/lib/db';

/** What the console process holds for as long as it lives. */
export interface ConsoleProcess {
  env: Env;
  db: Database;
  /** What everything is dated by. */
  time: FollowedClock;
  /** Where telemetry is read, if a replica is set. */
  replica: Replica | undefined;
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
export async function contextFor<Who extends Actor>(actor: Who): Promise<VerbContext<Who>> {
  const { db, replica, time } = consoleProcess();
  await time.measured;
  const context = { db, actor, clock: time.clock };
  return replica ? { ...context, replica: await replica.standing() } : context;
}

function openProcess(): ConsoleProcess {
  const env = readEnv();
  const { consoleDatabaseUrl: url, sessionSecret } = env;
  if (url === undefined) throw new Error('COUNTERSIGN_CONSOLE_DATABASE_URL is not set.');
  if (sessionSecret === undefined) throw new Error('COUNTERSIGN_SESSION_SECRET is not set.');
  const logger = createLogger('console', env.logLevel);
  const db = openPool(url, 'countersign-console');
  const time = followDatabaseClock(db, logger);
  return {
    env,
    sessionSecret,
    databaseUrl: url,
    logger,
    db,
    time,
    replica:
      env.databaseReplicaUrl === undefined
        ? undefined
        : openReplica(env.databaseReplicaUrl, { db, logger, time }),
  };
}

function openReplica(
  url: string,
  { db, logger, time }: Pick<ConsoleProcess, 'db' | 'logger' | 'time'>,
): Replica {
  const replica = openPool(url, 'countersign-console-telemetry');
  return watchReplica({ primary: db, replica, logger, nowMs: () => time.clock.nowMs() });
}

function openPool(url: string, applicationName: string): Database {
  return openDatabase({
    url,
    applicationName,
    max: MOST_CONNECTIONS,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    workMemMb: READING_WORK_MEM_MB,
  });
}
