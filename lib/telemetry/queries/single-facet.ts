import { type SQL, sql } from 'drizzle-orm';
import type { Facet } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import { type FacetFilter, isOneOf, narrowingFacets, type RollupScope, rollupRows } from './conditions';
import type { SummaryRow } from './summaries';
import type { Summed } from './summed';

/*
 * What is asked of one facet alone, which is what most filters are, is summed for each of its values: among many attestations
 * no combination has to be read. Two facets or more are answered by their combinations (`facet-rows.ts`).
 */

type Span = { fromMs: number; toMs: number };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What a facet is called in these sums: its column in the rollups. */
const COLUMN_NAMES: Readonly<Record<Exclude<Facet, 'app'>, string>> = {
  verdict: 'verdict',
  threat: 'deciding_threat',
  platform: 'platform',
  osVersion: 'os_version',
  appVersion: 'app_version',
  country: 'country',
  network: 'network_kind',
  policyVersion: 'policy_version',
};

/** What is demanded of the only facet that a filter narrows; nothing where it narrows none or several. */
function onlyFacet(filter: FacetFilter): SQL | undefined {
  const [facet, ...others] = narrowingFacets(filter);
  if (facet === undefined || facet === 'app' || others.length > 0) return undefined;
  return sql`r.facet = ${COLUMN_NAMES[facet]} and ${isOneOf(sql`r.facet_value`, filter[facet])}`;
}

/** A window as a part that sums answer, and what is left of it at both ends; `null` where they answer nothing. */
function divide(
  window: Span,
  summed: Span | undefined,
  widthMs: number,
): { known: Span; rest: readonly Span[] } | null {
  if (summed === undefined) return null;
  const fromMs = Math.ceil(Math.max(window.fromMs, summed.fromMs) / widthMs) * widthMs;
  const toMs = Math.floor(Math.min(window.toMs, summed.toMs) / widthMs) * widthMs;
  if (fromMs >= toMs) return null;
  const rest = [
    { fromMs: window.fromMs, toMs: fromMs },
    { fromMs: toMs, toMs: window.toMs },
  ];
  return { known: { fromMs, toMs }, rest: rest.filter((span) => span.fromMs < span.toMs) };
}

/** The whole days of a window of which breakdowns by single facets are summed, and what is left of it. */
export function facetDaysOf(
  window: Span,
  { facetDaySums }: Summed,
): { known: Span; rest: readonly Span[] } | null {
  return divide(window, facetDaySums, DAY_MS);
}

/** What the days of a scope, all of them summed, are broken down by; its filter narrows one facet. */
export async function readFacetDays(
  db: Executor,
  { apps, window, filter }: RollupScope,
): Promise<SummaryRow[]> {
  const condition = onlyFacet(filter);
  if (apps.length === 0 || condition === undefined) return [];
  const rows = await db.execute<SummaryRow & Record<string, unknown>>(sql`
    select kind, value, detail, sum(events)::float8 as events, sum(rejected)::float8 as rejected
    from attestation_facet_days r where ${rollupRows(apps, window)} and ${condition}
    group by kind, value, detail`);
  return [...rows];
}

/** Rows `(hour, verdict, events)` of the hours of a scope, and what is left of its window; `null` where no sums tell it. */
export function facetHours(
  { apps, window, filter }: RollupScope,
  { facetHourSums }: Summed,
): { rows: SQL; rest: readonly Span[] } | null {
  const condition = window.rollup === 'hour' ? onlyFacet(filter) : undefined;
  const divided = divide(window, facetHourSums, HOUR_MS);
  if (condition === undefined || divided === null) return null;
  const rows = sql`(select r.bucket, r.verdict, sum(r.events) from attestation_facet_hours r
    where ${rollupRows(apps, divided.known)} and ${condition} group by r.bucket, r.verdict)`;
  return { rows, rest: divided.rest };
}
