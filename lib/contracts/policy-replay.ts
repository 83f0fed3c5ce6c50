import { z } from 'zod';
import { appraisalSchema } from './appraisal';
import { policySchema } from './policy';
import { appIdSchema } from './protocol';
import { verdictSchema } from './verdict';

/* A policy that is not in force, over attestations that were recorded. */

const at = z.iso.datetime({ offset: true });

/** Over what: the last hour, day or week, or the newest so many attestations. */
export const replaySpanSchema = z.union([
  z.strictObject({ last: z.enum(['hour', 'day', 'week']) }),
  z.strictObject({ events: z.number().int().min(1).max(100_000_000) }),
]);
export type ReplaySpan = z.infer<typeof replaySpanSchema>;

/**
 * Answered as a stream of JSON lines (`application/x-ndjson`), each a `ReplayReport`: `progress` about four times a second,
 * and one `done` or `failed` at the end. Closing the connection cancels it.
 */
export const replayRequestSchema = z.strictObject({
  id: appIdSchema,
  policy: policySchema,
  span: replaySpanSchema,
});
export type ReplayRequest = z.infer<typeof replayRequestSchema>;

/** Verdicts that become worse or better. */
const flipsSchema = z.object({ stricter: z.number().int(), milder: z.number().int() });

/** Flips of one value of a facet, out of all its attestations; most flips first, at most 20, then `null` for the others. */
const replayFacetSchema = z.array(
  flipsSchema.extend({ value: z.string().nullable(), events: z.number().int() }),
);
/** `threat` is what decides under the stricter of the two policies. */
export const REPLAY_FACETS = ['appVersion', 'osVersion', 'country', 'threat'] as const;
export type ReplayFacet = (typeof REPLAY_FACETS)[number];

/** An attestation that flips. `reference` opens it in Explain; `replayExplain` tells it under both policies. */
export const replaySampleSchema = z.object({
  eventId: z.uuid(),
  reference: z.string(),
  receivedAt: at,
  platform: z.string(),
  model: z.string(),
  osVersion: z.string(),
  appVersion: z.string(),
  from: verdictSchema,
  to: verdictSchema,
  /** Rules that decide before and after. */
  fromRule: z.string().nullable(),
  toRule: z.string().nullable(),
});
export type ReplaySample = z.infer<typeof replaySampleSchema>;

export const replayFiguresSchema = z.object({
  /** Attestations that were judged under both policies. */
  events: z.number().int(),
  /** Attestations of before facts were recorded, which cannot be judged anew. */
  skipped: z.number().int(),
  flips: flipsSchema,
  /** Distinct devices with a flip; estimated (± 2 %) above 16,384. */
  devices: flipsSchema,
  /** Distinct devices in all. */
  allDevices: z.number().int(),
  /** Verdicts under the policy in force, and under the draft. */
  transitions: z.array(
    z.object({
      from: verdictSchema,
      to: verdictSchema,
      events: z.number().int(),
      /** The newest ones, at most 5; none where the verdict stays. */
      samples: z.array(replaySampleSchema),
    }),
  ),
  by: z.record(z.enum(REPLAY_FACETS), replayFacetSchema),
  /** Rules of the draft that could not be evaluated, and how often. */
  failedRules: z.array(z.object({ rule: z.string(), events: z.number().int() })),
});
export type ReplayFigures = z.infer<typeof replayFiguresSchema>;

export const replayReportSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.enum(['progress', 'done']),
    /** 0 to 1. */
    share: z.number(),
    /** Version in force that the draft is compared with. */
    against: z.number().int(),
    figures: replayFiguresSchema,
    /** The newest and the oldest attestation so far. */
    newestAt: at.nullable(),
    oldestAt: at.nullable(),
    elapsedMs: z.number(),
  }),
  z.object({ kind: z.literal('failed'), code: z.string() }),
]);
export type ReplayReport = z.infer<typeof replayReportSchema>;

/** Explains one recorded attestation under the policy in force and under another one. */
export const replayExplainRequestSchema = z.strictObject({
  id: appIdSchema,
  eventId: z.uuid(),
  policy: policySchema,
});
export type ReplayExplainRequest = z.infer<typeof replayExplainRequestSchema>;
export const replayExplainSchema = z.object({
  reference: z.string(),
  against: z.number().int(),
  before: appraisalSchema,
  after: appraisalSchema,
});
export type ReplayExplain = z.infer<typeof replayExplainSchema>;
