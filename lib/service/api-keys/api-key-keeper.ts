import type { KeyObject } from 'node:crypto';
import type { Logger } from '@/lib/core';
import { openDatabase } from '@/lib/db';
import { describeError } from '../describe-error';
import { oneAtATime } from '../one-at-a-time';
import { runKeyRound } from './run-hooks';

/** Held during a round, so that one process asks the hooks at a time. */
const KEEPER_LOCK = 7_310_531;
const ROUND_MS = 1_000;

/** What happens to API keys by itself, once a second in one process of all. */
export interface ApiKeyKeeper {
  /** Starts no more rounds, and waits for the one that is running. */
  stop(): Promise<void>;
}

/** Starts the rounds. One that fails is logged, and comes again. */
export function startApiKeyKeeper(options: {
  databaseUrl: string;
  vaultPrivateKey: KeyObject;
  allowPrivateHooks: boolean;
  logger: Logger;
}): ApiKeyKeeper {
  const { logger, vaultPrivateKey } = options;
  const db = openDatabase({ url: options.databaseUrl, applicationName: 'countersign-api-keys', max: 2 });
  const limits = { allowPrivate: options.allowPrivateHooks };
  const round = oneAtATime(async () => {
    try {
      await db.sql.begin(async (tx) => {
        const [lock] = await tx<
          { taken: boolean }[]
        >`select pg_try_advisory_xact_lock(${KEEPER_LOCK}) as taken`;
        if (lock?.taken === true) await runKeyRound({ db, vaultPrivateKey, limits, logger });
      });
    } catch (error) {
      logger.warn({ error: describeError(error) }, 'API keys cannot be kept');
    }
  });
  const timer = setInterval(round, ROUND_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await round();
      await db.close();
    },
  };
}
