import { type QueryParams, withParams } from '@/components/query/api-fetch';
import { rangeParams, type TimeRange } from '@/components/query/time-range';
import type { Facet } from '@/lib/contracts';

/** Every facet that the page can be filtered by besides the app, in the order of its chips. */
export const PAGE_FACETS = [
  'verdict',
  'threat',
  'platform',
  'appVersion',
  'osVersion',
  'country',
  'network',
  'policyVersion',
] as const satisfies readonly Facet[];

/** Values of facets that are looked at; a facet without values lets everything through. */
export type FacetValues = Readonly<Partial<Record<Facet, readonly string[]>>>;

/** What the overview looks at, as its URL states it. */
export interface OverviewView {
  range: TimeRange;
  apps: readonly string[];
  facets: FacetValues;
}

/** The view as parameters, of the API and of the pages alike: both name facets the same. */
export function viewParams({ range, apps, facets }: OverviewView): QueryParams {
  const chosen = PAGE_FACETS.flatMap((facet) => {
    const values = facets[facet] ?? [];
    return values.length === 0 ? [] : [[facet, values] as const];
  });
  return {
    ...rangeParams(range),
    ...(apps.length === 0 ? {} : { app: apps }),
    ...Object.fromEntries(chosen),
  };
}

/** The period and the apps of a view, without its other facets. */
export function withoutFacets({ range, apps }: OverviewView): OverviewView {
  return { range, apps, facets: {} };
}

/** Whether the view is narrowed by more than the period and the apps. */
export function isNarrowed({ facets }: Pick<OverviewView, 'facets'>): boolean {
  return PAGE_FACETS.some((facet) => (facets[facet]?.length ?? 0) > 0);
}

/** The attestations behind a number: those of the view with these values of these facets. */
export function attestationsHref(
  view: OverviewView,
  facets: Readonly<Partial<Record<Facet, string>>> = {},
): string {
  return withParams('/attestations', { ...viewParams(view), ...facets });
}

/** One attestation of the view, explained. */
export function explainHref(view: OverviewView, eventId: string): string {
  return withParams('/attestations', { ...viewParams(view), event: eventId });
}

/** The devices of the view's apps that are blocked. */
export function blockedDevicesHref({ apps }: OverviewView): string {
  return withParams('/devices', { ...(apps.length === 0 ? {} : { app: apps }), blocked: 'true' });
}
