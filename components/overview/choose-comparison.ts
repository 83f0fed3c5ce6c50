/** What can be compared: the period with the one before it, or two app versions. */
export const COMPARISONS = ['period', 'appVersion'] as const;

/** A comparison as the API takes it. */
export type ChosenComparison =
  | { by: 'period'; a?: never; b?: never }
  | { by: 'appVersion'; a: string; b: string };

export interface ComparisonParams {
  compare: (typeof COMPARISONS)[number] | null;
  a: string | null;
  b: string | null;
}

/**
 * The comparison that URL members state. Where a version is missing, the most used one that is not on the other side
 * stands in; `null` where there are no two.
 */
export function chooseComparison(
  { compare, a, b }: ComparisonParams,
  versions: readonly string[],
): ChosenComparison | null {
  if (compare === null) return null;
  if (compare === 'period') return { by: 'period' };
  const first = a ?? versions.find((version) => version !== b);
  const second = b ?? versions.find((version) => version !== first);
  if (first === undefined || second === undefined) return null;
  return { by: 'appVersion', a: first, b: second };
}

/**
 * The period before a series, in as many whole buckets as fit, so that bucket stands against bucket; `null` without any.
 * The bucket that is still filling has no like.
 */
export function periodBefore({
  from,
  to,
  bucketSeconds,
}: {
  from: string;
  to: string;
  bucketSeconds: number;
}): { from: string; to: string } | null {
  const bucketMs = bucketSeconds * 1_000;
  const fromMs = Date.parse(from);
  const buckets = Math.floor((Date.parse(to) - fromMs) / bucketMs);
  if (buckets < 1) return null;
  return { from: new Date(fromMs - buckets * bucketMs).toISOString(), to: new Date(fromMs).toISOString() };
}
