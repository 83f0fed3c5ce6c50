'use client';

import { useEffect, useEffectEvent } from 'react';
import { readShortcut, type ShortcutAct } from './shortcuts';

/** How long the first key of two waits for the second. */
const SEQUENCE_MS = 1_000;

/** Whether keys go into a text, or belong to something that is open over the page. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest(
      'input:not([type="checkbox"]), textarea, select, [role="menu"], [role="dialog"], [role="alertdialog"]',
    ) !== null
  );
}

/** Listens for the console's shortcuts on the whole page. */
export function useShortcuts(act: (act: ShortcutAct) => void): void {
  const onAct = useEffectEvent(act);
  useEffect(() => {
    let before: string | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const found = readShortcut(event, before, isTyping(event.target));
      clearTimeout(timer);
      before = event.key.toLowerCase();
      timer = setTimeout(() => {
        before = null;
      }, SEQUENCE_MS);
      if (found === undefined) return;
      event.preventDefault();
      onAct(found);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}
