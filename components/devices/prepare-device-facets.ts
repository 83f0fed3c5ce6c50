import type { FacetGroupData } from '@/components/data-table/facet-group';
import { platformLabel } from '@/components/ui/domain-labels';
import { VERDICT_ORDER } from '@/components/ui/verdict-mark';
import type { DeviceFacet, DeviceFacets } from '@/lib/contracts';

/** Names of apps by their ids. */
export type AppNames = Readonly<Record<string, string>>;

/** The facets in the order of the panel. */
export const DEVICE_FACET_LABELS: Readonly<Record<DeviceFacet, string>> = {
  verdict: 'Last verdict',
  blocked: 'Block',
  platform: 'Platform',
  app: 'App',
};
export const DEVICE_FACET_NAMES = Object.keys(DEVICE_FACET_LABELS) as DeviceFacet[];

const BLOCKED_LABELS: Readonly<Record<string, string>> = { true: 'Blocked', false: 'Not blocked' };

/** What a value of a facet is called. */
export function deviceFacetLabel(facet: DeviceFacet, value: string, apps: AppNames): string {
  if (facet === 'app') return apps[value] ?? value;
  if (facet === 'platform') return platformLabel(value);
  return facet === 'blocked' ? (BLOCKED_LABELS[value] ?? value) : value;
}

/** The counts as groups of the panel. */
export function prepareDeviceFacets(counts: DeviceFacets | undefined, apps: AppNames): FacetGroupData[] {
  if (counts === undefined) return [];
  return DEVICE_FACET_NAMES.map((facet) => ({
    facet,
    label: DEVICE_FACET_LABELS[facet],
    options: counts.facets[facet].map(({ value, devices }) => {
      const mark = facet === 'verdict' ? VERDICT_ORDER.find((verdict) => verdict === value) : undefined;
      return {
        value,
        count: devices,
        label: deviceFacetLabel(facet, value, apps),
        ...(mark === undefined ? {} : { mark }),
      };
    }),
  }));
}
