import { describeError, type Logger } from '@/lib/core';
import type { Database } from './open';

/** A replica as it stands: what may be read from now, and how far it is behind. */
export interface ReplicaStanding {
  /** `null` where reads go to the primary: the replica is away, or too far behind. */
  readonly db: Database | null;
  /** Milliseconds by which it is behind the primary; `null` where that is not known. */
  readonly lagMs: number | null;
}

/** A streaming replica that answers reads as long as it keeps up. */
export interface Replica {
  /** How it stands; looked at again after two seconds, by one caller at a time. Never throws. */
  standing(): Promise<ReplicaStanding>;
  /** Says that a read from it failed: reads go to the primary until it has been looked at again. */
  failed(error: unknown): void;
  close(): Promise<void>;
}

/** A replica that is further behind answers nothing. */
const MOST_LAG_MS = 30_000;
const CHECK_EVERY_MS = 2_000;
/** How long a check may take before the replica counts as away. */
const CHECK_TIMEOUT_MS = 1_500;
/** A replica that is not idle is behind by what is under way: it is asked again before it is called late. */
const CATCH_UP_TRIES = 5;
const CATCH_UP_MS = 25;

const AWAY: ReplicaStanding = { db: null, lagMs: null };

/** Watches a replica of `primary`, which answers while it is at most `mostLagMs` (30 s) behind. Both are asked under the same role, which needs no privilege for it. */
export function watchReplica(options: {
  primary: Database;
  replica: Database;
  logger: Logger;
  nowMs: () => number;
  mostLagMs?: number;
}): Replica {
  const { primary, replica, logger, nowMs, mostLagMs = MOST_LAG_MS } = options;
  return new WatchedReplica(primary, replica, logger, nowMs, mostLagMs);
}

class WatchedReplica implements Replica {
  #standing: ReplicaStanding = AWAY;
  #checkedMs = Number.NEGATIVE_INFINITY;
  #checking: Promise<void> | undefined;
  /** What was logged last, so that each change is told once. */
  #told = '';

  constructor(
    private readonly primary: Database,
    private readonly replica: Database,
    private readonly logger: Logger,
    private readonly nowMs: () => number,
    private readonly mostLagMs: number,
  ) {}

  async standing(): Promise<ReplicaStanding> {
    if (this.nowMs() - this.#checkedMs >= CHECK_EVERY_MS) {
      this.#checking ??= this.#check().finally(() => {
        this.#checking = undefined;
      });
      await this.#checking;
    }
    return this.#standing;
  }

  failed(error: unknown): void {
    this.#standing = AWAY;
    this.#checkedMs = this.nowMs();
    this.#tell('away', { error: describeError(error) });
  }

  close(): Promise<void> {
    return this.replica.close();
  }

  async #check(): Promise<void> {
    try {
      const lagMs = await within(CHECK_TIMEOUT_MS, measureLag(this.primary, this.replica));
      const isFresh = lagMs !== null && lagMs <= this.mostLagMs;
      this.#standing = { db: isFresh ? this.replica : null, lagMs };
      this.#tell(isFresh ? 'used' : lagMs === null ? 'no replica' : 'late', { lagMs });
    } catch (error) {
      this.#standing = AWAY;
      this.#tell('away', { error: describeError(error) });
    }
    this.#checkedMs = this.nowMs();
  }

  #tell(state: keyof typeof MESSAGES, detail: Record<string, unknown>): void {
    if (state === this.#told) return;
    this.#told = state;
    const level = state === 'used' ? 'info' : 'warn';
    this.logger[level](detail, MESSAGES[state]);
  }
}

const MESSAGES = {
  used: 'telemetry is read from the replica',
  late: 'the replica is too far behind: telemetry is read from the primary',
  away: 'the replica cannot be read: telemetry is read from the primary',
  'no replica': 'DATABASE_REPLICA_URL does not lead to a replica: telemetry is read from the primary',
} as const;

/**
 * By how much a replica is behind: not at all where it has replayed everything that the primary had written when it was
 * asked, else since the last commit that it has replayed. `null` for a server that is no replica.
 */
async function measureLag(primary: Database, replica: Database): Promise<number | null> {
  const [head] = await primary.sql<{ lsn: string }[]>`select pg_current_wal_lsn()::text as lsn`;
  for (let tries = 1; ; tries++) {
    const [at] = await replica.sql<{ replica: boolean; reached: boolean | null; behind: number | null }[]>`
      select pg_is_in_recovery() as replica, pg_last_wal_replay_lsn() >= ${head?.lsn ?? null}::text::pg_lsn as reached,
        (extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::float8 as behind`;
    if (at?.replica !== true) return null;
    if (at.reached === true) return 0;
    if (tries >= CATCH_UP_TRIES) return at.behind === null ? null : Math.max(0, Math.round(at.behind));
    await new Promise((resolve) => setTimeout(resolve, CATCH_UP_MS));
  }
}

async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
