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
  /** The same of the day that is not over yet. */
  readonly facetToday: Span | undefined;
  /** The same per week. */
  readonly facetWeeks: Span | undefined;
  /** Breakdowns per day for each value of each facet. */
  readonly facetDaySums: Span | undefined;
  /** Verdicts per hour for each value of each facet. */
  readonly facetHourSums: Span | undefined;
  /** Versions told apart per hour. */
  readonly cellHours: Span | undefined;
  /** What was found under each value of a dimension. */
  readonly marginals: Span | undefined;
}

/** Tiers of which there are breakdowns. */
export type BreakdownTier = Extract<TierName, 'days' | 'hours' | 'fiveMinutes' | 'minutes'>;

/** The tables of the breakdowns. */
export const TIER_TABLES: Readonly<Record<BreakdownTier, string>> = {
  days: 'attestation_summary_days',
  hours: 'attestation_summary_hours',
  fiveMinutes: 'attestation_summary_five_minutes',
  minutes: 'attestation_summary_minutes',
};
export const QUARTERS = 'attestation_series_quarters';
const FACET_DAYS = 'attestation_rollup_days';
const FACET_TODAY = 'attestation_rollup_today';
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
    facetToday: spans.get(FACET_TODAY),
    facetWeeks: spans.get(FACET_WEEKS),
    facetDaySums: spans.get('attestation_facet_days'),
    facetHourSums: spans.get('attestation_facet_hours'),
    cellHours: spans.get('cell_hours'),
    marginals: spans.get('cell_marginals'),
  };
}
