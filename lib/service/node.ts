import type { Logger } from '@/lib/core';
import type { Database, DatabaseClock } from '@/lib/db';
import { describeError } from './describe-error';
import { acknowledge, type NodeReport, reportNode, retireNode } from './store';

const HEARTBEAT_MS = 1_000;

/** Tells the database that this node lives, how far it is, and how far its clock is off. */
export class NodeReporter {
  readonly #db: Database;
  readonly #clock: DatabaseClock;
  readonly #logger: Logger;
  readonly #describe: () => NodeReport;
  #timer: NodeJS.Timeout | undefined;
  #isReporting = false;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #acknowledged: number;
  #enforced: number;
  #isAcknowledging = false;

  constructor(options: { db: Database; clock: DatabaseClock; logger: Logger; describe: () => NodeReport }) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#describe = options.describe;
    // What the first snapshot held needs no acknowledgement.
    this.#acknowledged = this.#enforced = options.describe().appliedSeq;
  }

  /** Announces the node and keeps reporting. Rejects where the database cannot be written. */
  async start(): Promise<void> {
    await this.#report(true);
    this.#timer = setInterval(() => {
      this.#beat().catch((error: unknown) =>
        this.#logger.warn({ error: describeError(error) }, 'the node cannot report'),
      );
    }, HEARTBEAT_MS);
  }

  /** Milliseconds since the node last wrote to the database. */
  get silentMs(): number {
    return this.#clock.monotonicMs() - this.#reportedAt;
  }

  /**
   * Acknowledges that everything up to `seq` is enforced: at once, or as soon as the acknowledgement before is
   * written, in which case only the newest is. One that cannot be written is repeated with the next report.
   */
  enforced(seq: number): void {
    this.#enforced = seq;
    if (!this.#isAcknowledging) this.#acknowledge();
  }

  /** Says good-bye, unless the database is away. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await retireNode(this.#db, this.#describe().id);
  }

  #acknowledge(): void {
    const seq = this.#enforced;
    if (seq === this.#acknowledged) return;
    this.#isAcknowledging = true;
    acknowledge(this.#db, this.#describe().id, seq).then(
      () => {
        this.#isAcknowledging = false;
        this.#acknowledged = seq;
        this.#acknowledge();
      },
      (error: unknown) => {
        this.#isAcknowledging = false;
        this.#logger.warn({ error: describeError(error), seq }, 'an acknowledgement cannot be written');
      },
    );
  }

  async #beat(): Promise<void> {
    if (this.#isReporting) return;
    this.#isReporting = true;
    try {
      await this.#report(false);
      if (!this.#isAcknowledging) this.#acknowledge();
    } finally {
      this.#isReporting = false;
    }
  }

  async #report(isStart: boolean): Promise<void> {
    const askedAt = this.#clock.monotonicMs();
    const databaseMs = await reportNode(this.#db, this.#describe(), isStart);
    this.#clock.observe(databaseMs, askedAt);
    this.#reportedAt = this.#clock.monotonicMs();
  }
}
