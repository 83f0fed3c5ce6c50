import { DEVICE_FACETS, type DeviceFacet, type DeviceFacets, type DeviceFacetsQuery } from '@/lib/contracts';
import type { DeviceCell } from './store';

const VALUE_OF: Readonly<Record<DeviceFacet, (cell: DeviceCell) => string>> = {
  app: ({ app }) => app,
  verdict: ({ verdict }) => verdict,
  platform: ({ platform }) => platform,
  blocked: ({ blocked }) => String(blocked),
};

/** Counts of each facet's values under the filters of the other facets, most first. */
export function facetsOfCells(
  cells: readonly DeviceCell[],
  { app, verdict, platform, blocked }: Pick<DeviceFacetsQuery, DeviceFacet>,
): DeviceFacets['facets'] {
  const wanted: Readonly<Record<DeviceFacet, readonly string[]>> = {
    app,
    verdict,
    platform,
    blocked: blocked === undefined ? [] : [blocked],
  };
  const lets = (facet: DeviceFacet, cell: DeviceCell) =>
    wanted[facet].length === 0 || wanted[facet].includes(VALUE_OF[facet](cell));
  const countsOf = (facet: DeviceFacet) => {
    const counts = new Map<string, number>();
    for (const cell of cells) {
      if (!DEVICE_FACETS.every((other) => other === facet || lets(other, cell))) continue;
      const value = VALUE_OF[facet](cell);
      counts.set(value, (counts.get(value) ?? 0) + cell.devices);
    }
    const values = [...counts].map(([value, devices]) => ({ value, devices }));
    return values.sort((a, b) => b.devices - a.devices || a.value.localeCompare(b.value));
  };
  return {
    app: countsOf('app'),
    verdict: countsOf('verdict'),
    platform: countsOf('platform'),
    blocked: countsOf('blocked'),
  };
}
