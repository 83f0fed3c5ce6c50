'use client';

import { type RefObject, useEffect } from 'react';
import { createPortal } from 'react-dom';
import { useActiveTooltipDataPoints, useIsTooltipActive } from 'recharts';
import { plural } from '@/components/ui/format';
import { formatExact } from '@/components/ui/time-format';
import type { VerdictPoint } from './prepare-points';

export interface ActiveBucketProps {
  points: readonly VerdictPoint[];
  timeZone: string;
  /** Where the bucket is said to assistive technology; `null` until that element is there. */
  live: HTMLElement | null;
  /** Receives the bucket's index, or `null` where none is active. */
  active: RefObject<number | null>;
}

/** Inside a chart by recharts: says which bucket is active, and remembers it for the keyboard. Draws nothing. */
export function ActiveBucket({ points, timeZone, live, active }: ActiveBucketProps) {
  const [point] = useActiveTooltipDataPoints<VerdictPoint>() ?? [];
  const shown = useIsTooltipActive() ? point : undefined;
  useEffect(() => {
    const index = points.findIndex(({ atMs }) => atMs === shown?.atMs);
    active.current = index === -1 ? null : index;
  }, [points, shown, active]);
  if (live === null || shown === undefined) return null;
  const amount = shown.total === null ? 'nothing recorded' : plural(shown.total, 'attestation');
  const filling = shown.incomplete ? ', still filling' : '';
  return createPortal(`${formatExact(shown.atMs, timeZone)}${filling}: ${amount}`, live);
}
