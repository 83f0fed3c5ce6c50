import type { BlockDecision } from '@/lib/block-list';
import type { Database } from '@/lib/db';
import { addHits, type BlockHit } from './store';

/** Distinct decisions whose hits are held between two flushes; those beyond are not counted. */
const MAX_HITS = 10_000;
const HOUR_MS = 3_600_000;

/**
 * What decisions refused, lifted or would have refused, counted in memory of bounded size and written once a second. A
 * crash may lose the counts of at most the last second.
 */
export class BlockHits {
  readonly #db: Database;
  readonly #node: string;
  #hits = new Map<string, BlockHit>();

  constructor(db: Database, node: string) {
    this.#db = db;
    this.#node = node;
  }

  /** Counts one decision for every entry that had a part in it. */
  count(kind: 'attestations' | 'requests', decision: BlockDecision, nowMs: number): void {
    const hourMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
    const { block, liftedBy, simulated } = decision;
    for (const id of [block?.id, liftedBy?.id, ...simulated]) {
      if (id === undefined) continue;
      const hit = { blockId: id, hourMs, attestations: 0, requests: 0 };
      hit[kind] = 1;
      this.#add(hit);
    }
  }

  /** Writes what was gathered. What cannot be written is gathered again. */
  async flush(): Promise<void> {
    if (this.#hits.size === 0) return;
    const hits = [...this.#hits].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, hit]) => hit);
    this.#hits = new Map();
    try {
      await addHits(this.#db, this.#node, hits);
    } catch (error) {
      for (const hit of hits) this.#add(hit);
      throw error;
    }
  }

  #add(hit: BlockHit): void {
    const key = `${hit.blockId} ${hit.hourMs}`;
    const known = this.#hits.get(key);
    if (known !== undefined) {
      known.attestations += hit.attestations;
      known.requests += hit.requests;
    } else if (this.#hits.size < MAX_HITS) this.#hits.set(key, hit);
  }
}
