import { scopeApps, type VerbContext } from '@/lib/auth';
import { DEVICE_FACETS, type DeviceFacet, type DeviceFacets, type DeviceFacetsQuery } from '@/lib/contracts';
import { DEVICE_LIMITS, type DeviceLimits } from './device-limits';
import { countDeviceFacets, type FacetCount } from './facet-store';
import { deviceScope, NO_FACETS, resolveSearch } from './list-devices';
import type { Counted } from './source-store';

/** As many as there are countries. */
const MOST_VALUES = 250;

/**
 * How many devices each value of each facet has, under the search and the other facets, most first. Where there are more than
 * can be counted for a look at a page, `counted` tells which were. @throws AppError `permission_denied`
 */
export async function countDevices(
  ctx: VerbContext,
  input: DeviceFacetsQuery,
  limits = DEVICE_LIMITS,
): Promise<DeviceFacets> {
  const apps = scopeApps(ctx.actor, 'devices.read', []);
  const match = await resolveSearch(ctx, input.q);
  if (match === 'nothing') return { facets: facetsOf([], { of: 'all' }), counted: { of: 'all' } };
  const now = new Date(ctx.clock.nowMs());
  const wanted = { ...input, blocked: input.blocked === undefined ? [] : [input.blocked] };
  // What is wanted of a facet narrows the others, and not what is counted at all.
  const scope = deviceScope(apps, NO_FACETS, match);
  const { counts, counted } = await countDeviceFacets(ctx.db.orm, scope, wanted, MOST_VALUES, now, limits);
  return { facets: facetsOf(counts, counted), counted: toldOf(counted, limits) };
}

function facetsOf(counts: readonly FacetCount[], { of: source }: Counted): DeviceFacets['facets'] {
  const told = source === 'sample' ? toTwoDigits : Math.round;
  const of = (facet: DeviceFacet) =>
    counts
      .filter((count) => count.facet === facet)
      .map(({ value, devices }) => ({ value, devices: told(devices) }));
  return Object.fromEntries(DEVICE_FACETS.map((facet) => [facet, of(facet)])) as DeviceFacets['facets'];
}

/** No more of an estimate than it is good for. */
function toTwoDigits(devices: number): number {
  return Math.round(Number(devices.toPrecision(2)));
}

function toldOf(counted: Counted, { lookedAt }: DeviceLimits): DeviceFacets['counted'] {
  return counted.of === 'last' ? { of: 'last', devices: lookedAt } : counted;
}
