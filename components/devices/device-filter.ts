import type { QueryParams } from '@/components/query/api-fetch';
import type { DeviceFacet, Facet } from '@/lib/contracts';

/** The facets that the URL states value by value; a block is one or the other. */
export const LIST_FACETS = [
  'app',
  'verdict',
  'platform',
  'country',
  'osVersion',
  'appVersion',
] as const satisfies readonly (DeviceFacet & Facet)[];
export type ListFacet = (typeof LIST_FACETS)[number];

/** What the list of devices is narrowed to, as the page's URL states it. */
export interface DeviceFilter extends Readonly<Record<ListFacet, readonly string[]>> {
  /** The start of an id, a reference, a network prefix or a part of a model; empty for none. */
  q: string;
  blocked: 'true' | 'false' | null;
}

/** The filter as the parameters of the API. */
export function deviceParams({ q, blocked, ...facets }: DeviceFilter): QueryParams {
  const chosen = LIST_FACETS.flatMap((facet) => (facets[facet].length === 0 ? [] : [[facet, facets[facet]]]));
  return {
    ...(q === '' ? {} : { q }),
    ...Object.fromEntries(chosen),
    ...(blocked === null ? {} : { blocked }),
  };
}

/** Whether anything narrows the list. */
export function isNarrowed(filter: DeviceFilter): boolean {
  return Object.keys(deviceParams(filter)).length > 0;
}
