import type { Logger } from '@/lib/core';
import { type Database, followDatabaseClock } from '@/lib/db';
import { carryRollouts } from '@/lib/policies';
import type { RunningJobs } from './run-jobs';

const TICK_MS = 2_000;

/**
 * Carries policy rollouts on, beside all other scheduled work: a guardrail must not wait for it. Any number of processes may
 * do so at once. A failure is logged; the next time tries again.
 */
export function startRollouts(db: Database, logger: Logger): RunningJobs {
  // Stages are dated as attestations are: by the database's clock.
  const time = followDatabaseClock(db, logger);
  let current: Promise<void> | undefined;
  const round = async () => {
    try {
      await time.measured;
      const done = await carryRollouts(db, time.clock);
      if (done > 0) logger.info({ job: 'carry_rollouts', done }, 'job done');
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      logger.error({ job: 'carry_rollouts', code }, 'job failed');
    }
  };
  const timer = setInterval(() => {
    current ??= round().finally(() => {
      current = undefined;
    });
  }, TICK_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      time.stop();
      await current;
    },
  };
}
