'use client';

import { Time } from '@/components/ui/time';
import { formatDay, formatExact, formatMinute } from '@/components/ui/time-format';
import { useNowMs, useTimeZone } from '@/components/ui/use-viewer';

const DAY_MS = 86_400_000;

/** When an attestation came: to the millisecond within the last day, with its date before that. */
export function RowTime({ at }: { at: string }) {
  const nowMs = useNowMs();
  const zone = useTimeZone();
  const atMs = Date.parse(at);
  if (nowMs === null || nowMs - atMs < DAY_MS) return <Time at={atMs} format="clock" className="text-dim" />;
  return (
    <time
      dateTime={at}
      data-tooltip={formatExact(atMs, zone)}
      className="whitespace-nowrap font-mono text-dim text-sm"
    >
      {formatDay(atMs, zone)} {formatMinute(atMs, zone)}
    </time>
  );
}
