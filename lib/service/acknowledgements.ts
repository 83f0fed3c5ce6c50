import type { Logger } from '@/lib/core';
import type { Database } from '@/lib/db';
import { type Acknowledgement, MOST_REPLICAS_OF_ONE, writeAcknowledgements } from '@/lib/relying-parties';
import { describeError } from './describe-error';

const FLUSH_MS = 1_000;
/** How often it is written down of a process, at most, that it is there; a new position is written at once. */
const SEEN_EVERY_MS = 10_000;
const FORGET_AFTER_MS = 600_000;
/** Rows of one statement. */
const MOST_AT_ONCE = 1_000;

interface Heard {
  ack: Acknowledgement;
  heardMs: number;
  writtenMs: number;
  isDue: boolean;
}

/**
 * What relying parties say that they have applied, gathered in memory of bounded size and written in batches, one row for
 * each process of theirs. A position that is new goes at once, together with all that came while the batch before was
 * written. What is lost with this node, or cannot be written, is said again with the next question.
 */
export class Acknowledgements {
  readonly #db: Database;
  readonly #logger: Logger;
  readonly #heard = new Map<string, Heard>();
  readonly #replicas = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #isWriting = false;

  constructor(db: Database, logger: Logger) {
    this.#db = db;
    this.#logger = logger;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#forget();
      void this.#flush();
    }, FLUSH_MS);
  }

  /** Takes note of a question. Of one credential only so many names of processes count: they cost a row each. */
  heard(ack: Acknowledgement): void {
    const key = `${ack.partyId} ${ack.replica}`;
    const nowMs = performance.now();
    const known = this.#heard.get(key);
    if (known === undefined) {
      const replicas = this.#replicas.get(ack.partyId) ?? 0;
      if (replicas >= MOST_REPLICAS_OF_ONE) return;
      this.#replicas.set(ack.partyId, replicas + 1);
      this.#heard.set(key, { ack, heardMs: nowMs, writtenMs: Number.NEGATIVE_INFINITY, isDue: true });
      void this.#flush();
      return;
    }
    const isNew = ack.epoch !== null && (ack.epoch !== known.ack.epoch || ack.seq > known.ack.seq);
    known.heardMs = nowMs;
    if (isNew) known.ack = ack;
    known.isDue ||= isNew || nowMs - known.writtenMs >= SEEN_EVERY_MS;
    if (isNew) void this.#flush();
  }

  /** Writes what is due, and nothing more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    try {
      for (;;) {
        const due = [...this.#heard].filter(([, { isDue }]) => isDue).slice(0, MOST_AT_ONCE);
        if (due.length === 0) return;
        for (const [, one] of due) {
          one.isDue = false;
          one.writtenMs = performance.now();
        }
        await this.#write(due.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one));
      }
    } catch (error) {
      this.#logger.warn(
        { error: describeError(error) },
        'acknowledgements of relying parties cannot be written',
      );
    } finally {
      this.#isWriting = false;
    }
  }

  async #write(due: readonly Heard[]): Promise<void> {
    try {
      await writeAcknowledgements(
        this.#db,
        due.map(({ ack }) => ack),
      );
    } catch (error) {
      for (const one of due) one.isDue = true;
      throw error;
    }
  }

  #forget(): void {
    const oldestMs = performance.now() - FORGET_AFTER_MS;
    for (const [key, { ack, heardMs }] of this.#heard) {
      if (heardMs > oldestMs) continue;
      this.#heard.delete(key);
      const left = (this.#replicas.get(ack.partyId) ?? 1) - 1;
      if (left > 0) this.#replicas.set(ack.partyId, left);
      else this.#replicas.delete(ack.partyId);
    }
  }
}
