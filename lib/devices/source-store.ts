import { and, eq, type SQL, sql } from 'drizzle-orm';
import { blocks, deviceInstances } from '@/drizzle/schema';
import type { Executor } from '@/lib/db';
import { DEVICE_LIMITS, type DeviceLimits } from './device-limits';
import {
  AT_TEXT,
  comesAfter,
  type DeviceMatch,
  type DevicePosition,
  type DeviceScope,
  isActiveBlock,
  isBlockedAt,
  type ListedDevice,
  PLACE,
  scopeConditions,
  selectDevices,
} from './store';

/*
 * Where devices are looked for. Each source stands for the table under its own name, so that every condition is spelled alike.
 */

const WHOLE = sql`${deviceInstances}`;

/** What is looked through, and the devices seen last that it is made up of where it is not all. */
interface Source {
  rows: SQL;
  recent?: SQL;
}

/**
 * One page of devices after a position, last seen first as far as their places are up to date. Of a large table no more than
 * `lookedAt` devices are looked through: where they hold less than the page, `further` is the position of the last of them.
 */
export async function listDeviceRows(
  db: Executor,
  scope: DeviceScope,
  after: DevicePosition | undefined,
  limit: number,
  now: Date,
  limits: DeviceLimits = DEVICE_LIMITS,
): Promise<{ rows: ListedDevice[]; further: DevicePosition | null }> {
  const { rows: source, recent } = await sourceOf(db, scope, after, now, limits);
  const conditions = and(...scopeConditions(scope, now), after && comesAfter(after));
  const isFound =
    source === WHOLE
      ? conditions
      : sql`${deviceInstances.id} in (
          select ${deviceInstances.id} from ${source} where ${conditions ?? sql`true`} order by ${PLACE} limit ${limit})`;
  const rows = await selectDevices(db, isFound, limit, now);
  const isShort = recent !== undefined && rows.length < limit;
  return { rows, further: isShort ? await lastOf(db, recent, limits.lookedAt) : null };
}

async function sourceOf(
  db: Executor,
  { apps: wanted, blocked, match }: DeviceScope,
  after: DevicePosition | undefined,
  now: Date,
  limits: DeviceLimits,
): Promise<Source> {
  if (match?.kind === 'id') return { rows: WHOLE };
  const { isSmall, isFewBlocked } = await measure(db, now, limits);
  if (isSmall) return { rows: WHOLE };
  if (blocked === true && isFewBlocked) return { rows: blockedDevices(now) };
  return recentDevices(wanted, match, after, limits);
}

/** Of what facets were counted; a sample is one page in so many. */
export type Counted = { of: 'all' } | { of: 'last' } | { of: 'sample'; oneIn: number };

/** A source of devices, each of which stands for `weight`, and what is looked for in it besides. */
export interface CountedPart {
  rows: SQL;
  only: SQL | undefined;
  weight: number;
}

/** What facets are counted of: blocked devices by their blocks where they are few, since a sample would hold none. */
export async function countedParts(
  db: Executor,
  scope: DeviceScope,
  now: Date,
  limits: DeviceLimits,
): Promise<{ parts: CountedPart[]; counted: Counted }> {
  const { isSmall, isFewBlocked, pages } = await measure(db, now, limits);
  if (isSmall || scope.match?.kind === 'id') {
    return { parts: [{ rows: WHOLE, only: undefined, weight: 1 }], counted: { of: 'all' } };
  }
  const { source, weight, counted } = await partOf(db, scope, pages, limits);
  const parts = isFewBlocked
    ? [
        { rows: source, only: sql`not ${isBlockedAt(now)}`, weight },
        { rows: blockedDevices(now), only: undefined, weight: 1 },
      ]
    : [{ rows: source, only: undefined, weight }];
  return { parts, counted };
}

/** A part of a large table: a sample of it, or, of some apps or what was searched for, the devices seen last. */
async function partOf(
  db: Executor,
  { apps: wanted, match }: DeviceScope,
  pages: number,
  limits: DeviceLimits,
): Promise<{ source: SQL; weight: number; counted: Counted }> {
  if (wanted === null && match === undefined) {
    const oneIn = pages / limits.sampledPages;
    // The same pages each time, so that counts move only where devices do.
    const source = sql`${deviceInstances} tablesample system (${100 / oneIn}::real) repeatable (1)`;
    return { source, weight: oneIn, counted: { of: 'sample', oneIn } };
  }
  const { rows, recent } = recentDevices(wanted, match, undefined, limits);
  const last = recent && (await lastOf(db, recent, limits.lookedAt));
  return { source: rows, weight: 1, counted: last ? { of: 'last' } : { of: 'all' } };
}

async function measure(db: Executor, now: Date, limits: DeviceLimits) {
  const [row] = await db.execute<{ pages: number; blocked: number }>(sql`
    select (pg_relation_size('device_instances') / current_setting('block_size')::int)::float8 as pages,
      (select count(*)::int from (
        select 1 from ${blocks} where ${isActiveBlock(now)} limit ${limits.fewBlocked + 1}) active) as blocked`);
  const { pages = 0, blocked = 0 } = row ?? {};
  return { pages, isSmall: pages <= limits.wholePages, isFewBlocked: blocked <= limits.fewBlocked };
}

function blockedDevices(now: Date): SQL {
  const id = sql`case when ${blocks.scope} = 'instance' then ${blocks.target}::uuid end`;
  return sql`(select * from ${deviceInstances}
    where ${deviceInstances.id} in (select ${id} from ${blocks} where ${isActiveBlock(now)})) ${deviceInstances}`;
}

/** The devices of these apps seen last, after a position; besides those whose id is searched for, which an index tells. */
function recentDevices(
  wanted: readonly string[] | null,
  match: DeviceMatch | undefined,
  after: DevicePosition | undefined,
  { lookedAt }: DeviceLimits,
): Source {
  const of = (condition: SQL) => sql`(
    select * from ${deviceInstances} where ${and(condition, after && comesAfter(after))}
    order by ${PLACE} limit ${lookedAt})`;
  // An app at a time: Postgres puts several in order by their indexes, but not one index by a list of apps.
  const recent =
    wanted === null || wanted.length === 0
      ? of(sql`${wanted === null}`)
      : sql`(select * from (${sql.join(
          wanted.map((app) => of(eq(deviceInstances.appId, app))),
          sql` union all `,
        )}) ${deviceInstances} order by ${PLACE} limit ${lookedAt})`;
  if (match?.kind !== 'id_range') return { rows: sql`${recent} ${deviceInstances}`, recent };
  const isInRange = sql`${deviceInstances.id} between ${match.from}::uuid and ${match.to}::uuid`;
  return {
    rows: sql`(select * from ${recent} ${deviceInstances} where not (${isInRange})
      union all select * from ${deviceInstances} where ${isInRange}) ${deviceInstances}`,
    recent,
  };
}

/** The position of the device that is `count`th; `null` where there are fewer. */
async function lastOf(db: Executor, devices: SQL, count: number): Promise<DevicePosition | null> {
  const [last] = await db.execute<DevicePosition & Record<string, unknown>>(sql`
    select ${AT_TEXT} as at, ${deviceInstances.id} as id from ${devices} ${deviceInstances}
    order by ${PLACE} offset ${count - 1} limit 1`);
  return last ?? null;
}
