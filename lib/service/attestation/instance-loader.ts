import { AppError } from '@/lib/core';
import type { StoredInstance } from '@/lib/telemetry';
import { withDeadline } from '../deadline';

/** Reads many instances at once. */
export type SelectInstances = (ids: readonly string[]) => Promise<Map<string, StoredInstance>>;

const TIMEOUT_MS = 2_000;
const MAX_WAITING = 5_000;

interface Waiting {
  resolve(instance: StoredInstance | undefined): void;
  reject(error: AppError): void;
}

/**
 * Looks instances up, one statement for all that are asked for while the one before runs. Nothing is remembered: what a
 * key may do is always read from what has committed.
 */
export class InstanceLoader {
  readonly #select: SelectInstances;
  #waiting = new Map<string, Waiting[]>();
  #count = 0;
  #isReading = false;

  constructor(select: SelectInstances) {
    this.#select = select;
  }

  /** The instance of this id, if there is one. @throws AppError `service_unavailable`, after 2 s at the latest */
  load(id: string): Promise<StoredInstance | undefined> {
    if (this.#count >= MAX_WAITING) return Promise.reject(new AppError('service_unavailable'));
    const loaded = new Promise<StoredInstance | undefined>((resolve, reject) => {
      const others = this.#waiting.get(id);
      if (others === undefined) this.#waiting.set(id, [{ resolve, reject }]);
      else others.push({ resolve, reject });
      this.#count += 1;
    });
    if (!this.#isReading) this.#read();
    return withDeadline(loaded, TIMEOUT_MS);
  }

  #read(): void {
    this.#isReading = true;
    setImmediate(() => {
      const batch = this.#waiting;
      this.#waiting = new Map();
      this.#select([...batch.keys()]).then(
        (found) => this.#finish(batch, (id, { resolve }) => resolve(found.get(id))),
        (cause: unknown) =>
          this.#finish(batch, (_, { reject }) => reject(new AppError('service_unavailable', { cause }))),
      );
    });
  }

  #finish(batch: Map<string, Waiting[]>, settle: (id: string, waiting: Waiting) => void): void {
    for (const [id, all] of batch) {
      this.#count -= all.length;
      for (const waiting of all) settle(id, waiting);
    }
    if (this.#waiting.size > 0) this.#read();
    else this.#isReading = false;
  }
}
