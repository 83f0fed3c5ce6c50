import { ArrowUp } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { formatCount } from '@/components/ui/format';
import type { LiveTail } from './use-live-tail';

/** "37 new" over the rows while they are held back; pressing it shows them, at the top. */
export function HeldPill({ tail }: { tail: LiveTail }) {
  const { count, more } = tail.held;
  if (count === 0) return null;
  return (
    <div className="pointer-events-none absolute inset-x-0 top-21 z-20 flex justify-center">
      <Button
        variant="primary"
        size="sm"
        onClick={tail.release}
        className="pointer-events-auto rounded-full px-3 shadow-overlay"
      >
        <ArrowUp aria-hidden size={12} />
        {formatCount(count)}
        {more ? '+' : ''} new
      </Button>
    </div>
  );
}
