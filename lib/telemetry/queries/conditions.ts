import { type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { FACETS, type Facet, type TelemetryFilter } from '@/lib/contracts';
import type { TimeWindow } from './time-window';

/** Values per facet; an empty list lets everything through. */
export type FacetFilter = Pick<TelemetryFilter, Facet>;

/** A filter that lets everything through. */
export const NO_FACETS = Object.fromEntries(FACETS.map((facet) => [facet, []])) as unknown as FacetFilter;

/** What a question about rollups is asked of: these apps, this window, these facets. */
export interface RollupScope {
  apps: readonly string[];
  /** Whether these are all apps: where all rows are read anyway, the app of each need not be looked at. */
  isEveryApp: boolean;
  window: TimeWindow;
  filter: FacetFilter;
}

/** Where each facet stands in the rollups (`r`). An absent value is the empty string there; the policy's version is a number. */
export const ROLLUP_FACETS: Readonly<Record<Facet, SQL>> = {
  app: sql`r.app_id`,
  verdict: sql`r.verdict`,
  threat: sql`r.deciding_threat`,
  platform: sql`r.platform`,
  osVersion: sql`r.os_version`,
  appVersion: sql`r.app_version`,
  country: sql`r.country`,
  network: sql`r.network_kind`,
  policyVersion: sql`r.policy_version`,
};

/** Where each facet stands in the events (`attestation_events`). */
export const EVENT_FACETS: Readonly<Record<Facet, SQL>> = {
  app: sql`attestation_events.app_id`,
  verdict: sql`attestation_events.verdict`,
  threat: sql`coalesce(attestation_events.deciding_threat, '')`,
  platform: sql`attestation_events.platform`,
  osVersion: sql`attestation_events.os_version`,
  appVersion: sql`attestation_events.app_version`,
  country: sql`coalesce(attestation_events.country, '')`,
  network: sql`attestation_events.network_kind`,
  policyVersion: sql`attestation_events.policy_version`,
};

/** Facets besides the app, which every query states by itself: keys begin with it. */
export const OTHER_FACETS = FACETS.filter((facet) => facet !== 'app');

/** Whether a column holds one of the values; never true for an empty list. */
export function isOneOf(column: SQL, values: readonly string[]): SQL {
  if (values.length === 0) return sql`false`;
  return sql`${column} in (${sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  )})`;
}

/** Values as rows of one column, for what is looked for one by one. */
export function listOf(values: readonly string[]): SQL {
  return sql`unnest(${sql.param([...values])}::text[])`;
}

/**
 * The same for a column of which most rows are not wanted: spelled like this, Postgres looks at it before it looks at what is true
 * of nearly every row. The policy's version is a number: as text each row's would have to be spelled out.
 */
function isAnyOf(facet: Facet, column: SQL, values: readonly string[]): SQL {
  const isNumber = facet === 'policyVersion';
  const wanted = isNumber ? values.filter((value) => /^\d{1,9}$/.test(value)).map(Number) : values;
  return sql`${column} = any(array[${sql.join(
    wanted.map((value) => sql`${value}`),
    sql`, `,
  )}]::${sql.raw(isNumber ? 'int' : 'text')}[])`;
}

/** What a filter demands of the facets besides the app, but for those that are left out. */
export function facetConditions(
  columns: Readonly<Record<Facet, SQL>>,
  filter: FacetFilter,
  left: readonly Facet[] = [],
): SQL {
  const conditions = narrowingFacets(filter, left).map((facet) =>
    isAnyOf(facet, columns[facet], filter[facet]),
  );
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

/** Whether some facet besides the app, and besides those that are left out, is filtered by. */
export function narrowsFacets(filter: FacetFilter, left: readonly Facet[] = []): boolean {
  return narrowingFacets(filter, left).length > 0;
}

/** Facets besides the app, and besides those that are left out, that are filtered by. */
export function narrowingFacets(filter: FacetFilter, left: readonly Facet[] = []): Facet[] {
  return OTHER_FACETS.filter((facet) => filter[facet].length > 0 && !left.includes(facet));
}

/** Newest first, spelled as the indexes are: Postgres would not use them for its own default, `nulls first`. */
export function newestFirst(column: PgColumn): SQL {
  return sql`${column} desc nulls last`;
}

/** A point in time as a parameter that the planner can prune partitions by. */
export function instant(ms: number): SQL {
  return sql`${new Date(ms).toISOString()}::timestamptz`;
}

type Span = Pick<TimeWindow, 'fromMs' | 'toMs'>;

/** The rollup rows of these apps within a window, by the primary key's leading columns. */
export function rollupRows(apps: readonly string[], window: Span): SQL {
  return sql`${isOneOf(ROLLUP_FACETS.app, apps)} and ${bucketRows(window)}`;
}

/** The rollup rows of every app within a window. */
export function bucketRows(window: Span): SQL {
  return sql`r.bucket >= ${instant(window.fromMs)} and r.bucket < ${instant(window.toMs)}`;
}
