'use client';

import { Pause, Play } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import type { LiveTail } from './use-live-tail';

/** Whether new rows are put on top as they come; pressing it, or Space, holds them back. */
export function TailControl({ tail, follows }: { tail: LiveTail; follows: boolean }) {
  if (!follows) return <span className="text-sm text-faint">a fixed period: new ones are not added</span>;
  const Icon = tail.paused ? Play : Pause;
  return (
    <Button size="sm" variant="ghost" aria-pressed={tail.paused} onClick={() => tail.setPaused(!tail.paused)}>
      <Icon aria-hidden size={12} />
      {tail.paused ? 'Resume' : 'Pause'}
      <span className="max-sm:hidden">
        <Kbd>Space</Kbd>
      </span>
    </Button>
  );
}
