import type { QueryParams } from '@/components/query/api-fetch';
import { RANGE_NAMES, rangeParams, readRange, type TimeRange } from '@/components/query/time-range';
import type { AttestationRow, Facet, LiveMessage, RangeName } from '@/lib/contracts';

/** Every facet in the order of the panel, with its label and how an attestation states it. */
export const FACET_TABLE = {
  verdict: { label: 'Verdict', mono: false, of: (row) => row.verdict },
  threat: { label: 'Deciding threat', mono: false, of: (row) => row.decidingThreat ?? '' },
  app: { label: 'App', mono: false, of: (row) => row.appId },
  platform: { label: 'Platform', mono: false, of: (row) => row.platform },
  appVersion: { label: 'App version', mono: true, of: (row) => row.appVersion },
  osVersion: { label: 'OS version', mono: true, of: (row) => row.osVersion },
  country: { label: 'Country', mono: false, of: (row) => row.country ?? '' },
  network: { label: 'Network', mono: false, of: (row) => row.networkKind },
  policyVersion: { label: 'Policy version', mono: true, of: null },
} as const satisfies Readonly<
  Record<Facet, { label: string; mono: boolean; of: ((row: AttestationRow) => string) | null }>
>;

export const FACET_NAMES = Object.keys(FACET_TABLE) as Facet[];

/** What the page is narrowed to, as its URL states it. */
export interface AttestationFilter {
  range: TimeRange;
  facets: Readonly<Partial<Record<Facet, readonly string[]>>>;
  /** A reference, or the id of an instance; empty for none. */
  q: string;
}

/** The filter that a URL states, as `useAttestationFilter` reads it; `usual` is the range where it names none. */
export function filterOf(search: URLSearchParams, usual: RangeName): AttestationFilter {
  const name = RANGE_NAMES.find((range) => range === search.get('range')) ?? null;
  return {
    range: readRange({ range: name, from: search.get('from'), to: search.get('to') }, usual),
    facets: Object.fromEntries(FACET_NAMES.map((facet) => [facet, search.getAll(facet)])),
    q: search.get('q') ?? '',
  };
}

/** The filter as the parameters of the API. */
export function filterParams({ range, facets, q }: AttestationFilter): QueryParams {
  const chosen = FACET_NAMES.flatMap((facet) => {
    const values = facets[facet] ?? [];
    return values.length === 0 ? [] : [[facet, values]];
  });
  return { ...rangeParams(range), ...Object.fromEntries(chosen), ...(q === '' ? {} : { q }) };
}

/** How many values are filtered by, the search included. */
export function countActive({ facets, q }: Pick<AttestationFilter, 'facets' | 'q'>): number {
  return FACET_NAMES.reduce((sum, facet) => sum + (facets[facet]?.length ?? 0), q === '' ? 0 : 1);
}

/**
 * The rows of a live message that the filter lets through. `ask` where the message cannot tell: it carries a part of what
 * happened only, or the filter asks for what a row does not state.
 */
export function arrivalsOf(
  message: LiveMessage<'attestations'>,
  { facets, q }: Pick<AttestationFilter, 'facets' | 'q'>,
): readonly AttestationRow[] | 'ask' {
  const lets = (facet: Facet, value: string) => {
    const values = facets[facet] ?? [];
    return values.length === 0 || values.includes(value);
  };
  const expected = message.counts
    .filter(({ appId, verdict }) => lets('app', appId) && lets('verdict', verdict))
    .reduce((sum, { events }) => sum + events, 0);
  if (expected === 0) return [];
  const rows = message.rows.filter((row) => lets('app', row.appId) && lets('verdict', row.verdict));
  if (rows.length < expected || q !== '' || (facets.policyVersion?.length ?? 0) > 0) return 'ask';
  return rows.filter((row) =>
    FACET_NAMES.every((facet) => {
      const stated = FACET_TABLE[facet].of;
      return stated === null || lets(facet, stated(row));
    }),
  );
}
