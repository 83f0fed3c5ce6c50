'use client';

import { type ComponentProps, type ReactNode, useState } from 'react';

export interface PlotFrameProps
  extends Pick<ComponentProps<'div'>, 'onPointerDown' | 'onTouchCancel' | 'onBlur' | 'onKeyDown'> {
  /** The chart, which may say what is active in the element given. */
  children: (live: HTMLElement | null) => ReactNode;
}

/** A plot that can be dragged over, filling its box, with the place where its active bucket is said. */
export function PlotFrame({ children, ...handlers }: PlotFrameProps) {
  const [live, setLive] = useState<HTMLElement | null>(null);
  return (
    <div className="relative h-full touch-pan-y select-none" {...handlers}>
      {children(live)}
      <p ref={setLive} aria-live="polite" className="sr-only" />
    </div>
  );
}
