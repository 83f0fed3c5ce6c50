'use client';

import { cloneElement, type ReactElement, type ReactNode, Suspense, startTransition, useState } from 'react';

interface TriggerProps {
  onClick?: () => void;
  onPointerEnter?: () => void;
  onFocus?: () => void;
  'aria-haspopup'?: 'menu' | 'dialog';
  'aria-expanded'?: boolean;
}

export interface DeferredOverlayProps {
  kind: 'menu' | 'dialog';
  /** The button that opens it. */
  trigger: ReactElement<TriggerProps>;
  /** Fetches the overlay's script; called when somebody reaches for the button. */
  prefetch: () => Promise<unknown>;
  /** The overlay, a `lazy` component: give it `trigger`, and open it by default. */
  children: (trigger: ReactElement) => ReactNode;
}

/**
 * Puts off the script of a menu or popover until somebody reaches for its button: hovering or focusing it fetches, the
 * first click opens. From then on the overlay's own trigger takes over.
 */
export function DeferredOverlay({ kind, trigger, prefetch, children }: DeferredOverlayProps) {
  const [wanted, setWanted] = useState(false);
  const fetchQuietly = () => {
    prefetch().catch(() => {
      // The click tries again, and shows the failure if it fails again.
    });
  };
  const placeholder = cloneElement(trigger, {
    onClick: () => startTransition(() => setWanted(true)),
    onPointerEnter: fetchQuietly,
    onFocus: fetchQuietly,
    'aria-haspopup': kind,
    'aria-expanded': false,
  });
  return wanted ? <Suspense fallback={placeholder}>{children(trigger)}</Suspense> : placeholder;
}
