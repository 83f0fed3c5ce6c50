'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { useLiveMessage } from '@/components/query/live-provider';
import type { AttestationRow } from '@/lib/contracts';
import { arrivalsFor, leavesOpen, mergeNewest } from './newest-attestations';
import type { OverviewView } from './overview-links';
import { newestQuery } from './overview-queries';

/** The tint of a new row lasts a second. */
const ARRIVED_MS = 1_100;
const NONE: ReadonlySet<string> = new Set();

/** The newest attestations of the view as they happen; held still while paused. */
export function useNewestAttestations(view: OverviewView) {
  const client = useQueryClient();
  const options = newestQuery(view);
  const query = useQuery(options);
  const [held, setHeld] = useState<readonly AttestationRow[]>();
  const [arrivedIds, markArrived] = useArrived();
  const follows = view.range.kind === 'named';

  useLiveMessage('attestations', (message) => {
    if (!follows) return;
    const arrived = arrivalsFor(message, view);
    if (leavesOpen(message, view)) void query.refetch();
    if (arrived.length === 0) return;
    client.setQueryData(
      options.queryKey,
      (data) => data && { ...data, rows: mergeNewest(data.rows, arrived) },
    );
    if (held === undefined) markArrived(arrived);
  });

  const rows = query.data?.rows ?? [];
  return {
    rows: held ?? rows,
    status: query.status,
    error: query.error === null ? null : toApiError(query.error),
    retry: () => void query.refetch(),
    arrivedIds,
    /** Whether new rows can come at all: a period that stands still gets none. */
    follows,
    paused: held !== undefined,
    setPaused: (paused: boolean) => setHeld(paused ? rows : undefined),
  };
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
