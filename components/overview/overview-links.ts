import { type QueryParams, withParams } from '@/components/query/api-fetch';
import { type TimeRange, writeRange } from '@/components/query/time-range';
import type { Facet } from '@/lib/contracts';

/** What the overview looks at, as its URL states it. */
export interface OverviewView {
  range: TimeRange;
  apps: readonly string[];
}

/** The view as parameters, of the API and of the pages alike. */
export function viewParams({ range, apps }: OverviewView): QueryParams {
  const { range: name, from, to } = writeRange(range);
  return {
    ...(name === null ? {} : { range: name }),
    ...(from === null || to === null ? {} : { from, to }),
    ...(apps.length === 0 ? {} : { app: apps }),
  };
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
