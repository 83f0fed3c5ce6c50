'use client';

import { Pause } from 'lucide-react';
import { useLive } from '@/components/query/live-provider';
import type { LiveStatus } from '@/components/query/live-store';
import { Button } from '@/components/ui/button';
import { VerdictMark } from '@/components/ui/verdict-mark';

const LABELS: Readonly<Record<LiveStatus, string>> = {
  live: 'Live',
  reconnecting: 'Reconnecting…',
  paused: 'Paused',
};

/** Whether the page is live and how far it is behind; pressing it pauses and resumes. */
export function LiveMark() {
  const { status, lagMs, setPaused } = useLive();
  const paused = status === 'paused';
  return (
    <Button
      aria-pressed={!paused}
      aria-label={paused ? 'Paused. Resume the live view' : `${LABELS[status]} Pause the live view`}
      data-tooltip={paused ? 'Resume (P)' : 'Pause (P)'}
      onClick={() => setPaused(!paused)}
      className="max-sm:w-8 max-sm:px-0"
    >
      {paused ? (
        <Pause aria-hidden size={12} className="text-dim" />
      ) : (
        <VerdictMark verdict={status === 'live' ? 'trusted' : 'flagged'} size={8} />
      )}
      <span className="max-sm:hidden">{LABELS[status]}</span>
      {status === 'live' && lagMs !== null ? (
        <span className="min-w-8 text-left text-dim max-sm:hidden">{(lagMs / 1_000).toFixed(1)} s</span>
      ) : null}
    </Button>
  );
}
