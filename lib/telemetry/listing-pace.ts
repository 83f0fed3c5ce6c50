/** A writer's rate is taken anew after this long. */
const WINDOW_MS = 250;
/** For each attestation a second that a writer commits, a device may be this far behind its place. */
const MS_PER_RATE = 1_000;
const LEAST_MS = 10_000;
const MOST_MS = 30 * 60_000;

/**
 * How far a device's place in lists may be behind the time at which it was last seen. Moving it up writes each of its index
 * entries anew, which costs as much as the rest of the update: the more a writer has to commit, the rarer it is done, down to
 * twice an hour. Few devices are listed as they come.
 */
export class ListingPace {
  readonly #nowMs: () => number;
  #since: number;
  #count = 0;
  #everyMs = LEAST_MS;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
    this.#since = nowMs();
  }

  /** Takes note of attestations that are to be committed; returns how far behind places may be, in milliseconds. */
  next(count: number): number {
    this.#count += count;
    const now = this.#nowMs();
    const elapsedMs = now - this.#since;
    if (elapsedMs >= WINDOW_MS) {
      const perSecond = this.#count / (elapsedMs / 1_000);
      // A pause says little of the fleet: what was learnt before it is given up by halves.
      const everyMs = Math.max(perSecond * MS_PER_RATE, LEAST_MS, this.#everyMs / 2);
      this.#everyMs = Math.min(everyMs, MOST_MS);
      this.#since = now;
      this.#count = 0;
    }
    return this.#everyMs;
  }
}
