import { z } from 'zod';
import { appraisalSchema } from './appraisal';
import { blockDecisionRecordSchema, blockStandingSchema } from './blocks';
import { checkSchema, evidenceClaimsSchema, evidenceCodeSchema } from './evidence';
import { integrityClaimsSchema } from './integrity';
import { verdictSchema } from './verdict';

/* Telemetry, as the console's own API (`/api/console/...`) gives it. Times are RFC 3339 in UTC. */

const at = z.iso.datetime({ offset: true });

/** Ranges by name; `from`/`to` (both, RFC 3339) take precedence over `range`. */
export const RANGES = {
  '15m': 900,
  '1h': 3600,
  '6h': 21_600,
  '24h': 86_400,
  '7d': 604_800,
  '30d': 2_592_000,
} as const;
export type RangeName = keyof typeof RANGES;

/** Facets that attestations can be filtered by; each may be given several times in the URL. */
export const FACETS = [
  'app',
  'verdict',
  'threat',
  'platform',
  'osVersion',
  'appVersion',
  'country',
  'network',
  'policyVersion',
] as const;
export type Facet = (typeof FACETS)[number];

const list = z.array(z.string().max(128)).max(50).default([]);

/** Filter that every telemetry page has in its URL. `country` etc. use the empty string for "unknown". */
export const telemetryFilterSchema = z.object({
  range: z.enum(Object.keys(RANGES) as [RangeName, ...RangeName[]]).default('24h'),
  from: at.optional(),
  to: at.optional(),
  /** Minutes that the viewer's clock is ahead of UTC, so that buckets begin with the viewer's hours and days. */
  tz: z.coerce.number().int().min(-840).max(840).default(0),
  app: list,
  verdict: list,
  threat: list,
  platform: list,
  osVersion: list,
  appVersion: list,
  country: list,
  network: list,
  policyVersion: list,
});
export type TelemetryFilter = z.infer<typeof telemetryFilterSchema>;

const verdictCountsSchema = z.record(verdictSchema, z.number());

/** Points of a series; `null` counts mean "not recorded", which is a gap and not a zero. */
export const verdictSeriesSchema = z.object({
  from: at,
  to: at,
  bucketSeconds: z.number().int(),
  points: z.array(
    z.object({
      at,
      counts: verdictCountsSchema.nullable(),
      /** The bucket that is still filling. */
      incomplete: z.boolean(),
    }),
  ),
  /** Changes made by staff in the range, for markers. */
  markers: z.array(z.object({ at, action: z.string(), label: z.string(), auditId: z.number().int() })),
});
export type VerdictSeries = z.infer<typeof verdictSeriesSchema>;

export const overviewSchema = z.object({
  from: at,
  to: at,
  /** Attestations per minute over the last complete minute, and the mean of the period before. */
  attestationsPerMinute: z.object({ now: z.number(), previous: z.number().nullable() }),
  /** Share of attestations that were not rejected, 0 to 1; `null` where there were none. */
  passRate: z.object({ now: z.number().nullable(), previous: z.number().nullable() }),
  devicesRejected: z.object({ now: z.number(), previous: z.number().nullable() }),
  refusedRequests: z.object({ now: z.number(), previous: z.number().nullable() }),
  activeBlocks: z.number(),
  series: verdictSeriesSchema,
  /* The next four are each counted without what the filter demands of their own facets, whose other values stay in sight. */
  topThreats: z.array(
    z.object({ threat: z.string(), title: z.string(), events: z.number(), previous: z.number() }),
  ),
  versionThreat: z.object({
    threats: z.array(z.string()),
    rows: z.array(
      z.object({
        appVersion: z.string(),
        attestations: z.number(),
        /** Share of the version's attestations in which the threat decided, 0 to 1, in the order of `threats`. */
        shares: z.array(z.number()),
      }),
    ),
  }),
  countries: z.array(z.object({ country: z.string(), events: z.number(), rejected: z.number() })),
  networks: z.array(z.object({ network: z.string(), events: z.number(), rejected: z.number() })),
  /** Decisions for relying parties by outcome. */
  requests: z.array(z.object({ outcome: z.string(), requests: z.number() })),
});
export type Overview = z.infer<typeof overviewSchema>;

/** One row of the Attestations table and of the live stream. */
export const attestationRowSchema = z.object({
  id: z.uuid(),
  receivedAt: at,
  reference: z.string(),
  kind: z.enum(['enrol', 'attest']),
  appId: z.string(),
  appName: z.string(),
  instanceId: z.uuid().nullable(),
  verdict: verdictSchema,
  decidingThreat: z.string().nullable(),
  platform: z.string(),
  environment: z.string(),
  appVersion: z.string(),
  osVersion: z.string(),
  model: z.string(),
  country: z.string().nullable(),
  networkKind: z.string(),
  networkPrefix: z.string().nullable(),
  /** Number of the autonomous system that the address belongs to, where the data sets know it. */
  asn: z.number().int().nullable(),
});
export type AttestationRow = z.infer<typeof attestationRowSchema>;

/** A page of a keyset-paginated list; `nextCursor` is opaque and `null` at the end. */
export const attestationPageSchema = z.object({
  rows: z.array(attestationRowSchema),
  nextCursor: z.string().nullable(),
});
export const facetCountsSchema = z.object({
  facets: z.record(z.enum(FACETS), z.array(z.object({ value: z.string(), events: z.number() }))),
});

/** What is stored with an attestation event, and explained from. */
export const attestationDetailSchema = z.object({
  evidenceCode: evidenceCodeSchema.nullable(),
  checks: z.array(checkSchema),
  appraisal: appraisalSchema,
  signals: z.object({ found: z.array(z.string()), clear: z.array(z.string()), unknown: z.array(z.string()) }),
  claims: evidenceClaimsSchema.nullable(),
  /** The Play Integrity verdict that came with it. */
  integrity: integrityClaimsSchema.nullable().optional(),
  tokenId: z.string().nullable(),
  /** What blocks and allowlist entries made of it; absent where none concerned it. */
  blocks: blockDecisionRecordSchema.optional(),
});
export type AttestationDetail = z.infer<typeof attestationDetailSchema>;

/** The Explain panel: one attestation with everything that led to its verdict. */
export const explanationSchema = z.object({
  row: attestationRowSchema,
  format: z.string().nullable(),
  decidingRule: z.string().nullable(),
  policyVersion: z.number().int(),
  latencyUs: z.number().int(),
  node: z.string(),
  detail: attestationDetailSchema,
  history: z
    .object({ attestations30d: z.number().int(), trusted30d: z.number().int(), firstSeenAt: at })
    .nullable(),
  activeBlock: z
    .object({ id: z.uuid(), reason: z.string(), createdByName: z.string(), createdAt: at })
    .nullable(),
  /** Whether its raw evidence is kept, so that it can be exported and its verdict replayed. */
  isEvidenceArchived: z.boolean(),
  /** The decisions that concerned this attestation, as they are now; `null` where none did. */
  blocks: blockStandingSchema.nullable(),
});
export type Explanation = z.infer<typeof explanationSchema>;
