/** A source of the present time. Verbs take one, so that tests decide what time it is. */
export interface Clock {
  /** The present, in milliseconds since the Unix epoch. */
  nowMs(): number;
}

/** The clock of this machine. */
export const systemClock: Clock = { nowMs: () => Date.now() };

/** A clock that stands still until it is moved. */
export function fixedClock(startMs: number): Clock & { advance(ms: number): void } {
  let current = startMs;
  return {
    nowMs: () => current,
    advance: (ms) => {
      current += ms;
    },
  };
}
