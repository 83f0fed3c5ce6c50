import { z } from 'zod';
import { policySchema } from './policy';
import { appIdSchema } from './protocol';
import { reasonSchema } from './reason';

/* How a policy comes to be: a draft that an app's editors share, versions that never change, and a baseline for all apps. */

const at = z.iso.datetime({ offset: true });
const revision = z.number().int().min(0);
const version = z.number().int().min(1);

/** `in_force` judges; `candidate` is being rolled out; the others are past, or were stopped before they were in force. */
export const POLICY_VERSION_STATES = ['in_force', 'candidate', 'past', 'stopped'] as const;

export const policyVersionSchema = z.object({
  version,
  policy: policySchema,
  reason: z.string(),
  publishedBy: z.string(),
  publishedAt: at,
  /** Who approved it, where that was asked for. */
  approvedBy: z.string().nullable(),
  /** Version of the baseline that it was last brought up to; `null` where it inherits none. */
  baselineVersion: z.number().int().nullable(),
  state: z.enum(POLICY_VERSION_STATES),
  current: z.boolean(),
});
export type PolicyVersionView = z.infer<typeof policyVersionSchema>;
/** The newest versions of one app's policy, newest first. */
export const policyVersionsSchema = z.object({ versions: z.array(policyVersionSchema) });

/** A policy to be published at once, without stages. `basedOn` is the version in force that the editor started from. */
export const policyPublicationSchema = z.strictObject({
  appId: appIdSchema,
  basedOn: version,
  policy: policySchema,
  reason: reasonSchema,
});
export type PolicyPublication = z.infer<typeof policyPublicationSchema>;

/** One difference between two policies, in words that a person reads. */
export const policyChangeSchema = z.object({
  /** Where it is: `threats.hooks`, `conditions.ios-26-6`, `requirements.verifiedBoot`, `rules.night`, `tokenTtlSeconds`… */
  path: z.string(),
  /** E.g. `Rooted or jailbroken device: flag → reject`. */
  words: z.string(),
  direction: z.enum(['stricter', 'milder', 'neither']),
  from: z.unknown(),
  to: z.unknown(),
});
export type PolicyChange = z.infer<typeof policyChangeSchema>;

/** Either side of a comparison: a version of the app's, the baseline, or a policy that is not stored. */
export const policySideSchema = z.union([
  z.strictObject({ version }),
  z.strictObject({ baseline: z.literal(true) }),
  z.strictObject({ policy: policySchema }),
]);
export type PolicySide = z.infer<typeof policySideSchema>;
export const policyDiffRequestSchema = z.strictObject({
  id: appIdSchema,
  from: policySideSchema,
  to: policySideSchema,
});
export type PolicyDiffRequest = z.infer<typeof policyDiffRequestSchema>;
export const policyDiffSchema = z.object({ changes: z.array(policyChangeSchema) });
export type PolicyDiff = z.infer<typeof policyDiffSchema>;

/** Asks about a policy while it is edited; one that does not validate is refused with the path of each fault. */
export const policyCheckRequestSchema = z.strictObject({ id: appIdSchema, policy: policySchema });
export type PolicyCheckRequest = z.infer<typeof policyCheckRequestSchema>;
/** How it differs from the version in force, and from the newest baseline (`null` where there is none). */
export const policyCheckSchema = z.object({
  against: version,
  changes: z.array(policyChangeSchema),
  overrides: z.array(policyChangeSchema).nullable(),
});
export type PolicyCheck = z.infer<typeof policyCheckSchema>;

/** The draft of an app: one, which its editors share. */
export const policyDraftSchema = z.object({
  /** Rises with every save; a save on top of another revision than the last is refused. */
  revision,
  /** Version in force that it started from. */
  basedOn: version,
  policy: policySchema,
  baselineVersion: z.number().int().nullable(),
  updatedBy: z.string(),
  updatedAt: at,
  /** Who approved exactly this revision. */
  approvedBy: z.string().nullable(),
  approvedAt: at.nullable(),
});
export type PolicyDraft = z.infer<typeof policyDraftSchema>;

/** Saves the draft. `revision` is the one that the editor saw last; 0 where there was no draft. */
export const policyDraftSaveSchema = z.strictObject({
  id: appIdSchema,
  revision,
  basedOn: version,
  policy: policySchema,
});
export type PolicyDraftSave = z.infer<typeof policyDraftSaveSchema>;
/** `revision` is the one that the person saw; bringing an app up to the baseline takes 0 where there is no draft. */
export const policyDraftActSchema = z.strictObject({ id: appIdSchema, revision });
export type PolicyDraftAct = z.infer<typeof policyDraftActSchema>;

/** What an app asks for before a policy is published. */
export const policySettingsSchema = z.object({
  /** Whether somebody other than its last editor must approve a draft before it is published. */
  needsApproval: z.boolean(),
});
export type PolicySettings = z.infer<typeof policySettingsSchema>;
export const policySettingsChangeSchema = z.strictObject({
  id: appIdSchema,
  needsApproval: z.boolean(),
  reason: reasonSchema,
});
export type PolicySettingsChange = z.infer<typeof policySettingsChangeSchema>;

/** The policy that apps start from and inherit. */
export const policyBaselineSchema = z.object({
  version,
  policy: policySchema,
  reason: z.string(),
  publishedBy: z.string(),
  publishedAt: at,
});
export type PolicyBaseline = z.infer<typeof policyBaselineSchema>;
export const policyBaselineViewSchema = z.object({ baseline: policyBaselineSchema.nullable() });
/** `basedOn` is the version that the editor saw; 0 where there was none. */
export const policyBaselinePublicationSchema = z.strictObject({
  basedOn: revision,
  policy: policySchema,
  reason: reasonSchema,
});
export type PolicyBaselinePublication = z.infer<typeof policyBaselinePublicationSchema>;

/** How an app stands to the baseline; `null` where there is none. */
export const policyInheritanceSchema = z.object({
  baseline: policyBaselineSchema,
  /** Version of the baseline that the app was last brought up to; `null`: it inherits nothing yet. */
  inheritedVersion: z.number().int().nullable(),
  /** Where the draft, or else the policy in force, says something other than the newest baseline. */
  overrides: z.array(policyChangeSchema),
});
export type PolicyInheritance = z.infer<typeof policyInheritanceSchema>;
