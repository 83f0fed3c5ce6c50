const HOUR = 3_600;
const DAY = 24 * HOUR;

/** Blocks that ended longer ago than this are no repetition. */
export const OFFENCE_DAYS = 90;

/** What is suggested for the first block of somebody within 90 days, the second, and so on; `null`: until it is lifted. */
const LADDER: readonly (number | null)[] = [DAY, 7 * DAY, 30 * DAY];

/** How long to block who was blocked this often within the last 90 days. A suggestion: a person decides. */
export function suggestedSeconds(offences: number): number | null {
  return LADDER[offences] ?? null;
}

/**
 * How long a rule blocks who was blocked this often within the last 90 days: as long as it says, then the next longer steps,
 * and the longest again from then on. What nobody looked at always ends by itself.
 */
export function escalatedSeconds(firstSeconds: number, offences: number): number {
  const steps = [
    firstSeconds,
    ...LADDER.flatMap((step) => (step !== null && step > firstSeconds ? step : [])),
  ];
  return steps[Math.min(offences, steps.length - 1)] ?? firstSeconds;
}
