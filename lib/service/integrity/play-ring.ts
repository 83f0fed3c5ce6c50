import type { KeyObject } from 'node:crypto';
import type { Logger } from '@/lib/core';
import type { Database } from '@/lib/db';
import { type OpenedIntegrity, openIntegrity, selectSealed } from '@/lib/integrity';
import { withDeadline } from '../deadline';
import { describeError } from '../describe-error';
import type { AppEntry } from '../snapshot/state';

const RETRY_MS = 2_000;
const OPENING_MS = 1_000;

interface RingEntry {
  readonly revision: number;
  readonly opened: OpenedIntegrity;
}

/** The secrets of Play Integrity of every app that uses it, opened and in memory only. */
export class PlayRing {
  readonly #db: Database;
  readonly #vaultKey: KeyObject;
  readonly #logger: Logger;
  readonly #apps: () => Iterable<AppEntry>;
  #entries: ReadonlyMap<string, RingEntry> = new Map();
  #isDue = false;
  #opening: Promise<void> | undefined;

  constructor(options: {
    db: Database;
    vaultKey: KeyObject;
    logger: Logger;
    apps: () => Iterable<AppEntry>;
  }) {
    this.#db = options.db;
    this.#vaultKey = options.vaultKey;
    this.#logger = options.logger;
    this.#apps = options.apps;
  }

  /** The newest secrets of an app that have been opened; `undefined` where there are none. */
  of({ app }: AppEntry): OpenedIntegrity | undefined {
    return this.#entries.get(app.id)?.opened;
  }

  /** The same; where newer ones are just being opened, waits for that, but for no outage of the database. */
  async current(entry: AppEntry): Promise<OpenedIntegrity | undefined> {
    const { app } = entry;
    if (this.#entries.get(app.id)?.revision !== app.integrityRevision && this.#opening !== undefined) {
      await withDeadline(this.#opening, OPENING_MS).catch(() => undefined);
    }
    return this.of(entry);
  }

  /** Opens what is new, and forgets what no app uses any more. Rejects where the database cannot be read. */
  async open(): Promise<void> {
    const wanted = new Map<string, number>();
    for (const { app } of this.#apps()) {
      if (app.integrityRequest !== null) wanted.set(app.id, app.integrityRevision);
    }
    const kept = new Map([...this.#entries].filter(([id, { revision }]) => wanted.get(id) === revision));
    const missing = [...wanted.keys()].filter((id) => !kept.has(id));
    for (const row of await selectSealed(this.#db.orm, missing)) {
      const opened = await openIntegrity(this.#vaultKey, row);
      if (opened.unreadable.length > 0) {
        this.#logger.error(
          { appId: row.appId, what: opened.unreadable },
          'secrets of Play Integrity cannot be opened',
        );
      }
      kept.set(row.appId, { revision: wanted.get(row.appId) ?? 0, opened });
    }
    this.#entries = kept;
  }

  /** The same in the background: one reading at a time, and again later where it failed. */
  refresh(): void {
    this.#isDue = true;
    this.#opening ??= this.#openDue().finally(() => {
      this.#opening = undefined;
    });
  }

  async #openDue(): Promise<void> {
    while (this.#isDue) {
      this.#isDue = false;
      try {
        await this.open();
      } catch (error) {
        this.#logger.error({ error: describeError(error) }, 'secrets of Play Integrity cannot be read');
        setTimeout(() => this.refresh(), RETRY_MS).unref();
      }
    }
  }
}
