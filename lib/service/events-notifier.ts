import type { Logger } from '@/lib/core';
import type { Database } from '@/lib/db';
import { notifyEvents } from '@/lib/telemetry';
import { describeError } from './describe-error';

const INTERVAL_MS = 200;

/**
 * Wakes the readers of telemetry after commits, five times a second at most, the last commit of a burst included. It
 * stays outside the transaction: NOTIFY there would make commits of all nodes wait for each other.
 */
export class EventsNotifier {
  readonly #db: Database;
  readonly #node: string;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #isDue = false;

  constructor(db: Database, node: string, logger: Logger) {
    this.#db = db;
    this.#node = node;
    this.#logger = logger;
  }

  /** Something has committed. */
  committed(): void {
    if (this.#timer === undefined) this.#send();
    else this.#isDue = true;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #send(): void {
    this.#isDue = false;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isDue) this.#send();
    }, INTERVAL_MS);
    // Readers poll as well: a wake-up that is lost delays them and loses nothing.
    notifyEvents(this.#db.sql, this.#node).catch((error: unknown) =>
      this.#logger.warn({ error: describeError(error) }, 'readers of telemetry cannot be woken'),
    );
  }
}
