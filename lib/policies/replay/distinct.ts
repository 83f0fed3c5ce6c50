const MOST_KEPT = 16_384;

/**
 * Counts distinct ids in bounded memory: exactly up to 16,384 of them, and estimated above from those whose hash falls into
 * an ever smaller part (Wegman's adaptive sampling, standard error below 1 %).
 */
export class DistinctCounter {
  readonly #kept = new Set<number>();
  #depth = 0;
  #mask = 0;

  /** Adds an id by its hash, as `hashOf` gives it. */
  add(hash: number): void {
    if ((hash & this.#mask) !== 0) return;
    this.#kept.add(hash);
    while (this.#kept.size > MOST_KEPT) {
      this.#depth += 1;
      this.#mask = 2 ** this.#depth - 1;
      for (const kept of this.#kept) if ((kept & this.#mask) !== 0) this.#kept.delete(kept);
    }
  }

  get count(): number {
    return this.#kept.size * 2 ** this.#depth;
  }
}

/** 31 bits of a part of a text, well mixed. */
export function hashOf(text: string, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) & 0x7fffffff;
}
