const FIRST_MS = 250;
const MOST_MS = 10_000;
const STABLE_MS = 30_000;

/** How long to wait before something that ended is started again. */
export interface Backoff {
  /** @param livedMs - how long it had been running. */
  nextMs(livedMs: number): number;
}

/** A quarter of a second, doubled each time up to ten; what ran for half a minute starts over. */
export function createBackoff(): Backoff {
  let waitMs = FIRST_MS;
  return {
    nextMs(livedMs) {
      if (livedMs >= STABLE_MS) waitMs = FIRST_MS;
      const current = waitMs;
      waitMs = Math.min(waitMs * 2, MOST_MS);
      return current;
    },
  };
}
