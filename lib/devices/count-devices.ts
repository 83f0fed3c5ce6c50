import { scopeApps, type VerbContext } from '@/lib/auth';
import type { DeviceFacets, DeviceFacetsQuery } from '@/lib/contracts';
import { facetsOfCells } from './device-facets';
import { resolveSearch } from './list-devices';
import { countDeviceCells } from './store';

/** A fleet of millions is not counted for every look at a page. */
const MOST_COUNTED = 200_000;

/**
 * How many devices each value of each facet has, under the search and the other facets: of the 200,000 seen last where
 * there are more. @throws AppError `permission_denied`
 */
export async function countDevices(ctx: VerbContext, input: DeviceFacetsQuery): Promise<DeviceFacets> {
  const apps = scopeApps(ctx.actor, 'devices.read', []);
  const match = await resolveSearch(ctx, input.q);
  if (match === 'nothing') return { facets: facetsOfCells([], input), complete: true };
  const scope = { apps, verdicts: [], platforms: [], blocked: undefined, match };
  const cells = await countDeviceCells(ctx.db.orm, scope, MOST_COUNTED, new Date(ctx.clock.nowMs()));
  const counted = cells.reduce((sum, { devices }) => sum + devices, 0);
  return { facets: facetsOfCells(cells, input), complete: counted < MOST_COUNTED };
}
