import { deleteOldUses, foldAdoption } from '@/lib/api-keys';
import { deleteOldFailures, deleteOldProbes } from '@/lib/certificates';
import type { Logger } from '@/lib/core';
import type { Database } from '@/lib/db';
import { deleteGoneReplicas } from '@/lib/relying-parties';
import { foldAbandonedCounts } from '@/lib/telemetry';
import {
  deleteExpiredChallenges,
  deleteExpiredRows,
  deleteGoneNodes,
  deleteOldAcknowledgements,
  deleteOldBlockHits,
  dropExpiredPartitions,
  ensurePartitions,
  forgetAddresses,
  type JobSql,
  linkRejectedDays,
  type MayGoOn,
  noteRejections,
  requestScheduledRotation,
  summarise,
  underJobsLock,
} from './store';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Probes that are kept of each origin: at one an hour, those of eight days. */
const KEPT_PROBES = 200;

/** One kind of scheduled work. It may run on any machine, at any time, any number of times. */
interface Job {
  readonly name: string;
  readonly everyMs: number;
  /** At which level it is logged that something was done: what deletes telemetry is worth knowing. */
  readonly level: 'debug' | 'info';
  /** Returns how many rows or tables it dealt with. What has many pieces ends between two of them where it may not go on. */
  run(sql: JobSql, mayGoOn: MayGoOn): Promise<number>;
}

const ENSURE_PARTITIONS: Job = {
  name: 'ensure_partitions',
  everyMs: HOUR_MS,
  level: 'debug',
  run: ensurePartitions,
};

/** All scheduled work of the service. */
export const JOBS: readonly Job[] = [
  ENSURE_PARTITIONS,
  { name: 'delete_expired_challenges', everyMs: MINUTE_MS, level: 'debug', run: deleteExpiredChallenges },
  { name: 'delete_old_acknowledgements', everyMs: HOUR_MS, level: 'debug', run: deleteOldAcknowledgements },
  { name: 'delete_old_block_hits', everyMs: HOUR_MS, level: 'debug', run: deleteOldBlockHits },
  {
    name: 'delete_gone_relying_parties',
    everyMs: HOUR_MS,
    level: 'debug',
    run: (sql) => deleteGoneReplicas({ sql }),
  },
  { name: 'delete_gone_nodes', everyMs: HOUR_MS, level: 'debug', run: deleteGoneNodes },
  {
    name: 'drop_expired_partitions',
    everyMs: 10 * MINUTE_MS,
    level: 'info',
    run: dropExpiredPartitions,
  },
  { name: 'delete_expired_rows', everyMs: HOUR_MS, level: 'info', run: deleteExpiredRows },
  { name: 'forget_addresses', everyMs: HOUR_MS, level: 'info', run: forgetAddresses },
  { name: 'request_scheduled_rotation', everyMs: MINUTE_MS, level: 'info', run: requestScheduledRotation },
  {
    name: 'delete_old_probes',
    everyMs: HOUR_MS,
    level: 'debug',
    run: (sql) => deleteOldProbes({ sql }, KEPT_PROBES),
  },
  {
    name: 'delete_old_pin_failures',
    everyMs: HOUR_MS,
    level: 'info',
    run: (sql) => deleteOldFailures({ sql }),
  },
  {
    name: 'fold_api_key_adoption',
    everyMs: HOUR_MS,
    level: 'debug',
    run: (sql) => foldAdoption({ sql }),
  },
  {
    name: 'delete_old_api_key_uses',
    everyMs: HOUR_MS,
    level: 'debug',
    run: (sql) => deleteOldUses({ sql }),
  },
  {
    name: 'fold_abandoned_counts',
    everyMs: 5_000,
    level: 'debug',
    run: (sql) => foldAbandonedCounts({ sql }),
  },
  { name: 'summarise', everyMs: MINUTE_MS, level: 'debug', run: summarise },
  { name: 'link_rejected_days', everyMs: MINUTE_MS, level: 'debug', run: linkRejectedDays },
  // After the sums, by which it finds what came late.
  { name: 'note_rejections', everyMs: MINUTE_MS, level: 'debug', run: noteRejections },
];

/** Runs one job, unless another process is running one. A failure is logged; the job comes again. */
export async function runJob(
  db: Database,
  job: Job,
  logger: Logger,
  mayGoOn: MayGoOn = () => true,
): Promise<void> {
  try {
    let done = 0;
    const ran = await underJobsLock(db, async (sql) => {
      done = await job.run(sql, mayGoOn);
    });
    if (ran && done > 0) logger[job.level]({ job: job.name, done }, 'job done');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    logger.error({ job: job.name, code }, 'job failed');
  }
}

/** Scheduled work in this process, until it is stopped. */
export interface RunningJobs {
  /** Starts no more jobs, and waits for the one that is running. */
  stop(): Promise<void>;
}

const TICK_MS = 1_000;
/** After which a job lets the others have their turn: to sum a month takes minutes. It goes on with the next round. */
const TURN_MS = 5_000;

/**
 * Makes the partitions of today, unless the database is away, and then runs every job at once, and at its interval. Nobody
 * who starts waits for more than the partitions: what there is to do may take minutes.
 */
export async function startJobs(db: Database, logger: Logger): Promise<RunningJobs> {
  const ranAt = new Map<Job, number>();
  let isStopping = false;
  const run = async (job: Job) => {
    const startedAt = performance.now();
    let isCutShort = false;
    await runJob(db, job, logger, () => {
      isCutShort = isStopping || performance.now() - startedAt >= TURN_MS;
      return !isCutShort;
    });
    // What took long and failed waits for its time, as all that fails does.
    if (isCutShort) ranAt.delete(job);
    else ranAt.set(job, startedAt);
  };
  const round = async () => {
    for (const job of JOBS) {
      const waited = performance.now() - (ranAt.get(job) ?? Number.NEGATIVE_INFINITY);
      if (!isStopping && waited >= job.everyMs) await run(job);
    }
  };
  await run(ENSURE_PARTITIONS);
  let current: Promise<void> | undefined;
  const tick = () => {
    current ??= round().finally(() => {
      current = undefined;
    });
  };
  tick();
  const timer = setInterval(tick, TICK_MS);
  return {
    stop: async () => {
      isStopping = true;
      clearInterval(timer);
      await current;
    },
  };
}
