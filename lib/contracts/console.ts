import { z } from 'zod';
import { appraisalSchema } from './appraisal';
import { blockDecisionRecordSchema, blockStandingSchema, blockViewSchema } from './blocks';
import { apiSnapshotSchema, appSnapshotSchema, trustAnchorSchema } from './changes';
import { checkSchema, evidenceClaimsSchema, evidenceCodeSchema, platformSchema } from './evidence';
import { integrityClaimsSchema } from './integrity';
import { policyTemplateSchema } from './policy';
import { appIdSchema } from './protocol';
import { trustVectorSchema, verdictSchema } from './verdict';

/* What the console's own API (`/api/console/...`) takes and gives. Times are RFC 3339 in UTC. */

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

export const deviceRowSchema = z.object({
  id: z.uuid(),
  appId: z.string(),
  appName: z.string(),
  platform: platformSchema,
  format: z.string(),
  verdict: verdictSchema,
  model: z.string(),
  osVersion: z.string(),
  appVersion: z.string(),
  country: z.string().nullable(),
  networkPrefix: z.string().nullable(),
  firstSeenAt: at,
  lastSeenAt: at,
  blocked: z.boolean(),
});
export type DeviceRow = z.infer<typeof deviceRowSchema>;
export const devicePageSchema = z.object({
  rows: z.array(deviceRowSchema),
  nextCursor: z.string().nullable(),
  /** Where to look on, if not all devices were looked through but those seen last; `null` where all were. */
  further: z.string().nullable(),
});
export type DevicePage = z.infer<typeof devicePageSchema>;

/** Facets that devices can be filtered by. */
export const DEVICE_FACETS = [
  'app',
  'verdict',
  'platform',
  'country',
  'osVersion',
  'appVersion',
  'blocked',
] as const;
export type DeviceFacet = (typeof DEVICE_FACETS)[number];

/** How many devices each value of each facet has, under the search and the other facets. */
export const deviceFacetsSchema = z.object({
  facets: z.record(
    z.enum(DEVICE_FACETS),
    z.array(z.object({ value: z.string(), devices: z.number().int() })),
  ),
  /** Which devices are counted: all, so many that were seen last, or one in so many, from which the counts are estimated. */
  counted: z.discriminatedUnion('of', [
    z.object({ of: z.literal('all') }),
    z.object({ of: z.literal('last'), devices: z.number().int() }),
    z.object({ of: z.literal('sample'), oneIn: z.number() }),
  ]),
});
export type DeviceFacets = z.infer<typeof deviceFacetsSchema>;

/** How far a change got: the proof that it took effect. */
export const propagationSchema = z.object({
  seq: z.number().int(),
  committedAt: at,
  /** Whether every node that may still let requests through enforces it. */
  enforced: z.boolean(),
  /** Nodes that enforce it / nodes that should. */
  enforcedNodes: z.number().int(),
  totalNodes: z.number().int(),
  /** Slowest acknowledgement so far, in milliseconds; `null` where none was measured. */
  slowestMs: z.number().nullable(),
  nodes: z.array(
    z.object({ nodeId: z.string(), latencyMs: z.number().nullable(), alive: z.boolean(), lastSeenAt: at }),
  ),
});
export type PropagationView = z.infer<typeof propagationSchema>;

export const timelineEntrySchema = z.object({
  at,
  kind: z.enum(['enrol', 'attest', 'block', 'unblock']),
  verdict: verdictSchema.nullable(),
  title: z.string(),
  detail: z.string().nullable(),
  eventId: z.uuid().nullable(),
  actorName: z.string().nullable(),
});

export const deviceSchema = z.object({
  device: deviceRowSchema,
  keyId: z.string(),
  counter: z.number().int(),
  evidenceAt: at,
  vector: trustVectorSchema,
  claims: evidenceClaimsSchema,
  activeBlock: blockViewSchema.nullable(),
  /** What would be decided of its next attestation, by every block and allowlist entry that concerns it. */
  standing: blockStandingSchema,
  pastBlocks: z.array(blockViewSchema),
  timeline: z.array(timelineEntrySchema),
  /** Other instances seen from the same network prefix, newest first. */
  linked: z.array(deviceRowSchema),
});
export type DeviceView = z.infer<typeof deviceSchema>;

const slugList = (pattern: RegExp, message: string, max = 20) =>
  z.array(z.string().regex(pattern, message)).max(max);

/** What an admin enters to register an app. At least one platform's identity is required. */
export const appRegistrationSchema = z
  .strictObject({
    id: appIdSchema,
    name: z.string().trim().min(1).max(80),
    environment: z.enum(['production', 'development']),
    appleTeamId: z
      .string()
      .regex(/^[A-Z0-9]{10}$/, 'is 10 capitals or digits')
      .nullable(),
    appleBundleIds: slugList(/^[A-Za-z0-9.-]{3,155}$/, 'is not a bundle id'),
    appleEnvironments: z.array(z.enum(['production', 'development'])).max(2),
    androidPackages: slugList(/^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)+$/, 'is not a package name'),
    androidSignerDigests: slugList(/^[0-9a-f]{64}$/, 'is not a SHA-256 in lower-case hex'),
    trustAnchors: z.array(trustAnchorSchema).max(5),
    versions: z
      .array(z.strictObject({ platform: platformSchema, version: z.string().trim().min(1).max(64) }))
      .max(100),
    policyTemplate: policyTemplateSchema,
  })
  .superRefine((app, context) => {
    const ios = app.appleTeamId !== null && app.appleBundleIds.length > 0;
    const android = app.androidPackages.length > 0;
    const complain = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (!ios && !android)
      complain('appleBundleIds', 'register at least one iOS bundle id or one Android package');
    if (app.appleBundleIds.length > 0 && app.appleTeamId === null)
      complain('appleTeamId', 'is needed with a bundle id');
    if (ios && app.appleEnvironments.length === 0) complain('appleEnvironments', 'choose at least one');
    if (android && app.androidSignerDigests.length === 0) {
      complain('androidSignerDigests', 'is needed: a package name without its signer proves nothing');
    }
    if (app.environment === 'production' && app.trustAnchors.length > 0) {
      complain('trustAnchors', 'are for development apps only');
    }
  });
export type AppRegistration = z.infer<typeof appRegistrationSchema>;

export const appViewSchema = appSnapshotSchema.extend({
  revision: z.number().int(),
  createdAt: at,
  updatedAt: at,
  apis: z.array(apiSnapshotSchema),
  attestations24h: z.number(),
  devices24h: z.number(),
});
export type AppView = z.infer<typeof appViewSchema>;
/** What registering an app answers: `seq` is the change whose enforcement can be watched. */
export const appRegisteredSchema = appViewSchema.extend({ seq: z.number().int() });
export type AppRegistered = z.infer<typeof appRegisteredSchema>;
/** What registering a protected API answers, likewise. */
export const apiRegisteredSchema = apiSnapshotSchema.extend({ seq: z.number().int() });
export type ApiRegistered = z.infer<typeof apiRegisteredSchema>;
export const appListSchema = z.object({ apps: z.array(appViewSchema) });

export const nodeSchema = z.object({
  id: z.string(),
  version: z.string(),
  startedAt: at,
  lastSeenAt: at,
  appliedSeq: z.number().int(),
  clockSkewMs: z.number().int(),
  alive: z.boolean(),
});
/** The service's nodes and where the change feed stands. */
export const nodesSchema = z.object({
  headSeq: z.number().int(),
  nodes: z.array(nodeSchema),
  /** Slowest node's acknowledgement of the newest change, if every one has acknowledged it. */
  lastPropagationMs: z.number().nullable(),
  /** By how much the replica that telemetry is read from is behind; `null` where there is none, or it is away. */
  replicaLagMs: z.number().nullable().default(null),
});
export type NodesView = z.infer<typeof nodesSchema>;

export const auditRowSchema = z.object({
  id: z.number().int(),
  at,
  actorKind: z.enum(['staff', 'system', 'cli']),
  actorName: z.string(),
  action: z.string(),
  targetKind: z.string(),
  targetId: z.string(),
  appId: z.string().nullable(),
  reason: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
});
export const auditPageSchema = z.object({ rows: z.array(auditRowSchema), nextCursor: z.string().nullable() });
export type AuditRow = z.infer<typeof auditRowSchema>;

/** Search across devices, references and apps, for the palette. */
export const searchResultSchema = z.object({
  results: z.array(
    z.object({
      kind: z.enum(['device', 'attestation', 'app']),
      title: z.string(),
      detail: z.string(),
      href: z.string(),
    }),
  ),
});
