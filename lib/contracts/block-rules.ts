import { z } from 'zod';
import { appIdSchema } from './protocol';
import { reasonSchema } from './reason';
import { findThreat, threatIdSchema } from './threats';

/* Rules that block devices which were refused again and again. */

const at = z.iso.datetime({ offset: true });

/** What a rule blocks: the device, or the attestation key that certified it. */
export const RULE_SUBJECTS = ['instance', 'hardware'] as const;
export const ruleSubjectSchema = z.enum(RULE_SUBJECTS);
export type RuleSubject = z.infer<typeof ruleSubjectSchema>;

/**
 * Threats that others can bring about in a device's name, by sending again what it once sent, and the block itself: a refusal
 * that they had a part in counts against nobody.
 */
export const NEVER_COUNTED: readonly string[] = [
  'blocked',
  'challenge_replayed',
  'counter_rollback',
  'evidence_malformed',
  'signature_invalid',
  'unattested_request',
];

/** Whether refusals for a threat may count against a device: the device's own key vouched for what was found. */
export function isCountable(threat: string): boolean {
  const source = findThreat(threat)?.source;
  return source !== undefined && source !== 'evidence' && !NEVER_COUNTED.includes(threat);
}

const MINUTE = 60;
const DAY = 86_400;

/** What a rule says. It always ends what it blocks, and always has a limit. */
export const blockRuleFields = {
  name: z.string().trim().min(3, 'is needed').max(80),
  subject: ruleSubjectSchema,
  /** `simulate` counts what it would refuse. */
  effect: z.enum(['refuse', 'simulate']),
  /** Threats that decided the refusals; none for every one that can count. */
  threats: z
    .array(threatIdSchema.refine(isCountable, 'cannot count against a device'))
    .max(40)
    .transform((ids) => [...new Set(ids)]),
  refusals: z.number().int().min(1).max(1_000),
  windowSeconds: z.number().int().min(MINUTE).max(DAY),
  durationSeconds: z
    .number()
    .int()
    .min(MINUTE)
    .max(30 * DAY),
  /** Whether who is blocked again is blocked for longer. */
  escalates: z.boolean(),
  /** What it may block within a day. Beyond either limit it blocks nobody, and stops itself. */
  mostDevices: z.number().int().min(1).max(1_000),
  mostPercent: z.number().int().min(1).max(100),
  reason: reasonSchema,
};
export const blockRuleDraftSchema = z.strictObject({ appId: appIdSchema, ...blockRuleFields });
export type BlockRuleDraft = z.infer<typeof blockRuleDraftSchema>;

/** `basedOn` is the revision that the editor started from. */
export const blockRuleEditSchema = z.strictObject({ ...blockRuleFields, basedOn: z.number().int().min(1) });
export type BlockRuleEdit = z.infer<typeof blockRuleEditSchema>;

/** `stopped` is only ever its own doing; a person resumes it, or pauses it. */
export const RULE_STATES = ['active', 'paused', 'stopped'] as const;
export const blockRuleStateSchema = z.strictObject({
  state: z.enum(['active', 'paused']),
  reason: reasonSchema,
});
/** `before` is the answer's, so that a step lifts nothing that was made after the first one. */
export const blockRuleLiftSchema = z.strictObject({ reason: reasonSchema, before: at.optional() });
export type BlockRuleLift = z.infer<typeof blockRuleLiftSchema>;
/** What one step lifted, and how much that was made before the act is still in force. */
export const blockRuleLiftedSchema = z.object({
  lifted: z.number().int(),
  left: z.number().int(),
  before: at,
  /** The last change that was made; `null` where nothing was in force. */
  seq: z.number().int().nullable(),
});
export type BlockRuleLifted = z.infer<typeof blockRuleLiftedSchema>;

export const blockRuleDeletionSchema = z.strictObject({ reason: reasonSchema });

export const blockRuleViewSchema = z.object({
  id: z.uuid(),
  appId: z.string(),
  ...blockRuleFields,
  threats: z.array(z.string()),
  reason: z.string(),
  state: z.enum(RULE_STATES),
  stoppedWhy: z.string().nullable(),
  stoppedAt: at.nullable(),
  revision: z.number().int(),
  createdAt: at,
  createdByName: z.string(),
  updatedAt: at,
  updatedByName: z.string(),
  /** When it was last looked at whom it concerns; `null` before the first time. */
  evaluatedAt: at.nullable(),
  evaluationError: z.string().nullable(),
  /** What it made in the last 24 h. */
  blocks24h: z.number().int(),
  /** What it made that is in force. A rule that was deleted is shown for as long as there is any. */
  inForce: z.number().int(),
  deletedAt: at.nullable(),
});
export type BlockRuleView = z.infer<typeof blockRuleViewSchema>;
export const blockRulesSchema = z.object({ rules: z.array(blockRuleViewSchema) });

/** What is asked before a rule is made or changed: only what decides whom it concerns. */
export const blockRulePreviewRequestSchema = z.strictObject({
  appId: appIdSchema,
  subject: blockRuleFields.subject,
  threats: blockRuleFields.threats,
  refusals: blockRuleFields.refusals,
  windowSeconds: blockRuleFields.windowSeconds,
  mostDevices: blockRuleFields.mostDevices,
  mostPercent: blockRuleFields.mostPercent,
});
export type BlockRulePreviewRequest = z.infer<typeof blockRulePreviewRequestSchema>;

/** What it would have blocked in the last 24 h; `null` where counting took too long. */
export const blockRulePreviewSchema = z.object({
  reach: z
    .object({
      targets: z.number().int(),
      /** Devices of the app that were seen in that time. */
      seen: z.number().int(),
      wouldStop: z.boolean(),
    })
    .nullable(),
});
export type BlockRulePreview = z.infer<typeof blockRulePreviewSchema>;
