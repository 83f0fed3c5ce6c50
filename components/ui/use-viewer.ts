'use client';

import { useSyncExternalStore } from 'react';

const TICK_MS = 5_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let nowMs = 0;

/** One clock for the whole page: it runs only while something shows a relative time. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    nowMs = Date.now();
    timer = setInterval(() => {
      nowMs = Date.now();
      for (const notify of listeners) notify();
    }, TICK_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function currentMs(): number | null {
  if (nowMs === 0) nowMs = Date.now();
  return nowMs;
}

/** The present, refreshed every 5 s; `null` while the server's markup is being taken over. */
export function useNowMs(): number | null {
  return useSyncExternalStore(subscribe, currentMs, () => null);
}

const never = () => () => {};
let viewerZone: string | undefined;

/** Asking the browser is slow, and every time on the page asks. */
function currentZone(): string {
  viewerZone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return viewerZone;
}

/** The viewer's time zone; `UTC` on the server and until its markup has been taken over. */
export function useTimeZone(): string {
  return useSyncExternalStore(never, currentZone, () => 'UTC');
}
