import type { Logger } from '@/lib/core';
import type { Database } from '@/lib/db';
import { answerExports, CASE_EXPORTS_CHANNEL } from '@/lib/evidence-archive';
import { describeError } from './describe-error';
import { oneAtATime } from './one-at-a-time';

const POLL_MS = 2_000;

/** Opens archived evidence for people who ask for it in the console. Every node does; one of them answers each request. */
export class CaseExporter {
  readonly #db: Database;
  readonly #answer: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #unlisten: (() => Promise<void>) | undefined;

  constructor(db: Database, archiveKey: Uint8Array, logger: Logger) {
    this.#db = db;
    this.#answer = oneAtATime(async () => {
      try {
        await answerExports(db, archiveKey);
      } catch (error) {
        logger.warn({ error: describeError(error) }, 'archived evidence cannot be exported');
      }
    });
  }

  /** Looks whenever it is woken, and every two seconds in case that was lost. */
  async start(): Promise<void> {
    const wake = () => void this.#answer();
    const subscription = await this.#db.sql.listen(CASE_EXPORTS_CHANNEL, wake, wake);
    this.#unlisten = () => subscription.unlisten();
    this.#timer = setInterval(wake, POLL_MS);
  }

  /** Looks no more, and waits for what is under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#unlisten?.().catch(() => undefined);
    await this.#answer();
  }
}
