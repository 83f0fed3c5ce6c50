import type { FacetGroupData } from '@/components/data-table/facet-group';
import type { FacetOption } from '@/components/data-table/prepare-facet';
import { countryName, platformLabel } from '@/components/ui/domain-labels';
import { formatCompact, formatCount } from '@/components/ui/format';
import { VERDICT_ORDER } from '@/components/ui/verdict-mark';
import type { DeviceFacet, DeviceFacets } from '@/lib/contracts';

/** Names of apps by their ids. */
export type AppNames = Readonly<Record<string, string>>;

/** The facets in the order of the panel, each with its label and whether its values are versions. */
const FACETS = {
  verdict: { label: 'Last verdict', mono: false },
  blocked: { label: 'Block', mono: false },
  platform: { label: 'Platform', mono: false },
  app: { label: 'App', mono: false },
  appVersion: { label: 'App version', mono: true },
  osVersion: { label: 'OS version', mono: true },
  country: { label: 'Country', mono: false },
} as const satisfies Readonly<Record<DeviceFacet, { label: string; mono: boolean }>>;
export const DEVICE_FACET_NAMES = Object.keys(FACETS) as DeviceFacet[];

const BLOCKED_LABELS: Readonly<Record<string, string>> = { true: 'Blocked', false: 'Not blocked' };

const VALUE_LABELS: Readonly<Partial<Record<DeviceFacet, (value: string, apps: AppNames) => string>>> = {
  app: (value, apps) => apps[value] ?? value,
  platform: platformLabel,
  country: countryName,
  blocked: (value) => BLOCKED_LABELS[value] ?? value,
};

/** What a facet is called. */
export function deviceFacetName(facet: DeviceFacet): string {
  return FACETS[facet].label;
}

/** What a value of a facet is called. */
export function deviceFacetLabel(facet: DeviceFacet, value: string, apps: AppNames): string {
  return VALUE_LABELS[facet]?.(value, apps) ?? (value === '' ? 'unknown' : value);
}

/**
 * The counts as groups of the panel. An estimate says so, and so does a value that is filtered by and of which nothing was
 * counted, though not all devices were.
 */
export function prepareDeviceFacets(
  counts: DeviceFacets | undefined,
  selected: Readonly<Record<DeviceFacet, readonly string[]>>,
  apps: AppNames,
): FacetGroupData[] {
  if (counts === undefined) return [];
  const { of } = counts.counted;
  return DEVICE_FACET_NAMES.map((facet) => {
    const option = (value: string, count: number, countText?: string): FacetOption => {
      const mark = facet === 'verdict' ? VERDICT_ORDER.find((verdict) => verdict === value) : undefined;
      return {
        value,
        count,
        label: deviceFacetLabel(facet, value, apps),
        ...(countText === undefined ? {} : { countText }),
        ...(mark === undefined ? {} : { mark }),
      };
    };
    const counted = counts.facets[facet];
    const missing = selected[facet].filter((value) => !counted.some((one) => one.value === value));
    return {
      facet,
      ...FACETS[facet],
      options: [
        ...counted.map(({ value, devices }) =>
          of === 'sample' ? option(value, devices, `~${formatCompact(devices)}`) : option(value, devices),
        ),
        ...(of === 'all' ? [] : missing.map((value) => option(value, 0, '–'))),
      ],
    };
  });
}

/** Which devices were counted, where not all were. */
export function countedNote(counted: DeviceFacets['counted']): string | null {
  if (counted.of === 'all') return null;
  return counted.of === 'last'
    ? `Counted are the ${formatCount(counted.devices)} devices that were seen last, and the blocked ones.`
    : `Estimated from one device in ${formatCount(Math.round(counted.oneIn))}; blocked ones are counted.`;
}
