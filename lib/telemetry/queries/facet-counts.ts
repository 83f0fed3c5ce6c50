import { sql } from 'drizzle-orm';
import { FACETS, type Facet } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import { type FacetFilter, narrowsFacets, ROLLUP_FACETS, type RollupScope } from './conditions';
import { facetRows } from './facet-rows';
import { countByApp, readSummaries, type SummaryRow } from './summaries';
import type { Summed } from './summed';

/** As many as there are countries. */
const FACET_VALUES = 250;

type FacetCount = { value: string; events: number };
type FacetRow = FacetCount & { facet: Facet };
export type FacetCounts = Record<Facet, FacetCount[]>;

/** A scope, and the apps among which may be chosen. */
type FacetScope = RollupScope & { permitted: readonly string[] };

/** Events by value of each facet, each under the filters of all others; the 250 most frequent and those that are filtered by. */
export async function countFacets(db: Executor, scope: FacetScope, summed: Summed): Promise<FacetCounts> {
  if (scope.permitted.length === 0) return collect([], scope.filter);
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
  { apps, permitted, window, filter }: FacetScope,
  summed: Summed,
): Promise<FacetCounts> {
  const [rows, byApp] = await Promise.all([
    readSummaries(db, apps, window, summed),
    countByApp(db, permitted, window, summed),
  ]);
  const ofApps = byApp.map(({ app, events }) => ({ facet: 'app' as const, value: app, events }));
  return collect([...countsOf(rows), ...ofApps], filter);
}

function countsOf(rows: readonly SummaryRow[]): FacetRow[] {
  return rows.flatMap((row) =>
    FACET_OF_KIND[row.kind].map(([facet, column]) => ({ facet, value: row[column], events: row.events })),
  );
}

/** Facets that are not filtered by share one pass; each of the others needs one without its own filter. */
async function countNarrowed(db: Executor, scope: FacetScope, summed: Summed): Promise<FacetCounts> {
  const isFiltered = (facet: Facet) => scope.filter[facet].length > 0;
  const open = FACETS.filter((facet) => !isFiltered(facet));
  const passes = [
    ...(open.length > 0 ? [countBy(db, open, scope, summed)] : []),
    ...FACETS.filter(isFiltered).map((facet) =>
      facet === 'app' || narrowsFacets(scope.filter, [facet])
        ? countBy(db, [facet], without(scope, facet), summed)
        : countFromSums(db, facet, scope, summed),
    ),
  ];
  return collect((await Promise.all(passes)).flat(), scope.filter);
}

function without(scope: FacetScope, facet: Facet): FacetScope {
  const filter = { ...scope.filter, [facet]: [] };
  return facet === 'app' ? { ...scope, filter, apps: scope.permitted } : { ...scope, filter };
}

/** One facet of a scope that nothing narrows but that facet itself. */
async function countFromSums(
  db: Executor,
  facet: Facet,
  { apps, window }: FacetScope,
  summed: Summed,
): Promise<FacetRow[]> {
  const rows = await readSummaries(db, apps, window, summed);
  return countsOf(rows).filter((count) => count.facet === facet);
}

async function countBy(
  db: Executor,
  facets: readonly Facet[],
  scope: RollupScope,
  summed: Summed,
): Promise<FacetRow[]> {
  if (scope.apps.length === 0) return [];
  const columns = facets.map((facet) => ROLLUP_FACETS[facet]);
  const sets = columns.map((column) => sql`(${column})`);
  const values = columns.map((column) => sql`${column}::text`);
  const rows = await db.execute<{ set: number; value: string; events: number }>(sql`
    select grouping(${sql.join(columns, sql`, `)})::int as set, coalesce(${sql.join(values, sql`, `)}) as value,
      sum(r.events)::float8 as events
    from ${facetRows(scope, summed)} r
    group by grouping sets (${sql.join(sets, sql`, `)})`);
  const all = 2 ** facets.length - 1;
  const facetOf = (set: number) => facets.find((_, index) => set === all - 2 ** (facets.length - 1 - index));
  return rows.flatMap(({ set, value, events }) => {
    const facet = facetOf(set);
    return facet === undefined ? [] : [{ facet, value, events }];
  });
}

/** The most frequent values of each facet, and those that are filtered by. */
function collect(counts: readonly FacetRow[], filter: FacetFilter): FacetCounts {
  const ofFacet = (facet: Facet): FacetCount[] => {
    const sums = new Map<string, number>();
    for (const count of counts) {
      if (count.facet === facet) sums.set(count.value, (sums.get(count.value) ?? 0) + count.events);
    }
    return [...sums]
      .map(([value, events]) => ({ value, events }))
      .sort((a, b) => b.events - a.events || (a.value < b.value ? -1 : 1))
      .filter(({ value }, index) => index < FACET_VALUES || filter[facet].includes(value));
  };
  return Object.fromEntries(FACETS.map((facet) => [facet, ofFacet(facet)])) as FacetCounts;
}
