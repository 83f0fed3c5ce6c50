import type { Logger } from '@/lib/core';
import type { Database } from '@/lib/db';
import { notifyEvents } from '@/lib/telemetry';
import { describeError } from './describe-error';

const INTERVAL_MS = 300;

/**
 * Folds what has been counted and wakes the readers of telemetry after commits, about three times a second at most, the
 * last commit of a burst included. It stays outside of the commits: what several of them count adds to the same rows, and
 * NOTIFY there would make commits of all nodes wait for each other.
 */
export class EventsNotifier {
  readonly #db: Database;
  readonly #node: string;
  readonly #logger: Logger;
  readonly #fold: () => Promise<unknown>;
  #timer: NodeJS.Timeout | undefined;
  #isDue = false;
  #running: Promise<void> = Promise.resolve();

  constructor(db: Database, node: string, logger: Logger, fold: () => Promise<unknown>) {
    this.#db = db;
    this.#node = node;
    this.#logger = logger;
    this.#fold = fold;
  }

  /** Something has committed. */
  committed(): void {
    if (this.#timer === undefined) this.#start();
    else this.#isDue = true;
  }

  /** Folds what is left. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
    await this.#tell();
  }

  #start(): void {
    this.#isDue = false;
    this.#running = this.#tell();
    // The next one waits for this one, however slow the database is.
    const over = this.#running;
    this.#timer = setTimeout(() => {
      void over.then(() => {
        this.#timer = undefined;
        if (this.#isDue) this.#start();
      });
    }, INTERVAL_MS);
  }

  async #tell(): Promise<void> {
    // What cannot be folded now is folded from the journal.
    await this.#fold().catch(this.#warn('counts cannot be folded'));
    // Readers poll as well: a wake-up that is lost delays them and loses nothing.
    await notifyEvents(this.#db.sql, this.#node).catch(this.#warn('readers of telemetry cannot be woken'));
  }

  #warn(what: string): (error: unknown) => void {
    return (error) => this.#logger.warn({ error: describeError(error) }, what);
  }
}
