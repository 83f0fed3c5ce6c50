'use client';

import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useEffectEvent,
  useState,
  useSyncExternalStore,
} from 'react';
import type { LiveMessage, LiveTopic } from '@/lib/contracts';
import { followLive } from './live-invalidation';
import { type LiveState, LiveStore } from './live-store';

const LIVE_PATH = '/api/live';
const LiveContext = createContext<LiveStore | undefined>(undefined);

/** Holds the tab's one live stream and keeps the query cache in step with it. Stands inside `QueryProvider`. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [store] = useState(() => new LiveStore(() => new EventSource(LIVE_PATH)));

  useEffect(() => {
    const onVisibility = () => store.setHidden(document.visibilityState === 'hidden');
    const ends = [followLive(store, client), store.start()];
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      for (const end of ends) end();
    };
  }, [store, client]);

  return <LiveContext value={store}>{children}</LiveContext>;
}

function useLiveStore(): LiveStore {
  const store = useContext(LiveContext);
  if (store === undefined) throw new Error('There is no LiveProvider above this component.');
  return store;
}

const AT_FIRST: LiveState = { status: 'reconnecting', lagMs: null };

/** Whether the page is live, what it lags, and how to pause it. */
export function useLive(): LiveState & { setPaused: (paused: boolean) => void } {
  const store = useLiveStore();
  const state = useSyncExternalStore(store.subscribe, store.snapshot, () => AT_FIRST);
  return { ...state, setPaused: (paused) => store.setPaused(paused) };
}

/** Whether messages come at all; unlike `useLive`, it renders again only when that changes. */
export function useLiveStatus(): LiveState['status'] {
  const store = useLiveStore();
  return useSyncExternalStore(
    store.subscribe,
    () => store.snapshot().status,
    () => AT_FIRST.status,
  );
}

/** Calls back for each live message of a topic while the component is mounted. */
export function useLiveMessage<Topic extends LiveTopic>(
  topic: Topic,
  handler: (message: LiveMessage<Topic>) => void,
): void {
  const store = useLiveStore();
  const onMessage = useEffectEvent(handler);
  useEffect(() => store.on(topic, (message) => onMessage(message)), [store, topic]);
}
