import { restoreConfigVersions } from '@/lib/certificates';
import type { Logger } from '@/lib/core';
import { restoreCutOffs } from '@/lib/cut-offs';
import type { Database } from '@/lib/db';
import { restoreKeyRevocations } from '@/lib/signing-keys';
import { describeError } from './describe-error';
import type { Forgotten } from './snapshot/carry';

const RETRY_MS = 2_000;

/**
 * Writes back what was revoked where the database has forgotten it, so that it also holds for nodes that start later, and
 * puts versions of app configurations past those that devices have seen.
 * It is tried until it is written: nothing else would ever ask for it.
 */
export class RevocationMemory {
  readonly #db: Database;
  readonly #logger: Logger;

  constructor(db: Database, logger: Logger) {
    this.#db = db;
    this.#logger = logger;
  }

  /** Begins to write it back; nobody waits for it. */
  restore(forgotten: Forgotten): void {
    this.#write(forgotten).catch((error: unknown) => {
      this.#logger.error(
        { error: describeError(error) },
        'what the database had forgotten cannot be written back',
      );
      setTimeout(() => this.restore(forgotten), RETRY_MS).unref();
    });
  }

  async #write({ cutOffs, kids, configs }: Forgotten): Promise<void> {
    const restoredCutOffs = await restoreCutOffs(this.#db, cutOffs);
    const restoredKeys = await restoreKeyRevocations(this.#db, kids);
    const raisedConfigs = await restoreConfigVersions(this.#db, configs);
    if (restoredCutOffs + restoredKeys + raisedConfigs === 0) return;
    this.#logger.warn(
      { restoredCutOffs, restoredKeys, raisedConfigs },
      'the database had forgotten what was revoked or published',
    );
  }
}
