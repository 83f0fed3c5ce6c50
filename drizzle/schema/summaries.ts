import { bigint, date, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { at } from './columns';

/*
 * What the overview shows, summed from the rollups once a span is over, so that its cost grows neither with events nor with
 * combinations of facets. Written by `countersign_summarise` alone.
 */

const summaryColumns = () => ({
  appId: text('app_id').notNull(),
  bucket: at('bucket').notNull(),
  /** What `value` is: for `threat` a verdict, for `version` an app's, both with what decided; else what the kind says. */
  kind: text('kind', {
    enum: ['threat', 'version', 'country', 'network', 'platform', 'os', 'policy'],
  }).notNull(),
  value: text('value').notNull(),
  /** What decided, or empty. */
  detail: text('detail').notNull(),
  events: bigint('events', { mode: 'number' }).notNull(),
  rejected: bigint('rejected', { mode: 'number' }).notNull(),
});

/** Per minute. Partitioned by day. */
export const attestationSummaryMinutes = pgTable('attestation_summary_minutes', summaryColumns(), (table) => [
  primaryKey({ columns: [table.appId, table.bucket, table.kind, table.value, table.detail] }),
]);

/** Per five minutes. Partitioned by day. */
export const attestationSummaryFiveMinutes = pgTable(
  'attestation_summary_five_minutes',
  summaryColumns(),
  (table) => [
    primaryKey({
      name: 'attestation_summary_five_minutes_pk',
      columns: [table.appId, table.bucket, table.kind, table.value, table.detail],
    }),
  ],
);

/** Per hour. Partitioned by day. */
export const attestationSummaryHours = pgTable('attestation_summary_hours', summaryColumns(), (table) => [
  primaryKey({ columns: [table.appId, table.bucket, table.kind, table.value, table.detail] }),
]);

/** Per (UTC) day. */
export const attestationSummaryDays = pgTable('attestation_summary_days', summaryColumns(), (table) => [
  primaryKey({ columns: [table.appId, table.bucket, table.kind, table.value, table.detail] }),
]);

const combinationColumns = () => ({
  appId: text('app_id').notNull(),
  bucket: at('bucket').notNull(),
  facet: uuid('facet').notNull(),
  verdict: text('verdict').notNull(),
  decidingThreat: text('deciding_threat').notNull(),
  platform: text('platform').notNull(),
  osVersion: text('os_version').notNull(),
  appVersion: text('app_version').notNull(),
  country: text('country').notNull(),
  networkKind: text('network_kind').notNull(),
  policyVersion: integer('policy_version').notNull(),
  events: bigint('events', { mode: 'number' }).notNull(),
});

type HourColumn = `h${number}`;
const eventsOfHour = (name: HourColumn) => integer(name).notNull();

/** One column for each hour of the day: adding up items of an array takes several times as long. */
const hourColumns = (): Record<HourColumn, ReturnType<typeof eventsOfHour>> =>
  Object.fromEntries(Array.from({ length: 24 }, (_, hour) => [`h${hour}`, eventsOfHour(`h${hour}`)]));

/** Attestations per (UTC) day and combination of facets, over all writers, in all and by hour. Partitioned by day. */
export const attestationRollupDays = pgTable(
  'attestation_rollup_days',
  { ...combinationColumns(), ...hourColumns() },
  (table) => [primaryKey({ columns: [table.appId, table.bucket, table.facet] })],
);

/** The same of the day that is not over yet, up to the last whole hour: what the day has so far, added to by the hour. */
export const attestationRollupToday = pgTable(
  'attestation_rollup_today',
  { ...combinationColumns(), ...hourColumns() },
  (table) => [primaryKey({ columns: [table.appId, table.bucket, table.facet] })],
);

/** The same per week, counted from the epoch (so that it begins on a Thursday), in the partition of its first day. */
export const attestationRollupWeeks = pgTable('attestation_rollup_weeks', combinationColumns(), (table) => [
  primaryKey({ columns: [table.appId, table.bucket, table.facet] }),
]);

/** What a day is broken down by, as above, among the attestations with one value of one facet. Partitioned by day. */
export const attestationFacetDays = pgTable(
  'attestation_facet_days',
  { facet: text('facet').notNull(), facetValue: text('facet_value').notNull(), ...summaryColumns() },
  (table) => [
    primaryKey({
      name: 'attestation_facet_days_pk',
      columns: [
        table.appId,
        table.facet,
        table.facetValue,
        table.bucket,
        table.kind,
        table.value,
        table.detail,
      ],
    }),
  ],
);

/** Verdicts per hour among the attestations with one value of one facet. Partitioned by day. */
export const attestationFacetHours = pgTable(
  'attestation_facet_hours',
  {
    appId: text('app_id').notNull(),
    facet: text('facet').notNull(),
    facetValue: text('facet_value').notNull(),
    bucket: at('bucket').notNull(),
    verdict: text('verdict').notNull(),
    events: bigint('events', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({
      name: 'attestation_facet_hours_pk',
      columns: [table.appId, table.facet, table.facetValue, table.bucket, table.verdict],
    }),
  ],
);

/** Verdicts per quarter of an hour: no time zone's hours begin within one. */
export const attestationSeriesQuarters = pgTable(
  'attestation_series_quarters',
  {
    appId: text('app_id').notNull(),
    bucket: at('bucket').notNull(),
    verdict: text('verdict').notNull(),
    events: bigint('events', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.appId, table.bucket, table.verdict] })],
);

/**
 * What was found per ten minutes under each value of each dimension of `cell_rollups`, and in all (the dimension and the value
 * are empty then). Partitioned by day.
 */
export const cellMarginals = pgTable(
  'cell_marginals',
  {
    appId: text('app_id').notNull(),
    bucket: at('bucket').notNull(),
    /** The column's name in `cell_rollups`. */
    dimension: text('dimension').notNull(),
    value: text('value').notNull(),
    signal: text('signal').notNull(),
    events: bigint('events', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.appId, table.bucket, table.dimension, table.value, table.signal] }),
  ],
);

/**
 * Attestations per hour by the dimensions of `cell_rollups` without the model, which are told apart long after the combinations of
 * facets have become too many: it tells in which hours a version is found at all. Partitioned by day; kept as long as events.
 */
export const cellHours = pgTable(
  'cell_hours',
  {
    appId: text('app_id').notNull(),
    bucket: at('bucket').notNull(),
    platform: text('platform').notNull(),
    osVersion: text('os_version').notNull(),
    appVersion: text('app_version').notNull(),
    country: text('country').notNull(),
    events: bigint('events', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({
      name: 'cell_hours_pk',
      columns: [table.appId, table.bucket, table.platform, table.osVersion, table.appVersion, table.country],
    }),
  ],
);

/** From where to where each of them is complete; `tier` is the table's name. */
export const summaryProgress = pgTable('summary_progress', {
  tier: text('tier').primaryKey(),
  summarisedFrom: at('summarised_from').notNull(),
  summarisedTo: at('summarised_to').notNull(),
});

/** How much had been written to a day's rollups by when it was summed: more since means that it is summed again. */
export const summaryDaysSeen = pgTable('summary_days_seen', {
  day: date('day', { mode: 'string' }).primaryKey(),
  written: bigint('written', { mode: 'number' }).notNull(),
});
