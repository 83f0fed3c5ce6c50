import { sql } from 'drizzle-orm';
import type { Executor } from '@/lib/db';
import type { TierName, TierSpans } from './segments';

type Span = { fromMs: number; toMs: number };

/** What is summed from where to where. */
export interface Summed {
  /** Breakdowns without facets. */
  readonly tiers: TierSpans;
  /** Verdicts per quarter of an hour. */
  readonly quarters: Span | undefined;
  /** Combinations of facets per day. */
  readonly facetDays: Span | undefined;
  /** The same per week. */
  readonly facetWeeks: Span | undefined;
}

/** The tables of the breakdowns. */
export const TIER_TABLES: Readonly<Record<Exclude<TierName, 'weeks'>, string>> = {
  days: 'attestation_summary_days',
  hours: 'attestation_summary_hours',
  minutes: 'attestation_summary_minutes',
};
export const QUARTERS = 'attestation_series_quarters';
const FACET_DAYS = 'attestation_rollup_days';
const FACET_WEEKS = 'attestation_rollup_weeks';

/** Reads how far everything is summed. */
export async function readSummed(db: Executor): Promise<Summed> {
  const rows = await db.execute<{ tier: string; from: number; to: number }>(sql`
    select tier, (extract(epoch from summarised_from) * 1000)::float8 as from,
      (extract(epoch from summarised_to) * 1000)::float8 as to
    from summary_progress`);
  const spans = new Map(rows.map(({ tier, from, to }) => [tier, { fromMs: from, toMs: to }]));
  const tiers = Object.fromEntries(
    Object.entries(TIER_TABLES).flatMap(([name, table]) => {
      const span = spans.get(table);
      return span ? [[name, span]] : [];
    }),
  );
  return {
    tiers,
    quarters: spans.get(QUARTERS),
    facetDays: spans.get(FACET_DAYS),
    facetWeeks: spans.get(FACET_WEEKS),
  };
}
