'use client';

import { cx } from './cx';
import { formatClock, formatExact, formatRelative, type TimeStyle } from './time-format';
import { useNowMs, useTimeZone } from './use-viewer';

export interface TimeProps {
  /** RFC 3339, or milliseconds since the epoch. */
  at: string | number;
  /** `relative` (default) keeps itself current; `clock` is for rows of one day; `exact` is the whole moment. */
  format?: TimeStyle;
  className?: string;
}

/** A moment in the viewer's time zone, with the exact one in its tooltip and its `dateTime`. */
export function Time({ at, format = 'relative', className }: TimeProps) {
  const nowMs = useNowMs();
  const zone = useTimeZone();
  const atMs = typeof at === 'number' ? at : Date.parse(at);
  const exact = formatExact(atMs, zone);
  const shown: Record<TimeStyle, () => string> = {
    relative: () => (nowMs === null ? exact : formatRelative(atMs, nowMs)),
    clock: () => formatClock(atMs, zone),
    exact: () => exact,
  };
  return (
    <time
      dateTime={new Date(atMs).toISOString()}
      data-tooltip={format === 'exact' ? undefined : exact}
      className={cx('whitespace-nowrap', format === 'clock' && 'font-mono text-sm', className)}
    >
      {shown[format]()}
    </time>
  );
}
