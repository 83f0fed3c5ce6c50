/*
 * The scale on which durations of attestations are counted: six bins to a power of ten, each half as wide again as the one
 * before, from 100 µs to 10 s. A percentile read from it is right to within its bin.
 */

const FIRST_US = 100;
const BINS_PER_DECADE = 6;
const DECADES = 5;
/** Bins up to 10 s, with bin 0 for all that is shorter than 100 µs; the one after them holds all that is longer. */
const LAST_BOUNDED = BINS_PER_DECADE * DECADES;

/** How many bins there are. */
export const LATENCY_BINS = LAST_BOUNDED + 2;

/** Upper bound of each bin in whole microseconds, itself included. */
const UPPER_US: readonly number[] = Array.from({ length: LATENCY_BINS }, (_, bin) =>
  bin > LAST_BOUNDED ? Number.POSITIVE_INFINITY : Math.round(FIRST_US * 10 ** (bin / BINS_PER_DECADE)),
);

/** The bin that a duration falls into. Total: what is no positive number is shortest. */
export function latencyBin(latencyUs: number): number {
  if (!(latencyUs > FIRST_US)) return 0;
  // The logarithm is inexact at the bounds themselves, which are whole numbers and decide.
  const guess = Math.ceil(Math.log10(latencyUs / FIRST_US) * BINS_PER_DECADE);
  const bin = Math.min(guess, LATENCY_BINS - 1);
  if (latencyUs > latencyBinUpperUs(bin)) return bin + 1;
  return latencyUs <= latencyBinUpperUs(bin - 1) ? bin - 1 : bin;
}

/** The longest duration that a bin holds, in microseconds; infinite for the last, and for a bin that does not exist. */
export function latencyBinUpperUs(bin: number): number {
  return UPPER_US[bin] ?? Number.POSITIVE_INFINITY;
}
