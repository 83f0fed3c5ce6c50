'use client';

import { useEffect, useEffectEvent } from 'react';

/** What the keys of a table can do with the row at an index. */
export interface RowCursorActs {
  count: number;
  /** The row that the cursor is on; -1 where it is on none yet. */
  index: number;
  onMove: (index: number) => void;
  onOpen: (index: number) => void;
  onToggle: (index: number) => void;
}

const STEPS: Readonly<Record<string, number>> = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

/** The index that a key leads to; `undefined` for keys that do not move. */
export function movedIndex(key: string, index: number, count: number): number | undefined {
  if (count === 0) return undefined;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = STEPS[key];
  return step === undefined ? undefined : Math.min(Math.max(index + step, 0), count - 1);
}

/** `j` and `k` work from anywhere on the page, the other keys while the focus is on a row. */
function keysApply(event: KeyboardEvent, container: HTMLElement): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  if (
    target.isContentEditable ||
    target.closest('input:not([type="checkbox"]), textarea, select, [role="menu"]')
  ) {
    return false;
  }
  if (document.querySelector('[data-modal="true"]') !== null) return false;
  if (event.key === 'j' || event.key === 'k') return true;
  return target.matches('[data-row-index]') && container.contains(target);
}

/** Moves through the rows of a table by keyboard, opens and selects them. */
export function useRowCursor(container: { current: HTMLElement | null }, acts: RowCursorActs): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (container.current === null || !keysApply(event, container.current)) return;
    const moved = movedIndex(event.key, acts.index, acts.count);
    if (moved !== undefined) {
      event.preventDefault();
      acts.onMove(moved);
    } else if (acts.index >= 0 && event.key === 'Enter') {
      event.preventDefault();
      acts.onOpen(acts.index);
    } else if (acts.index >= 0 && event.key === 'x') {
      event.preventDefault();
      acts.onToggle(acts.index);
    }
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
