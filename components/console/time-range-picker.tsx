'use client';

import { ChevronDown } from 'lucide-react';
import { lazy } from 'react';
import { useTimeRange } from '@/components/query/url-state';
import { Button } from '@/components/ui/button';
import { DeferredOverlay } from '@/components/ui/deferred-overlay';
import { useTimeZone } from '@/components/ui/use-viewer';
import { timeRangeLabel, timeRangeShortLabel } from './time-range-label';

const loadPopover = () => import('./time-range-popover');
const TimeRangePopover = lazy(loadPopover);

/** The period that every page looks at, kept in the URL. */
export function TimeRangePicker() {
  const [range, setRange] = useTimeRange();
  const timeZone = useTimeZone();
  const label = timeRangeLabel(range, timeZone);
  return (
    <DeferredOverlay
      kind="dialog"
      prefetch={loadPopover}
      trigger={
        <Button aria-label={`Time range: ${label}`}>
          <span className="max-md:hidden">{label}</span>
          <span className="md:hidden">{timeRangeShortLabel(range)}</span>
          <ChevronDown aria-hidden size={13} className="text-faint" />
        </Button>
      }
    >
      {(trigger) => <TimeRangePopover trigger={trigger} range={range} onSelect={setRange} />}
    </DeferredOverlay>
  );
}
