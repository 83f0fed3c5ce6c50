'use client';

import { useEffect, useEffectEvent } from 'react';

const OWN_MEANING =
  'input, textarea, select, button, a, summary, [role="menu"], [role="dialog"], [role="alertdialog"], [contenteditable="true"]';

/** Calls back for Space, wherever it does not already press, type or choose something. */
export function useSpaceKey(onSpace: () => void): void {
  const act = useEffectEvent(onSpace);
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.key !== ' ' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey)
        return;
      if (event.target instanceof Element && event.target.closest(OWN_MEANING) !== null) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
