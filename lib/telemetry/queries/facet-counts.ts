import { sql } from 'drizzle-orm';
import { FACETS, type Facet } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import { narrowsFacets, ROLLUP_FACETS } from './conditions';
import { facetRows, type RollupScope } from './facet-rows';
import { countByApp, readSummaries, type SummaryRow } from './summaries';
import type { Summed } from './summed';

const FACET_VALUES = 50;

type FacetCount = { value: string; events: number };
export type FacetCounts = Record<Facet, FacetCount[]>;

/** A scope, and the apps among which may be chosen. */
type FacetScope = RollupScope & { permitted: readonly string[] };

/** Events by value of each facet, each under the filters of all others; at most 50 values, most frequent first. */
export async function countFacets(db: Executor, scope: FacetScope, summed: Summed): Promise<FacetCounts> {
  if (scope.permitted.length === 0) return collect([]);
  return narrowsFacets(scope.filter) ? countNarrowed(db, scope, summed) : countAll(db, scope, summed);
}

/** Which facet each kind of sum counts by. */
const FACET_OF_KIND: Readonly<Record<SummaryRow['kind'], readonly (readonly [Facet, 'value' | 'detail'])[]>> =
  {
    threat: [
      ['verdict', 'value'],
      ['threat', 'detail'],
    ],
    version: [['appVersion', 'value']],
    country: [['country', 'value']],
    network: [['network', 'value']],
    platform: [['platform', 'value']],
    os: [['osVersion', 'value']],
    policy: [['policyVersion', 'value']],
  };

async function countAll(
  db: Executor,
  { apps, permitted, window }: FacetScope,
  summed: Summed,
): Promise<FacetCounts> {
  const [rows, byApp] = await Promise.all([
    readSummaries(db, apps, window, summed),
    countByApp(db, permitted, window, summed),
  ]);
  const counts = rows.flatMap((row) =>
    FACET_OF_KIND[row.kind].map(([facet, column]) => ({ facet, value: row[column], events: row.events })),
  );
  return collect([
    ...counts,
    ...byApp.map(({ app, events }) => ({ facet: 'app' as const, value: app, events })),
  ]);
}

/** Facets that are not filtered by share one pass; each of the others needs one without its own filter. */
async function countNarrowed(db: Executor, scope: FacetScope, summed: Summed): Promise<FacetCounts> {
  const isFiltered = (facet: Facet) => scope.filter[facet].length > 0;
  const open = FACETS.filter((facet) => !isFiltered(facet));
  const passes = [
    ...(open.length > 0 ? [countBy(db, open, scope, summed)] : []),
    ...FACETS.filter(isFiltered).map((facet) => countBy(db, [facet], without(scope, facet), summed, facet)),
  ];
  return collect((await Promise.all(passes)).flat());
}

function without(scope: FacetScope, facet: Facet): FacetScope {
  return facet === 'app' ? { ...scope, apps: scope.permitted } : scope;
}

async function countBy(
  db: Executor,
  facets: readonly Facet[],
  scope: RollupScope,
  summed: Summed,
  except?: Facet,
): Promise<(FacetCount & { facet: Facet })[]> {
  if (scope.apps.length === 0) return [];
  const columns = facets.map((facet) => ROLLUP_FACETS[facet]);
  const sets = columns.map((column) => sql`(${column})`);
  const rows = await db.execute<{ set: number; value: string; events: number }>(sql`
    select grouping(${sql.join(columns, sql`, `)})::int as set, coalesce(${sql.join(columns, sql`, `)}) as value,
      sum(r.events)::float8 as events
    from ${facetRows(scope, summed, except)} r
    group by grouping sets (${sql.join(sets, sql`, `)})`);
  const all = 2 ** facets.length - 1;
  const facetOf = (set: number) => facets.find((_, index) => set === all - 2 ** (facets.length - 1 - index));
  return rows.flatMap(({ set, value, events }) => {
    const facet = facetOf(set);
    return facet === undefined ? [] : [{ facet, value, events }];
  });
}

function collect(counts: readonly (FacetCount & { facet: Facet })[]): FacetCounts {
  const ofFacet = (facet: Facet): FacetCount[] => {
    const sums = new Map<string, number>();
    for (const count of counts) {
      if (count.facet === facet) sums.set(count.value, (sums.get(count.value) ?? 0) + count.events);
    }
    return [...sums]
      .map(([value, events]) => ({ value, events }))
      .sort((a, b) => b.events - a.events || (a.value < b.value ? -1 : 1))
      .slice(0, FACET_VALUES);
  };
  return Object.fromEntries(FACETS.map((facet) => [facet, ofFacet(facet)])) as FacetCounts;
}
