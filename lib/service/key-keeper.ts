import type { Logger } from '@/lib/core';
import type { SealingPublicJwk } from '@/lib/crypto';
import type { Database } from '@/lib/db';
import { advanceSigningKeys, SIGNING_KEYS_CHANNEL } from '@/lib/signing-keys';
import { describeError } from './describe-error';
import { oneAtATime } from './one-at-a-time';

const POLL_MS = 5_000;

/**
 * Performs what is due for the signing keys: what the console asked for, what a revocation left undone, what has run out.
 * Every node does, so that it needs no particular one; of several at once one does the work. What fails is tried again.
 */
export class KeyKeeper {
  readonly #advance: () => Promise<void>;
  readonly #db: Database;
  #timer: NodeJS.Timeout | undefined;
  #unlisten: (() => Promise<void>) | undefined;
  #isDue = false;

  constructor(db: Database, vaultKey: SealingPublicJwk, logger: Logger) {
    this.#db = db;
    this.#advance = oneAtATime(async () => {
      while (this.#isDue) {
        this.#isDue = false;
        try {
          const steps = await advanceSigningKeys(db, vaultKey);
          if (steps.length > 0) logger.info({ steps }, 'signing keys moved on');
        } catch (error) {
          logger.warn({ error: describeError(error) }, 'signing keys cannot be moved on');
        }
      }
    });
  }

  /** Looks now, whenever it is woken, and every five seconds in case that was lost. */
  async start(): Promise<void> {
    const wake = () => this.wake();
    const subscription = await this.#db.sql.listen(SIGNING_KEYS_CHANNEL, wake, wake);
    this.#unlisten = () => subscription.unlisten();
    this.#timer = setInterval(wake, POLL_MS);
  }

  /** Looks now; nobody waits for it. */
  wake(): void {
    this.#isDue = true;
    void this.#advance();
  }

  /** Looks no more, and waits for what is under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#unlisten?.().catch(() => undefined);
    this.#isDue = false;
    await this.#advance();
  }
}
