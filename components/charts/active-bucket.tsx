'use client';

import { type RefObject, useEffect } from 'react';
import { createPortal } from 'react-dom';
import { useActiveTooltipDataPoints, useIsTooltipActive } from 'recharts';
import { formatExact } from '@/components/ui/time-format';
import type { TimeBucket } from './prepare-points';

export interface ActiveBucketProps<Bucket extends TimeBucket> {
  points: readonly Bucket[];
  /** What a bucket holds, in words: "1,204 attestations". */
  say: (bucket: Bucket) => string;
  timeZone: string;
  /** Where the bucket is said to assistive technology; `null` until that element is there. */
  live: HTMLElement | null;
  /** Receives the bucket's index, or `null` where none is active. */
  active: RefObject<number | null>;
}

/** Inside a chart by recharts: says which bucket is active, and remembers it for the keyboard. Draws nothing. */
export function ActiveBucket<Bucket extends TimeBucket>({
  points,
  say,
  timeZone,
  live,
  active,
}: ActiveBucketProps<Bucket>) {
  const [point] = useActiveTooltipDataPoints<Bucket>() ?? [];
  const shown = useIsTooltipActive() ? point : undefined;
  useEffect(() => {
    const index = points.findIndex(({ atMs }) => atMs === shown?.atMs);
    active.current = index === -1 ? null : index;
  }, [points, shown, active]);
  if (live === null || shown === undefined) return null;
  const filling = shown.incomplete ? ', still filling' : '';
  return createPortal(`${formatExact(shown.atMs, timeZone)}${filling}: ${say(shown)}`, live);
}
