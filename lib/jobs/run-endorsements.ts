import type { KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@/lib/core';
import type { Database } from '@/lib/db';
import { type AppleEndpoints, refreshStatusList, renewReceipts } from '@/lib/endorsements';
import type { AddressGuard } from '@/lib/outbound';
import type { RunningJobs } from './run-jobs';

const TICK_MS = 1_000;
const STOP_WITHIN_MS = 500;

/** What following the vendors needs. */
export interface EndorsementJobs {
  readonly db: Database;
  readonly vaultPrivateKey: KeyObject;
  readonly guard: AddressGuard;
  /** Where Google's list comes from; `null` where it is not to be fetched. */
  readonly statusListUrl: string | null;
  readonly appleEndpoints: AppleEndpoints;
  readonly logger: Logger;
}

/**
 * Looks once a second for what is due of the vendors: a new list of revoked keys, receipts to be renewed. Each beside the
 * other and beside all other scheduled work: a vendor's server that hangs holds nothing up.
 */
export function startEndorsements(options: EndorsementJobs): RunningJobs {
  const { db, guard, statusListUrl, appleEndpoints, vaultPrivateKey, logger } = options;
  const works = [
    repeat('renew_receipts', logger, () =>
      renewReceipts({ db, guard, vaultPrivateKey, endpoints: appleEndpoints }),
    ),
  ];
  if (statusListUrl !== null) {
    works.push(
      repeat('refresh_status_list', logger, async () =>
        Number(await refreshStatusList(db, { url: statusListUrl, guard })),
      ),
    );
  }
  return {
    stop: async () => {
      await Promise.all(works.map((work) => work.stop()));
    },
  };
}

/** Does one kind of work again and again, one at a time. A failure is logged; the next second tries again. */
function repeat(job: string, logger: Logger, work: () => Promise<number>): RunningJobs {
  let current: Promise<void> | undefined;
  const round = async () => {
    try {
      const done = await work();
      if (done > 0) logger.debug({ job, done }, 'job done');
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      logger.error({ job, code }, 'job failed');
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
      // A server that hangs holds no shutdown up: what was taken is due again when its lease ends.
      await Promise.race([current, sleep(STOP_WITHIN_MS, undefined, { ref: false })]);
    },
  };
}
