'use client';

import { useRef } from 'react';

const FIELD = ['input:not([type=hidden])', 'select', 'textarea'].map((name) => `${name}:enabled`).join();

/**
 * Gives the focus back to where it was before an overlay opened, also where the overlay was loaded and mounted by a click
 * elsewhere. Spread the handlers over Radix's content. Where that place is gone, the page's content takes the focus. With
 * `toFirstField` it opens at what is to be filled in, if there is anything, rather than at its first button.
 */
export function useReturnFocus({ toFirstField = false } = {}) {
  const before = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: (event: Event) => {
      before.current = document.activeElement;
      const field =
        toFirstField && event.target instanceof Element ? event.target.querySelector(FIELD) : null;
      if (!(field instanceof HTMLElement)) return;
      event.preventDefault();
      field.focus();
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      const there = before.current;
      if (there instanceof HTMLElement && there.isConnected && there !== document.body) there.focus();
      else document.getElementById('main')?.focus({ preventScroll: true });
    },
  };
}
