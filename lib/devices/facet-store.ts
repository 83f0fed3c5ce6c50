import { and, inArray, or, type SQL, sql } from 'drizzle-orm';
import { deviceInstances } from '@/drizzle/schema';
import { DEVICE_FACETS, type DeviceFacet } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import { DEVICE_LIMITS, type DeviceLimits } from './device-limits';
import { type Counted, countedParts } from './source-store';
import { COUNTRY, type DeviceScope, isBlockedAt, scopeConditions } from './store';

/** How many devices have one value of one facet. */
export interface FacetCount {
  facet: DeviceFacet;
  value: string;
  devices: number;
}

/**
 * Devices by value of each facet, each under what is `wanted` of the other facets: the `most` frequent values, and those that
 * are wanted. Of a large table they are those of the devices seen last, or estimated from a sample where that is of any use.
 */
export async function countDeviceFacets(
  db: Executor,
  scope: DeviceScope,
  wanted: Readonly<Record<DeviceFacet, readonly string[]>>,
  most: number,
  now: Date,
  limits: DeviceLimits = DEVICE_LIMITS,
): Promise<{ counts: FacetCount[]; counted: Counted }> {
  const { parts, counted } = await countedParts(db, scope, now, limits);
  const isWanted = (facet: DeviceFacet) =>
    wanted[facet].length === 0 ? undefined : inArray(sql.identifier(facet).getSQL(), [...wanted[facet]]);
  const cells = parts.map(
    ({ rows, only, weight }) => sql`
      select ${facetValues(now)}, count(*) * ${weight}::float8 as devices from ${rows}
      where ${and(sql`true`, ...scopeConditions(scope, now), only)} group by 1, 2, 3, 4, 5, 6, 7`,
  );
  const ofFacets = DEVICE_FACETS.map((facet) => {
    const others = DEVICE_FACETS.filter((other) => other !== facet).map(isWanted);
    return sql`(
      select ${facet}::text as facet, ${sql.identifier(facet)} as value, devices from (
        select ${sql.identifier(facet)}, sum(devices)::float8 as devices,
          row_number() over (order by sum(devices) desc, ${sql.identifier(facet)}) as place
        from cells where ${and(sql`true`, ...others)} group by 1) placed
      where ${or(sql`place <= ${most}`, isWanted(facet))} order by place)`;
  });
  const rows = await db.execute<FacetCount & Record<string, unknown>>(sql`
    with cells as materialized (${sql.join(cells, sql` union all `)}) ${sql.join(ofFacets, sql` union all `)}`);
  return { counts: [...rows], counted };
}

/** The value of every facet, by its name and in the order of the names; an unknown one is the empty string. */
function facetValues(now: Date): SQL {
  const columns: Readonly<Record<DeviceFacet, SQL>> = {
    app: sql`${deviceInstances.appId}`,
    verdict: sql`${deviceInstances.verdict}`,
    platform: sql`${deviceInstances.platform}`,
    country: COUNTRY,
    osVersion: sql`${deviceInstances.osVersion}`,
    appVersion: sql`${deviceInstances.appVersion}`,
    blocked: sql`(${isBlockedAt(now)})::text`,
  };
  return sql.join(
    DEVICE_FACETS.map((facet) => sql`${columns[facet]} as ${sql.identifier(facet)}`),
    sql`, `,
  );
}
