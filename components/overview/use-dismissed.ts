'use client';

import { useMemo, useSyncExternalStore } from 'react';

const KEY = 'countersign-dismissed-findings';
/** More than anybody dismisses by hand in a session. */
const MOST = 200;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function stored(): string {
  return sessionStorage.getItem(KEY) ?? '';
}

/** The findings that were put aside in this tab until it is closed, and how to put another one aside. */
export function useDismissed(): [ReadonlySet<string>, (id: string) => void] {
  const text = useSyncExternalStore(subscribe, stored, () => '');
  const ids = useMemo(() => new Set(text.split('\n')), [text]);
  const dismiss = (id: string) => {
    const kept = [...new Set([id, ...stored().split('\n')])].slice(0, MOST);
    sessionStorage.setItem(KEY, kept.join('\n'));
    for (const notify of listeners) notify();
  };
  return [ids, dismiss];
}
