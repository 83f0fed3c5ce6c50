import type { Logger } from '@/lib/core';
import { describeError } from './describe-error';

const QUIET_MS = 1_000;

/**
 * Passes on what `work` does, and logs its failures under `message`, once a second at most: during an outage there are as
 * many as there are requests.
 */
export function logFailures<Argument, Result>(
  logger: Logger,
  message: string,
  work: (argument: Argument) => Promise<Result>,
): (argument: Argument) => Promise<Result> {
  let loggedAt = Number.NEGATIVE_INFINITY;
  let unlogged = 0;
  return (argument) =>
    work(argument).catch((error: unknown) => {
      const now = performance.now();
      if (now - loggedAt < QUIET_MS) unlogged += 1;
      else {
        logger.warn({ error: describeError(error), unlogged }, message);
        loggedAt = now;
        unlogged = 0;
      }
      throw error;
    });
}
