'use client';

import { useRef } from 'react';

/**
 * Gives the focus back to where it was before an overlay opened, also where the overlay was loaded and mounted by a click
 * elsewhere. Spread the handlers over Radix's content. Where that place is gone, the page's content takes the focus.
 */
export function useReturnFocus() {
  const before = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: () => {
      before.current = document.activeElement;
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      const there = before.current;
      if (there instanceof HTMLElement && there.isConnected && there !== document.body) there.focus();
      else document.getElementById('main')?.focus({ preventScroll: true });
    },
  };
}
