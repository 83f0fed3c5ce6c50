'use client';

import { useEffect, useEffectEvent, useRef } from 'react';
import { useDefaultRange } from '@/components/query/default-range';
import { type TimeRange, usualRange } from '@/components/query/time-range';

export interface Zoom {
  /** Looks at this period, in milliseconds since the epoch. */
  zoom: (period: { fromMs: number; toMs: number }) => void;
  /** Goes back to the period before; absent where the page looks at no period of its own. */
  resetZoom: (() => void) | undefined;
}

/** Something is open over the page, or takes the key for itself. */
const KEEPS_ESCAPE = 'input, textarea, select, [role="menu"], [role="dialog"], [role="alertdialog"]';

/** Zooming into a period and out again, by Escape too. Somebody who came by a link to a period gets the usual range. */
export function useZoom(range: TimeRange, setRange: (range: TimeRange) => void): Zoom {
  const usual = useDefaultRange();
  const steps = useRef<{ before: TimeRange; to: TimeRange }[]>([]);
  const zoom: Zoom['zoom'] = (period) => {
    const to: TimeRange = { kind: 'absolute', ...period };
    steps.current.push({ before: range, to });
    setRange(to);
  };
  const reset = () => {
    const step = steps.current.pop();
    // A range that was chosen otherwise in between makes the steps before it void.
    const isLast = step !== undefined && isSame(step.to, range);
    if (!isLast) steps.current = [];
    setRange(isLast ? step.before : usualRange(usual));
  };
  const isZoomed = range.kind === 'absolute';
  useEscape(isZoomed, reset);
  return { zoom, resetZoom: isZoomed ? reset : undefined };
}

function isSame(a: TimeRange, b: TimeRange): boolean {
  return a.kind === 'absolute' && b.kind === 'absolute' && a.fromMs === b.fromMs && a.toMs === b.toMs;
}

function useEscape(enabled: boolean, act: () => void): void {
  const onEscape = useEffectEvent(act);
  useEffect(() => {
    if (!enabled) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest(KEEPS_ESCAPE) !== null) return;
      onEscape();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [enabled]);
}
