import type { FacetGroupData } from '@/components/data-table/facet-group';
import type { FacetOption } from '@/components/data-table/prepare-facet';
import { countryName, networkKindLabel, platformLabel } from '@/components/ui/domain-labels';
import { type MarkedVerdict, VERDICT_ORDER } from '@/components/ui/verdict-mark';
import type { Facet } from '@/lib/contracts';
import { type AttestationFilter, FACET_NAMES, FACET_TABLE } from './attestation-filter';
import type { FacetCounts } from './attestation-queries';
import type { ThreatTitles } from './explain-reason';

/** What ids are called: apps and threats. */
export interface FacetNames {
  apps: Readonly<Record<string, string>>;
  threats: ThreatTitles;
}

const MARKS: Readonly<Record<string, MarkedVerdict>> = Object.fromEntries(
  VERDICT_ORDER.map((verdict) => [verdict, verdict]),
);

const LABELS: Readonly<Partial<Record<Facet, (value: string, names: FacetNames) => string>>> = {
  threat: (value, names) => (value === '' ? 'none' : (names.threats[value] ?? value)),
  app: (value, names) => names.apps[value] ?? value,
  platform: platformLabel,
  country: countryName,
  network: networkKindLabel,
  policyVersion: (value) => `v${value}`,
};

/** What a value of a facet is called. */
export function facetValueLabel(facet: Facet, value: string, names: FacetNames): string {
  return LABELS[facet]?.(value, names) ?? (value === '' ? 'unknown' : value);
}

/** The counts as groups of the panel, in its order, most frequent first. */
export function prepareFacets(counts: FacetCounts | undefined, names: FacetNames): FacetGroupData[] {
  if (counts === undefined) return [];
  return FACET_NAMES.map((facet) => ({
    facet,
    label: FACET_TABLE[facet].label,
    mono: FACET_TABLE[facet].mono,
    options: (counts.facets[facet] ?? [])
      .map(({ value, events }): FacetOption => {
        const mark = facet === 'verdict' ? MARKS[value] : undefined;
        const label = facetValueLabel(facet, value, names);
        return {
          value,
          count: events,
          ...(label === value ? {} : { label }),
          ...(mark === undefined ? {} : { mark }),
        };
      })
      .sort((a, b) => b.count - a.count),
  }));
}

/** The values that are on, one by one, in the order of the panel. */
export function activeValues(
  { facets }: Pick<AttestationFilter, 'facets'>,
  names: FacetNames,
): { facet: Facet; facetLabel: string; value: string; label: string }[] {
  return FACET_NAMES.flatMap((facet) =>
    (facets[facet] ?? []).map((value) => ({
      facet,
      facetLabel: FACET_TABLE[facet].label,
      value,
      label: facetValueLabel(facet, value, names),
    })),
  );
}
