import { ACKS_CHANNEL, CHANGES_CHANNEL, EVENTS_CHANNEL } from '@/lib/changes';
import { describeError, type Logger } from '@/lib/core';
import type { Database } from '@/lib/db';

/** Channels whose notifications hasten the feed. */
const LIVE_CHANNELS = { events: EVENTS_CHANNEL, changes: CHANGES_CHANNEL, acks: ACKS_CHANNEL } as const;
export type LiveChannel = keyof typeof LIVE_CHANNELS;

const PROBE_CHANNEL = 'countersign_live_probe';
const PROBE_EVERY_MS = 3_000;

/**
 * Listens on a connection of its own. It asks itself every 3 s whether notifications still arrive, and opens another
 * connection where they do not: after a restart of the database, or where a connection died without a word.
 */
export class LiveListener {
  #database: Database | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #heard = false;
  #opening = false;
  #closed = false;

  constructor(
    private readonly open: () => Database,
    private readonly onNotification: (channel: LiveChannel, payload: string) => void,
    private readonly logger: Logger,
  ) {}

  /** Begins to listen; never fails, but tries again until it succeeds. */
  start(): void {
    this.#timer = setInterval(() => void this.#probe(), PROBE_EVERY_MS);
    this.#timer.unref();
    void this.#connect();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#drop();
  }

  async #connect(): Promise<void> {
    if (this.#opening || this.#closed) return;
    this.#opening = true;
    try {
      await this.#drop();
      const database = this.open();
      this.#database = database;
      await database.sql.listen(PROBE_CHANNEL, () => {
        this.#heard = true;
      });
      for (const channel of Object.keys(LIVE_CHANNELS) as LiveChannel[]) {
        await database.sql.listen(LIVE_CHANNELS[channel], (payload) => this.onNotification(channel, payload));
      }
      this.#heard = true;
    } catch (error) {
      this.#heard = false;
      if (!this.#closed) this.logger.warn({ error: describeError(error) }, 'live listener could not connect');
    } finally {
      this.#opening = false;
    }
  }

  /** Whether the probe of last time came back; then sends another. */
  async #probe(): Promise<void> {
    if (!this.#heard) return this.#connect();
    this.#heard = false;
    try {
      await this.#database?.sql.notify(PROBE_CHANNEL, '');
    } catch (error) {
      this.logger.warn({ error: describeError(error) }, 'live listener lost its connection');
    }
  }

  async #drop(): Promise<void> {
    const database = this.#database;
    this.#database = undefined;
    // The connection may be dead already, which is why it is dropped.
    await database?.close().catch(() => undefined);
  }
}
