import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { WorldOutlines } from '@/components/charts/world-map/prepare-world-map';
import { apiFetch, withParams } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type {
  attestationPageSchema,
  Comparison,
  Funnel,
  facetCountsSchema,
  Latency,
  NextExpiry,
  Overview,
  VerdictSeries,
  WhatChanged,
} from '@/lib/contracts';
import type { ChosenComparison } from './choose-comparison';
import { NEWEST_COUNT } from './newest-attestations';
import { type OverviewView, viewParams, withoutFacets } from './overview-links';

const PATH = '/api/console/overview';
/** How often what is read besides the overview itself is read again while the page is live. */
export const CARDS_EVERY_MS = 5_000;
/** A change is told from noise by minutes, not by seconds. */
export const CHANGES_EVERY_MS = 30_000;

/** Certificates are probed once an hour. */
const EXPIRY_EVERY_MS = 300_000;

/** Minutes that the viewer's clock is ahead of UTC, so that buckets begin with the viewer's hours. */
function viewerOffset(): number {
  return -new Date().getTimezoneOffset();
}

/** Everything that the overview shows of a period and some apps; the live stream has it read again. */
export function overviewQuery(view: OverviewView) {
  const params = viewParams(view);
  return queryOptions({
    queryKey: [QUERY_ROOTS.overview, params] as const,
    queryFn: ({ signal }) =>
      apiFetch<Overview>(withParams(PATH, { ...params, tz: viewerOffset() }), { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Which certificate of the view's apps expires first. */
export function nextExpiryQuery({ apps }: Pick<OverviewView, 'apps'>) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.certificates, 'next', apps] as const,
    queryFn: ({ signal }) =>
      apiFetch<NextExpiry>(withParams('/api/console/certificates/next-expiry', { app: apps }), { signal }),
    refetchInterval: EXPIRY_EVERY_MS,
    placeholderData: keepPreviousData,
  });
}

/** What changed by the end of the view's period; other facets than the app would hide what a finding compares with. */
export function changesQuery(view: OverviewView) {
  const params = viewParams(withoutFacets(view));
  return queryOptions({
    queryKey: [QUERY_ROOTS.overviewCards, 'changes', params] as const,
    queryFn: ({ signal }) => apiFetch<WhatChanged>(withParams(`${PATH}/changes`, params), { signal }),
    placeholderData: keepPreviousData,
  });
}

/** From challenge to accepted request. */
export function funnelQuery(view: OverviewView) {
  const params = viewParams(view);
  return queryOptions({
    queryKey: [QUERY_ROOTS.overviewCards, 'funnel', params] as const,
    queryFn: ({ signal }) => apiFetch<Funnel>(withParams(`${PATH}/funnel`, params), { signal }),
    placeholderData: keepPreviousData,
  });
}

/** How long attestations took, over time. */
export function latencyQuery(view: OverviewView) {
  const params = viewParams(view);
  return queryOptions({
    queryKey: [QUERY_ROOTS.overviewCards, 'latency', params] as const,
    queryFn: ({ signal }) =>
      apiFetch<Latency>(withParams(`${PATH}/latency`, { ...params, tz: viewerOffset() }), { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Both sides of a comparison. Nothing is asked for while a side is missing. */
export function comparisonQuery(view: OverviewView, comparison: ChosenComparison | null) {
  const params = { ...viewParams(view), ...comparison };
  return queryOptions({
    queryKey: [QUERY_ROOTS.overviewCards, 'comparison', params] as const,
    queryFn: ({ signal }) => apiFetch<Comparison>(withParams(`${PATH}/compare`, params), { signal }),
    placeholderData: keepPreviousData,
    enabled: comparison !== null,
  });
}

/** Verdicts over a period that has passed, in the buckets of the view. */
export function seriesBeforeQuery(view: OverviewView, period: { from: string; to: string } | null) {
  const params = { ...viewParams(view), range: undefined, ...period };
  return queryOptions({
    queryKey: [QUERY_ROOTS.overviewCards, 'series-before', params] as const,
    queryFn: ({ signal }) =>
      apiFetch<VerdictSeries>(
        withParams('/api/console/attestations/histogram', { ...params, tz: viewerOffset() }),
        { signal },
      ),
    placeholderData: keepPreviousData,
    enabled: period !== null,
    staleTime: 60_000,
  });
}

/** The app versions that attested under the view's other facets, with their counts. */
export function versionsQuery(view: OverviewView) {
  const params = viewParams(view);
  return queryOptions({
    queryKey: [QUERY_ROOTS.overviewCards, 'versions', params] as const,
    queryFn: ({ signal }) =>
      apiFetch<z.infer<typeof facetCountsSchema>>(withParams('/api/console/attestations/facets', params), {
        signal,
      }),
    placeholderData: keepPreviousData,
    select: ({ facets }) => facets.appVersion ?? [],
  });
}

/** The outlines of the countries: they are part of this release. */
export function outlinesQuery() {
  return queryOptions({
    queryKey: [QUERY_ROOTS.outlines] as const,
    queryFn: ({ signal }) => apiFetch<WorldOutlines>('/maps/world.json', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
}

/** The newest attestations of a view; the live stream puts those that come later into the cache. */
export function newestQuery(view: OverviewView) {
  const params = viewParams(view);
  return queryOptions({
    queryKey: [QUERY_ROOTS.attestationList, 'newest', params] as const,
    queryFn: ({ signal }) =>
      apiFetch<z.infer<typeof attestationPageSchema>>(
        withParams('/api/console/attestations', { ...params, limit: NEWEST_COUNT }),
        { signal },
      ),
    placeholderData: keepPreviousData,
  });
}
