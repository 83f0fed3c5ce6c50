'use client';

import { type UseQueryOptions, type UseQueryResult, useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import {
  coarse,
  type KeysetPage,
  type KnownPages,
  knownOf,
  layOut,
  placeRows,
  type RowSpan,
  wantedPages,
  withPages,
} from './keyset-layout';

/** How many rows beyond the screen are in memory, and by how many rows the screen moves before that is looked at. */
const AHEAD = 150;
const STEP = 50;
const NOTHING: KnownPages = new Map();
const NO_PAGE: KeysetPage<never> = { rows: [], nextCursor: null };
const TOP: RowSpan = { first: 0, last: 0 };

export interface KeysetRowsOptions<Row> {
  /** The first page, and whatever arrived above it since. */
  head: KeysetPage<Row> | undefined;
  /** Reads the page that begins at a cursor. Give it a short `gcTime`: rows out of sight are let go after it. */
  pageQuery: (cursor: string) => UseQueryOptions<KeysetPage<Row>, Error, KeysetPage<Row>, readonly unknown[]>;
  /** Names the list: another one begins at its top. */
  listKey: string;
}

/** A list of any length of which only the rows near the screen are in memory. */
export interface KeysetRows<Row> {
  /** One per known row; `undefined` while its page is being read. */
  rows: readonly (Row | undefined)[];
  hasMore: boolean;
  /** Where to look on from the end of the list, if not everything was looked through. */
  further: string | null;
  loadingMore: boolean;
  error: Error | null;
  retry: () => void;
  /** To be called with the rows that are on the screen. */
  onShown: (shown: RowSpan) => void;
}

/** Follows the screen through a keyset-paginated list: reads the pages near it, forgets the rows of all others. */
export function useKeysetRows<Row>({ head, pageQuery, listKey }: KeysetRowsOptions<Row>): KeysetRows<Row> {
  const [shown, onShown] = useShown(listKey);
  const [known, learn] = useKnown(listKey);
  const headRows = head?.rows;
  const layout = useMemo(() => layOut(knownOf(head ?? NO_PAGE), known), [head, known]);
  const cursors = wantedPages(layout, shown, AHEAD);
  const pages = useQueries({ queries: cursors.map(pageQuery), combine: combined });
  const read = cursors.map((cursor, index) => ({ cursor, page: pages.data[index] }));
  const next = withPages(known, read);
  if (next !== known) learn(next);

  const memory = pages.data;
  const wanted = cursors.join('\n');
  const rows = useMemo(() => {
    const byCursor = new Map(wanted.split('\n').map((cursor, index) => [cursor, memory[index]?.rows]));
    return placeRows(headRows ?? [], layout, (cursor) => byCursor.get(cursor));
  }, [headRows, layout, wanted, memory]);
  return {
    rows,
    hasMore: layout.next !== null,
    further: layout.further,
    loadingMore: layout.next !== null && pages.fetching,
    error: pages.error,
    retry: pages.retry,
    onShown,
  };
}

/** Stays the same object while its parts do: `useQueries` compares it member by member. */
function combined<Row>(results: UseQueryResult<KeysetPage<Row>>[]) {
  return {
    data: results.map((result) => result.data),
    fetching: results.some((result) => result.isFetching),
    error: results.find((result) => result.isError)?.error ?? null,
    retry: () => {
      for (const result of results) if (result.isError) void result.refetch();
    },
  };
}

/** What is on the screen, in coarse steps; a new list is seen from its top. */
function useShown(listKey: string): [RowSpan, (shown: RowSpan) => void] {
  const [state, setState] = useState({ shown: TOP, listKey });
  const onShown = useCallback(
    (span: RowSpan) =>
      setState((now) => {
        const shown = coarse(span, STEP);
        const same =
          now.listKey === listKey && now.shown.first === shown.first && now.shown.last === shown.last;
        return same ? now : { shown, listKey };
      }),
    [listKey],
  );
  return [state.listKey === listKey ? state.shown : TOP, onShown];
}

/** What is known of the list's pages, whose rows may be gone. */
function useKnown(listKey: string): [KnownPages, (known: KnownPages) => void] {
  const [state, setState] = useState({ known: NOTHING, listKey });
  return [state.listKey === listKey ? state.known : NOTHING, (known) => setState({ known, listKey })];
}
