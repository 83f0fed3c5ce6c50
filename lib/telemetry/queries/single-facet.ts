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

const DAY_MS = 86_400_000;

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

/** A window as a part that sums answer, and what is left of it at both ends. */
interface Divided {
  readonly condition: SQL;
  readonly known: Span;
  readonly rest: readonly Span[];
}

function divide(
  window: Span,
  filter: FacetFilter,
  summed: Span | undefined,
  widthMs: number,
): Divided | null {
  const condition = onlyFacet(filter);
  if (condition === undefined || summed === undefined) return null;
  const fromMs = Math.ceil(Math.max(window.fromMs, summed.fromMs) / widthMs) * widthMs;
  const toMs = Math.floor(Math.min(window.toMs, summed.toMs) / widthMs) * widthMs;
  if (fromMs >= toMs) return null;
  const rest = [
    { fromMs: window.fromMs, toMs: fromMs },
    { fromMs: toMs, toMs: window.toMs },
  ];
  return { condition, known: { fromMs, toMs }, rest: rest.filter((span) => span.fromMs < span.toMs) };
}

/** What the whole days of a scope are broken down by, and what is left of its window; `null` where no sums tell it. */
export async function readFacetDays(
  db: Executor,
  { apps, window, filter }: RollupScope,
  { facetDaySums }: Summed,
): Promise<{ sums: SummaryRow[]; rest: readonly Span[] } | null> {
  const divided = divide(window, filter, facetDaySums, DAY_MS);
  if (divided === null || apps.length === 0) return null;
  const rows = await db.execute<SummaryRow & Record<string, unknown>>(sql`
    select kind, value, detail, sum(events)::float8 as events, sum(rejected)::float8 as rejected
    from attestation_facet_days r where ${rollupRows(apps, divided.known)} and ${divided.condition}
    group by kind, value, detail`);
  return { sums: [...rows], rest: divided.rest };
}

/** Rows `(hour, verdict, events)` of the hours of a scope, and what is left of its window; `null` where no sums tell it. */
export function facetHours(
  { apps, window, filter }: RollupScope,
  { facetHourSums }: Summed,
): { rows: SQL; rest: readonly Span[] } | null {
  const divided = window.rollup === 'hour' ? divide(window, filter, facetHourSums, DAY_MS / 24) : null;
  if (divided === null) return null;
  const rows = sql`(select r.bucket, r.verdict, sum(r.events) from attestation_facet_hours r
    where ${rollupRows(apps, divided.known)} and ${divided.condition} group by r.bucket, r.verdict)`;
  return { rows, rest: divided.rest };
}
