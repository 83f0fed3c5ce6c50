import { z } from 'zod';
import { telemetryFilterSchema } from './telemetry';
import { verdictSchema } from './verdict';

/* What the console works out of telemetry besides plain counts. Times are RFC 3339 in UTC; rates and shares 0 to 1. */

const at = z.iso.datetime({ offset: true });

/** How often something was found among the attestations of a cell. */
const rateSchema = z.object({ rate: z.number(), hits: z.number().int(), events: z.number().int() });

/** Where something changed: a value per dimension that narrows it, `null` where any value will do. */
export const cellSchema = z.object({
  platform: z.string().nullable(),
  osVersion: z.string().nullable(),
  appVersion: z.string().nullable(),
  model: z.string().nullable(),
  country: z.string().nullable(),
});
export type Cell = z.infer<typeof cellSchema>;

/** One signal or outcome whose rate in one cell moved away from its past and from its siblings. */
export const findingSchema = z.object({
  /** The same finding has the same id in every answer. */
  id: z.string(),
  appId: z.string(),
  appName: z.string(),
  /** A threat, or `verdict:rejected`, `verdict:restricted`, `verdict:flagged`. */
  signal: z.string(),
  title: z.string(),
  cell: cellSchema,
  now: rateSchema,
  /** The cell's own past. */
  before: rateSchema,
  /** The cells that differ in the narrowing dimensions only, now; `null` where there are none. */
  siblings: rateSchema.nullable(),
  /** Robust z-score of the jump. */
  score: z.number(),
  /** Distinct devices in which it was found since it began. */
  devices: z.number().int(),
  /** Start of the first ten minutes in which the rate had moved. */
  since: at,
  reading: z.enum(['probable_false_positive', 'probable_attack', 'unclear']),
});
export type Finding = z.infer<typeof findingSchema>;

/** What changed by the end of the window, most devices first. */
export const whatChangedSchema = z.object({ to: at, findings: z.array(findingSchema) });
export type WhatChanged = z.infer<typeof whatChangedSchema>;

export const FUNNEL_STAGES = ['challenged', 'evidence', 'trusted', 'token', 'accepted'] as const;
/** From challenge to accepted request. `null` where that stage is not counted under these filters. */
export const funnelSchema = z.object({
  from: at,
  to: at,
  stages: z.array(z.object({ stage: z.enum(FUNNEL_STAGES), count: z.number().nullable() })),
});
export type Funnel = z.infer<typeof funnelSchema>;

/** Milliseconds that attestations took on the service, commit included; `null` where there were none. */
const percentilesSchema = z.object({
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
});
export const latencySchema = z.object({
  from: at,
  to: at,
  bucketSeconds: z.number().int(),
  total: percentilesSchema,
  points: z.array(percentilesSchema.extend({ at, incomplete: z.boolean() })),
});
export type Latency = z.infer<typeof latencySchema>;

/** Two sides of the same telemetry: this period and the one before, or two app versions within the period. */
export const comparisonQuerySchema = telemetryFilterSchema.extend({
  by: z.enum(['period', 'appVersion']).default('period'),
  /** The two versions, where versions are compared. */
  a: z.string().max(128).optional(),
  b: z.string().max(128).optional(),
});
export type ComparisonQuery = z.infer<typeof comparisonQuerySchema>;

const sideSchema = z.object({
  label: z.string(),
  from: at,
  to: at,
  attestations: z.number(),
  passRate: z.number().nullable(),
  verdicts: z.record(verdictSchema, z.number()),
});
export const comparisonSchema = z.object({
  a: sideSchema,
  b: sideSchema,
  /** Share of each side's attestations that each threat decided, largest difference first. */
  threats: z.array(z.object({ threat: z.string(), title: z.string(), a: z.number(), b: z.number() })),
});
export type Comparison = z.infer<typeof comparisonSchema>;
