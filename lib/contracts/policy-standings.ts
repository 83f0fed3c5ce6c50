import { z } from 'zod';
import { minimumVersionsSchema } from './emergency';
import { unsupportedPolicySchema } from './operations';
import { policySchema } from './policy';
import { policyChangeSchema } from './policy-edits';
import { rolloutStageSchema } from './policy-rollouts';

const at = z.iso.datetime({ offset: true });

/** How the policy of one app stands: what is in force, and what is on its way. */
export const policyStandingSchema = z.object({
  appId: z.string(),
  appName: z.string(),
  /** In force, by whom and when it was published. */
  version: z.number().int(),
  publishedBy: z.string(),
  publishedAt: at,
  draft: z
    .object({
      revision: z.number().int(),
      updatedBy: z.string(),
      updatedAt: at,
      approvedBy: z.string().nullable(),
    })
    .nullable(),
  /** The version that is being rolled out. */
  rollout: z.object({ version: z.number().int(), stage: rolloutStageSchema }).nullable(),
  /** Quarantines of signals that are in force. */
  quarantines: z.number().int(),
  needsApproval: z.boolean(),
});
export type PolicyStandingView = z.infer<typeof policyStandingSchema>;
/** The policies of all apps that the reader may see, by name of the app. */
export const policyStandingsSchema = z.object({ apps: z.array(policyStandingSchema) });
export type PolicyStandings = z.infer<typeof policyStandingsSchema>;

const ofApp = { appId: z.string(), appName: z.string() };

/** Something that departs from what the policy of an app says, or wants somebody's attention; told on every page while it lasts. */
export const policyExceptionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('kill_switch'), ...ofApp, since: at, by: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('minimum_versions'), ...ofApp, minimumVersions: minimumVersionsSchema }),
  z.object({
    kind: z.literal('quarantine'),
    ...ofApp,
    id: z.uuid(),
    threat: z.string(),
    threatTitle: z.string(),
    whenWords: z.string(),
    expiresAt: at,
  }),
  /** The newest rollout of the app, where its guardrail reverted it in the last 24 hours. */
  z.object({
    kind: z.literal('rollout_reverted'),
    ...ofApp,
    version: z.number().int(),
    endedAt: at,
    reason: z.string(),
  }),
  /** Nodes of the service that do not know the schema of the policy in force, and do the same about it. */
  z.object({
    kind: z.literal('policy_unsupported'),
    ...ofApp,
    ...unsupportedPolicySchema.omit({ appId: true }).shape,
    nodes: z.number().int(),
    allNodes: z.number().int(),
  }),
  /** A rule in force, or on its way there, that could not be evaluated in the last 24 hours as it is now written. */
  z.object({
    kind: z.literal('rule_failed'),
    ...ofApp,
    rule: z.string(),
    title: z.string(),
    attestations: z.number().int(),
    /** Why, most frequent first; `words` are a part of a sentence. */
    causes: z.array(z.object({ cause: z.string(), words: z.string(), attestations: z.number().int() })),
  }),
]);
export type PolicyException = z.infer<typeof policyExceptionSchema>;
/** Gravest first, at most 50. */
export const policyExceptionsSchema = z.object({ exceptions: z.array(policyExceptionSchema) });
export type PolicyExceptions = z.infer<typeof policyExceptionsSchema>;

/** How the apps that the reader may see stand to the newest baseline, by name. */
export const baselineAppsSchema = z.object({
  /** Version of the newest baseline; `null` where there is none. */
  newest: z.number().int().nullable(),
  apps: z.array(
    z.object({
      ...ofApp,
      /** In force. */
      version: z.number().int(),
      /** Version of the baseline that what is in force was brought up to; `null`: it inherits none. */
      inheritedVersion: z.number().int().nullable(),
      draft: z
        .object({ revision: z.number().int(), inheritedVersion: z.number().int().nullable() })
        .nullable(),
      /** Places in which what is in force says something other than the newest baseline. */
      overrides: z.number().int(),
    }),
  ),
});
export type BaselineApps = z.infer<typeof baselineAppsSchema>;

/** What a new baseline would change of the newest one; everything is new where there is none. */
export const baselineDiffRequestSchema = z.strictObject({ policy: policySchema });
export type BaselineDiffRequest = z.infer<typeof baselineDiffRequestSchema>;
export const baselineDiffSchema = z.object({
  /** Version that it was compared with; 0 where there is none. */
  against: z.number().int(),
  changes: z.array(policyChangeSchema),
});
export type BaselineDiff = z.infer<typeof baselineDiffSchema>;
