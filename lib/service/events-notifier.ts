import type { Logger } from '@/lib/core';
import type { Database } from '@/lib/db';
import { foldCounts, foldDueCounts, notifyEvents, type WriterMemory } from '@/lib/telemetry';
import { describeError } from './describe-error';

const INTERVAL_MS = 300;

/**
 * Folds what has been counted and wakes the readers of telemetry after commits, about three times a second at most, the
 * last commit of a burst included. It stays outside of the commits: what several of them count adds to the same rows, and
 * NOTIFY there would make commits of all nodes wait for each other.
 */
export class EventsNotifier {
  readonly #db: Database;
  readonly #writer: WriterMemory;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #isDue = false;
  #running: Promise<void> = Promise.resolve();

  constructor(db: Database, writer: WriterMemory, logger: Logger) {
    this.#db = db;
    this.#writer = writer;
    this.#logger = logger;
  }

  /** Something has committed. */
  committed(): void {
    this.#isDue = true;
    if (this.#timer === undefined) this.#start();
  }

  /** Folds what is left. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
    await this.#fold(foldCounts);
    await this.#notify();
  }

  #start(): void {
    this.#running = this.#tell();
    // The next one waits for this one, however slow the database is.
    const over = this.#running;
    this.#timer = setTimeout(() => {
      void over.then(() => {
        this.#timer = undefined;
        if (this.#isDue || this.#writer.unfolded.hasRest) this.#start();
      });
    }, INTERVAL_MS);
  }

  async #tell(): Promise<void> {
    const isDue = this.#isDue;
    this.#isDue = false;
    const isFolded = await this.#fold(foldDueCounts);
    if (isDue || isFolded) await this.#notify();
  }

  /** What cannot be folded now is folded from the journal. */
  #fold<Outcome>(fold: (db: Database, writer: WriterMemory) => Promise<Outcome>): Promise<Outcome | null> {
    return fold(this.#db, this.#writer).catch((error: unknown) => {
      this.#warn('counts cannot be folded', error);
      return null;
    });
  }

  /** Readers poll as well: a wake-up that is lost delays them and loses nothing. */
  #notify(): Promise<unknown> {
    return notifyEvents(this.#db.sql, this.#writer.node).catch((error: unknown) =>
      this.#warn('readers of telemetry cannot be woken', error),
    );
  }

  #warn(what: string, error: unknown): void {
    this.#logger.warn({ error: describeError(error) }, what);
  }
}
