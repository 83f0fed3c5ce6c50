'use client';

import { useQueryClient } from '@tanstack/react-query';
import { type RefObject, useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useLiveMessage } from '@/components/query/live-provider';
import type { AttestationRow } from '@/lib/contracts';
import { type AttestationFilter, arrivalsOf } from './attestation-filter';
import { attestationHeadQuery, readNewest } from './attestation-queries';
import {
  type AttestationPage,
  type HeldRows,
  hold,
  leavesGap,
  NOTHING_HELD,
  unknownRows,
  withArrivals,
} from './attestation-rows';

/** The tint of a new row lasts a second. */
const ARRIVED_MS = 1_100;
/** Above this many rows at its head the list begins anew, so that a tab left open does not grow. */
const MOST_LOADED = 2_000;
const TOP_PX = 8;
const NONE: ReadonlySet<string> = new Set();

/** New rows on top of a list while it is looked at from the top; held back while it is not. */
export interface LiveTail {
  /** How many rows wait, and whether there are more than that. */
  held: { count: number; more: boolean };
  /** Shows what waits, and goes to the top. */
  release: () => void;
  /** Whether the viewer holds rows back. */
  paused: boolean;
  setPaused: (paused: boolean) => void;
  arrivedIds: ReadonlySet<string>;
}

export interface LiveTailOptions {
  filter: AttestationFilter;
  /** The scrolling part of the table. */
  scroller: RefObject<HTMLElement | null>;
  /** Whether new rows can belong to the list at all: a period that has ended gets none. */
  enabled: boolean;
  /** Whether the list is there, and not being read again. */
  loaded: boolean;
}

/** Follows the live stream into the list of a filter. */
export function useLiveTail({ filter, scroller, enabled, loaded }: LiveTailOptions): LiveTail {
  const client = useQueryClient();
  const { queryKey } = attestationHeadQuery(filter);
  const atTop = useAtTop(scroller);
  const [paused, setPaused] = useState(false);
  const [arrivedIds, markArrived] = useArrived();
  const [held, setHeld] = useHeld(JSON.stringify(queryKey));
  const following = enabled && loaded && atTop && !paused;

  const show = (rows: readonly AttestationRow[]) => {
    markArrived(rows);
    client.setQueryData(queryKey, (data) => withArrivals(data, rows));
  };
  const take = (rows: readonly AttestationRow[], gap: boolean) => {
    const fresh = unknownRows(client.getQueryData(queryKey), rows);
    if (fresh.length === 0) return;
    // What is being read takes the head's place when it comes, and may be older than these rows.
    const isReading = client.getQueryState(queryKey)?.fetchStatus === 'fetching';
    if (!following || isReading) setHeld((waiting) => hold(waiting, fresh, gap));
    else if (isFull()) ask();
    else show(fresh);
  };
  const isFull = () => (client.getQueryData(queryKey)?.rows.length ?? 0) > MOST_LOADED;
  const ask = useNewestReader(filter, (page) => {
    const gap = leavesGap(client.getQueryData(queryKey), page);
    if (following && (gap || isFull())) client.setQueryData(queryKey, page);
    else take(page.rows, gap);
  });

  useLiveMessage('attestations', (message) => {
    if (!enabled) return;
    const arrivals = arrivalsOf(message, filter);
    if (arrivals === 'ask') ask();
    else take(arrivals, false);
  });

  const showHeld = useEffectEvent(() => {
    if (held.gap) ask();
    else show(held.rows);
    setHeld(() => NOTHING_HELD);
  });
  useEffect(() => {
    if (following && held !== NOTHING_HELD) showHeld();
  }, [following, held]);

  const release = () => {
    setPaused(false);
    scroller.current?.scrollTo({ top: 0 });
  };
  return { held: { count: held.rows.length, more: held.gap }, release, paused, setPaused, arrivedIds };
}

/** What waits for a list, by the text of its key: nothing waits for another one. */
function useHeld(keyText: string): [HeldRows, (change: (held: HeldRows) => HeldRows) => void] {
  const [waiting, setWaiting] = useState({ held: NOTHING_HELD, keyText });
  const heldFor = (now: typeof waiting) => (now.keyText === keyText ? now.held : NOTHING_HELD);
  return [heldFor(waiting), (change) => setWaiting((now) => ({ held: change(heldFor(now)), keyText }))];
}

/** Whether an element is scrolled to its top. */
function useAtTop(scroller: RefObject<HTMLElement | null>): boolean {
  const [atTop, setAtTop] = useState(true);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const onScroll = () => setAtTop(element.scrollTop <= TOP_PX);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  }, [scroller]);
  return atTop;
}

/** Ids of rows that came within the last second. */
function useArrived(): [ReadonlySet<string>, (rows: readonly AttestationRow[]) => void] {
  const [ids, setIds] = useState(NONE);
  useEffect(() => {
    if (ids.size === 0) return;
    const timer = setTimeout(() => setIds(NONE), ARRIVED_MS);
    return () => clearTimeout(timer);
  }, [ids]);
  return [ids, (rows) => setIds(new Set(rows.map((row) => row.id)))];
}

/** Reads the newest rows, one request at a time; what is asked for meanwhile is asked once more. */
function useNewestReader(filter: AttestationFilter, onPage: (page: AttestationPage) => void): () => void {
  const current = useRef({ filter, onPage });
  const busy = useRef<'no' | 'reading' | 'again'>('no');
  useEffect(() => {
    current.current = { filter, onPage };
  });
  return useCallback(() => {
    if (busy.current !== 'no') {
      busy.current = 'again';
      return;
    }
    const read = async () => {
      busy.current = 'reading';
      const asked = current.current.filter;
      // Where it fails the list stays as it is: the next message asks again, and the live mark tells of a lost connection.
      const page = await readNewest(asked).catch(() => undefined);
      if (page !== undefined && asked === current.current.filter) current.current.onPage(page);
      const again = (busy.current as string) === 'again';
      busy.current = 'no';
      if (again) await read();
    };
    void read();
  }, []);
}
