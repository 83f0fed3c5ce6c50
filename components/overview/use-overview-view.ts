'use client';

import { useMemo } from 'react';
import { useFacet, useTimeRange } from '@/components/query/url-state';
import type { OverviewView } from './overview-links';

/** The period and the apps of the page, from its URL, and how to zoom. */
export function useOverviewView(): {
  view: OverviewView;
  zoom: (period: { fromMs: number; toMs: number }) => void;
} {
  const [range, setRange] = useTimeRange();
  const [apps] = useFacet('app');
  const view = useMemo(() => ({ range, apps }), [range, apps]);
  return { view, zoom: (period) => setRange({ kind: 'absolute', ...period }) };
}
