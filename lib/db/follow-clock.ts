import { describeError, type Logger } from '@/lib/core';
import { DatabaseClock } from './database-clock';
import type { Database } from './open';

const MEASURE_EVERY_MS = 10_000;

/** The database's clock as this process follows it. */
export interface FollowedClock {
  readonly clock: DatabaseClock;
  /** Settles when it was measured for the first time, or could not be; the clock is this machine's until then. */
  readonly measured: Promise<void>;
  stop(): void;
}

/**
 * Follows the database's clock, so that what this process dates is dated as by every other one, however wrong the clocks
 * of their machines are. It is measured now and every 10 s.
 */
export function followDatabaseClock({ sql }: Database, logger: Logger): FollowedClock {
  const clock = new DatabaseClock();
  const measure = async () => {
    try {
      const askedAtMs = clock.monotonicMs();
      const [row] = await sql<
        { ms: number }[]
      >`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`;
      if (row) clock.observe(row.ms, askedAtMs);
    } catch (error) {
      logger.warn({ error: describeError(error) }, 'the clock of the database cannot be read');
    }
  };
  const measured = measure();
  const timer = setInterval(() => void measure(), MEASURE_EVERY_MS);
  timer.unref();
  return { clock, measured, stop: () => clearInterval(timer) };
}
