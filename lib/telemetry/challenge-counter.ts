import type { Database } from '@/lib/db';
import type { CounterDelta } from './counters';
import { addCounters } from './fold-statements';
import { inTransactionOnDays } from './partitions';
import { bucketOf, MINUTE_MS, sortedByKey } from './rollup';

/** Distinct rows of counts held between two flushes; beyond, counts lose their app. */
const MAX_DELTAS = 10_000;

/**
 * Challenges issued per app, counted in memory of bounded size and written once a second: issuing one writes nothing. A
 * crash may lose the counts of at most the last second, an outage of the database none.
 */
export class ChallengeCounter {
  readonly #db: Database;
  readonly #node: string;
  #deltas = new Map<string, CounterDelta>();

  constructor(db: Database, node: string) {
    this.#db = db;
    this.#node = node;
  }

  /** Counts one challenge. */
  count(appId: string, nowMs: number): void {
    this.#add({ appId, bucketMs: bucketOf(nowMs, MINUTE_MS), name: 'challenge', bin: 0, events: 1 });
  }

  /** Writes what was gathered. What cannot be written is gathered again. */
  async flush(): Promise<void> {
    if (this.#deltas.size === 0) return;
    const deltas = sortedByKey(this.#deltas);
    this.#deltas = new Map();
    try {
      const days = deltas.map(({ bucketMs }) => bucketMs);
      await inTransactionOnDays(this.#db, days, async (sql) => {
        await addCounters(sql, deltas, this.#node);
      });
    } catch (error) {
      for (const delta of deltas) this.#add(delta);
      throw error;
    }
  }

  #add(delta: CounterDelta): void {
    const key = counterKey(delta);
    const known = this.#deltas.get(key);
    if (known !== undefined) known.events += delta.events;
    else if (this.#deltas.size < MAX_DELTAS || delta.appId === '') this.#deltas.set(key, { ...delta });
    else this.#add({ ...delta, appId: '' });
  }
}

/** Identity of a counter's row. */
function counterKey({ appId, bucketMs, name, bin }: CounterDelta): string {
  return `${appId}\n${bucketMs}\n${name}\n${bin}`;
}
