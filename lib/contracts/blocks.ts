import { z } from 'zod';
import { incidentSchema } from './incident';
import { appIdSchema } from './protocol';
import { reasonSchema } from './reason';

/* Decisions to refuse, or to let pass, besides what a policy says. */

const at = z.iso.datetime({ offset: true });

/**
 * What a decision can be about, from narrow to wide. The order is the precedence: an allowlist entry lifts what is as wide
 * as itself or wider.
 */
export const BLOCK_SCOPES = [
  'instance',
  'hardware',
  'network',
  'app_version',
  'os_build',
  'asn',
  'signer',
  'country',
  'app',
] as const;
export const blockScopeSchema = z.enum(BLOCK_SCOPES);
export type BlockScope = z.infer<typeof blockScopeSchema>;

/** `simulate` counts what it would refuse and refuses nothing; `allow` lifts blocks. */
export const BLOCK_EFFECTS = ['refuse', 'simulate', 'allow'] as const;
export const blockEffectSchema = z.enum(BLOCK_EFFECTS);
export type BlockEffect = z.infer<typeof blockEffectSchema>;

/** Who came to the decision: a person, a rule of ours, or a list that a person brought in. */
export const BLOCK_ORIGINS = ['person', 'rule', 'import'] as const;
export const blockOriginSchema = z.enum(BLOCK_ORIGINS);
export type BlockOrigin = z.infer<typeof blockOriginSchema>;

/** Length in seconds; `null` until it is lifted. */
export const blockDurationSchema = z.number().int().min(60).max(31_536_000).nullable();
const ownerSchema = z.string().trim().min(3, 'say who answers for it').max(120);

/** What a decision is about. `appId` is `null` for every app, where the scope is not of one app alone. */
const about = {
  scope: blockScopeSchema,
  target: z.string().trim().min(1, 'is needed').max(200),
  appId: appIdSchema.nullable(),
};

/** A block, or a simulation of one. */
export const blockDraftSchema = z.strictObject({
  ...about,
  effect: z.enum(['refuse', 'simulate']).default('refuse'),
  reason: reasonSchema,
  incident: incidentSchema.nullish(),
  durationSeconds: blockDurationSchema,
});
export type BlockDraft = z.infer<typeof blockDraftSchema>;

/** An allowlist entry: somebody answers for it, and it ends. */
export const allowDraftSchema = z.strictObject({
  ...about,
  owner: ownerSchema,
  reason: reasonSchema,
  incident: incidentSchema.nullish(),
  durationSeconds: blockDurationSchema.unwrap(),
});
export type AllowDraft = z.infer<typeof allowDraftSchema>;

export const blockRequestSchema = z.strictObject({
  instanceId: z.uuid(),
  reason: reasonSchema,
  incident: incidentSchema.nullish(),
  durationSeconds: blockDurationSchema,
});
export type BlockRequest = z.infer<typeof blockRequestSchema>;
export const unblockRequestSchema = z.strictObject({ reason: reasonSchema });

/** A decision as the console shows it. */
export const blockViewSchema = z.object({
  id: z.uuid(),
  scope: blockScopeSchema,
  effect: blockEffectSchema,
  origin: blockOriginSchema,
  appId: z.string().nullable(),
  target: z.string(),
  reason: z.string(),
  /** The incident that it was decided in, as its ticket or case is called. */
  incident: z.string().nullable(),
  /** Who answers for an allowlist entry. */
  owner: z.string().nullable(),
  createdByName: z.string(),
  createdAt: at,
  expiresAt: at.nullable(),
  seq: z.number().int(),
  /** The bulk act or import that it was made by. */
  batchId: z.uuid().nullable(),
  liftedAt: at.nullable(),
  liftedByName: z.string().nullable(),
  liftReason: z.string().nullable(),
  liftSeq: z.number().int().nullable(),
});
export type BlockView = z.infer<typeof blockViewSchema>;

/** A decision in the list, with what it met in the last 24 h: attestations and requests refused, lifted or simulated. */
export const blockRowSchema = blockViewSchema.extend({
  active: z.boolean(),
  appName: z.string().nullable(),
  attestations24h: z.number().int(),
  requests24h: z.number().int(),
});
export type ListedBlock = z.infer<typeof blockRowSchema>;
export const blockPageSchema = z.object({ rows: z.array(blockRowSchema), nextCursor: z.string().nullable() });

export const BLOCK_STATES = ['active', 'ended'] as const;
/** One page of decisions, newest first. `q` is the start of a target, or a part of a reason, an owner or an incident. */
export const blockQuerySchema = z.object({
  q: z.string().trim().max(128).default(''),
  app: z.array(z.string().max(128)).max(50).default([]),
  state: z.array(z.enum(BLOCK_STATES)).max(2).default([]),
  scope: z.array(blockScopeSchema).max(20).default([]),
  effect: z.array(blockEffectSchema).max(5).default([]),
  origin: z.array(blockOriginSchema).max(5).default([]),
  batch: z.uuid().optional(),
  /** The rule that decided. */
  rule: z.uuid().optional(),
  /** The whole reference of an incident, in whatever case. */
  incident: z.string().trim().min(1).max(64).optional(),
  cursor: z.string().max(256).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type BlockQuery = z.infer<typeof blockQuerySchema>;
export const blockExportSchema = blockQuerySchema.omit({ cursor: true, limit: true });
export type BlockExport = z.infer<typeof blockExportSchema>;

/** What is asked before an act. */
export const blockPreviewQuerySchema = z.object({
  scope: blockScopeSchema,
  target: about.target,
  appId: appIdSchema.optional(),
  effect: blockEffectSchema.default('refuse'),
});
export type BlockPreviewQuery = z.infer<typeof blockPreviewQuerySchema>;

/** What a decision would have met in the last 24 h, and what stands in its way; nothing is changed. */
export const blockPreviewSchema = z.object({
  /** As it will be written down. */
  target: z.string(),
  /** Devices and attestations of the last 24 h; `null` where counting them took too long. */
  reach: z.object({ devices: z.number().int(), attestations: z.number().int() }).nullable(),
  /** Requests that relying parties asked about in the last 24 h; known for a whole app only. */
  requests: z.number().int().nullable(),
  /** The decision that is in force on exactly this already. */
  duplicate: blockViewSchema.nullable(),
  /** Allowlist entry on exactly this, under which a block would refuse nobody. */
  contradiction: blockViewSchema.nullable(),
  /** Whether `authorize` can see this: else it takes effect with the next attestation, when the token has run out. */
  enforcedAtAuthorize: z.boolean(),
  /** Blocks on exactly this that ended or are in force, of the last 90 days, and what they suggest. */
  offences: z.number().int(),
  suggestedSeconds: blockDurationSchema,
});
export type BlockPreview = z.infer<typeof blockPreviewSchema>;

/** Whether a device would be refused now, by what, and what lifts it. */
export const blockStandingSchema = z.object({
  refusedBy: blockViewSchema.nullable(),
  /** Set with `refusedBy`: the device passes. */
  liftedBy: blockViewSchema.nullable(),
  simulated: z.array(blockViewSchema),
});
export type BlockStanding = z.infer<typeof blockStandingSchema>;

/** What a decision list did to one attestation, by id; stored with its event. */
export const blockDecisionRecordSchema = z.object({
  block: z.object({ id: z.uuid(), scope: blockScopeSchema }).nullable(),
  liftedBy: z.object({ id: z.uuid(), scope: blockScopeSchema }).nullable(),
  simulated: z.array(z.uuid()),
});
export type BlockDecisionRecord = z.infer<typeof blockDecisionRecordSchema>;

/** A list of decisions as CSV: `scope,target,app,effect,reason,incident,owner,expires_at`. All of it is taken, or nothing. */
export const blockImportSchema = z.strictObject({
  csv: z.string().min(1, 'is empty').max(60_000, 'is larger than 60,000 characters'),
  reason: reasonSchema,
  /** For every line that names none of its own. */
  incident: incidentSchema.nullish(),
});
export type BlockImport = z.infer<typeof blockImportSchema>;

export const blockImportedSchema = z.object({
  batchId: z.uuid(),
  made: z.number().int(),
  /** The last change, whose enforcement is the whole list's. */
  seq: z.number().int(),
});
export type BlockImported = z.infer<typeof blockImportedSchema>;

/** Progress of a bulk act. It is one act, done and undone in bounded steps. */
export const blockBatchSchema = z.object({
  id: z.uuid(),
  /** `open` and `undoing` are not finished: somebody does it in steps, or left it and can go on. */
  state: z.enum(['open', 'done', 'undoing', 'undone']),
  reason: z.string(),
  incident: z.string().nullable(),
  createdAt: z.iso.datetime(),
  createdByName: z.string(),
  /** Whether it is not finished and has not moved for a while, so that nobody is at it. */
  isLeft: z.boolean(),
  /** Devices that it concerns, and how many of them have been blocked; the rest were blocked already, or are gone. */
  devices: z.number().int(),
  handled: z.number().int(),
  blocked: z.number().int(),
  lifted: z.number().int(),
  /** The last change that was made; `null` before the first. */
  seq: z.number().int().nullable(),
  /** Whether the reader may go on with it, and undo it. */
  mayGoOn: z.boolean(),
  mayUndo: z.boolean(),
});
/** Acts that are not finished, newest first. */
export const unfinishedBatchesSchema = z.object({ batches: z.array(blockBatchSchema) });
export type BlockBatch = z.infer<typeof blockBatchSchema>;
