'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useUrlText } from '@/components/query/url-state';
import { type ChosenComparison, COMPARISONS, chooseComparison } from './choose-comparison';
import type { OverviewView } from './overview-links';
import { versionsQuery } from './overview-queries';

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
  const [compareText, setBy] = useUrlText('compare', 'push');
  const [a, setA] = useUrlText('a', 'push');
  const [b, setB] = useUrlText('b', 'push');
  const by = COMPARISONS.find((known) => known === compareText) ?? null;
  const { data } = useQuery({ ...versionsQuery(view), enabled: by === 'appVersion' });
  const versions = useMemo(
    () => (data ?? []).toSorted((one, other) => other.events - one.events).map(({ value }) => value),
    [data],
  );
  const chosen = useMemo(() => chooseComparison({ compare: by, a, b }, versions), [by, a, b, versions]);
  const setVersions = (of: { a: string | null; b: string | null }) => {
    setA(of.a);
    setB(of.b);
  };
  return {
    by,
    chosen,
    versions,
    compare: (next) => {
      setBy(next);
      setVersions({ a: null, b: null });
    },
    chooseVersion: (side, version) =>
      setVersions({ a: chosen?.a ?? null, b: chosen?.b ?? null, [side]: version }),
  };
}
