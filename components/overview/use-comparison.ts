'use client';

import { useQuery } from '@tanstack/react-query';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { type ChosenComparison, COMPARISONS, chooseComparison } from './choose-comparison';
import type { OverviewView } from './overview-links';
import { versionsQuery } from './overview-queries';

const PARSERS = {
  compare: parseAsStringLiteral(COMPARISONS),
  a: parseAsString,
  b: parseAsString,
};

export interface ComparisonControl {
  by: ChosenComparison['by'] | null;
  /** What the URL asks for; `null` where nothing is compared, or a version is still missing. */
  chosen: ChosenComparison | null;
  /** The versions to choose from, most used first. */
  versions: readonly string[];
  compare: (by: ChosenComparison['by'] | null) => void;
  chooseVersion: (side: 'a' | 'b', version: string) => void;
}

/** What the page compares, kept in its URL. Two versions are proposed: those that attested most in the view. */
export function useComparison(view: OverviewView): ComparisonControl {
  const [params, setParams] = useQueryStates(PARSERS, { history: 'push' });
  const { data } = useQuery({ ...versionsQuery(view), enabled: params.compare === 'appVersion' });
  const versions = useMemo(
    () => (data ?? []).toSorted((a, b) => b.events - a.events).map(({ value }) => value),
    [data],
  );
  const chosen = useMemo(() => chooseComparison(params, versions), [params, versions]);
  const set = (next: Parameters<typeof setParams>[0]) => {
    // A superseded URL update rejects; the one that superseded it holds the state.
    setParams(next).catch(() => {});
  };
  return {
    by: params.compare,
    chosen,
    versions,
    compare: (by) => set({ compare: by, a: null, b: null }),
    chooseVersion: (side, version) => set({ a: chosen?.a ?? null, b: chosen?.b ?? null, [side]: version }),
  };
}
