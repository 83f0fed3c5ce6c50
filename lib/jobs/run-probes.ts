import { setTimeout as sleep } from 'node:timers/promises';
import { probeDueOrigins } from '@/lib/certificates';
import type { Logger } from '@/lib/core';
import type { Database } from '@/lib/db';
import type { AddressGuard } from '@/lib/outbound';
import type { RunningJobs } from './run-jobs';

const TICK_MS = 1_000;
const STOP_WITHIN_MS = 500;

/**
 * Probes the origins that are due, once a second, beside all other scheduled work: a stranger's server that hangs holds
 * nothing up. A failure of the database is logged; the next second tries again.
 */
export function startProbes(db: Database, guard: AddressGuard, logger: Logger): RunningJobs {
  let current: Promise<void> | undefined;
  const round = async () => {
    try {
      const probed = await probeDueOrigins(db, guard);
      if (probed > 0) logger.debug({ job: 'probe_origins', done: probed }, 'job done');
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      logger.error({ job: 'probe_origins', code }, 'job failed');
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
      // A server that hangs holds no shutdown up: the origin's lease ends, and it is probed again.
      const patience = sleep(STOP_WITHIN_MS, undefined, { ref: false });
      await Promise.race([current, patience]);
    },
  };
}
