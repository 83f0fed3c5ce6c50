import type { KeyObject } from 'node:crypto';
import { openKeyValues } from '@/lib/api-keys';
import type { Logger } from '@/lib/core';
import type { Database } from '@/lib/db';
import { describeError } from '../describe-error';

const RETRY_MS = 2_000;

/** The values of API keys that this node may give out, opened and in memory only. */
export class KeyRing {
  readonly #db: Database;
  readonly #vaultPrivateKey: KeyObject;
  readonly #logger: Logger;
  #values: ReadonlyMap<string, string> = new Map();
  #isDue = false;
  #isOpening = false;

  private constructor(options: { db: Database; vaultPrivateKey: KeyObject; logger: Logger }) {
    this.#db = options.db;
    this.#vaultPrivateKey = options.vaultPrivateKey;
    this.#logger = options.logger;
  }

  /** Opens every value; one that does not open is logged, and is given to nobody. */
  static async open(options: { db: Database; vaultPrivateKey: KeyObject; logger: Logger }): Promise<KeyRing> {
    const ring = new KeyRing(options);
    await ring.#open();
    return ring;
  }

  /** The value of a version; `undefined` where it has not been opened. */
  value(keyId: string, version: number): string | undefined {
    return this.#values.get(`${keyId}/${version}`);
  }

  /** Opens what was made since, and forgets what was revoked: one reading at a time, and again later where it failed. */
  refresh(): void {
    this.#isDue = true;
    if (this.#isOpening) return;
    this.#isOpening = true;
    this.#openDue().finally(() => {
      this.#isOpening = false;
    });
  }

  async #openDue(): Promise<void> {
    while (this.#isDue) {
      this.#isDue = false;
      try {
        await this.#open();
      } catch (error) {
        this.#logger.error({ error: describeError(error) }, 'API keys cannot be read');
        setTimeout(() => this.refresh(), RETRY_MS).unref();
      }
    }
  }

  async #open(): Promise<void> {
    const { values, unreadable } = await openKeyValues(this.#db.orm, this.#vaultPrivateKey, this.#values);
    this.#values = values;
    for (const { id, code } of unreadable) this.#logger.error({ id, code }, 'an API key cannot be opened');
  }
}
