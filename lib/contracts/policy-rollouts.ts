import { z } from 'zod';
import {
  policyDraftSchema,
  policyInheritanceSchema,
  policySettingsSchema,
  policyVersionSchema,
} from './policy-edits';
import { appIdSchema } from './protocol';
import { reasonSchema } from './reason';
import { verdictSchema } from './verdict';

/* How a version comes into force: for more and more devices, while a guardrail watches. */

const at = z.iso.datetime({ offset: true });

/**
 * Stages of a rollout. `observe` judges nobody by the new version and records what it would have said; a number is the
 * share of devices, in percent, that are judged by it. At `100` it is in force and the rollout is over.
 */
export const ROLLOUT_STAGES = ['observe', '1', '10', '50', '100'] as const;
export const rolloutStageSchema = z.enum(ROLLOUT_STAGES);
export type RolloutStage = z.infer<typeof rolloutStageSchema>;

/** For how many seconds a stage lasts before the next one begins by itself; `null`: until somebody says so. */
const holdSchema = z.number().int().min(10).max(2_592_000).nullable();
export const rolloutPlanSchema = z.strictObject({
  observe: holdSchema,
  '1': holdSchema,
  '10': holdSchema,
  '50': holdSchema,
});
export type RolloutPlan = z.infer<typeof rolloutPlanSchema>;

/**
 * When a rollout stops and reverts by itself: where, with 95 % confidence, the share of devices that are rejected is more
 * than `maxIncrease` above the control group's. Nothing is concluded from fewer devices than `minDevices`.
 */
export const guardrailSchema = z.strictObject({
  maxIncrease: z.number().min(0).max(1).default(0.02),
  minDevices: z.number().int().min(5).max(100_000).default(50),
});
export type Guardrail = z.infer<typeof guardrailSchema>;

/** Publishes the draft in stages. */
export const rolloutStartSchema = z.strictObject({
  id: appIdSchema,
  /** Revision of the draft that the publisher saw. */
  revision: z.number().int().min(1),
  reason: reasonSchema,
  plan: rolloutPlanSchema.default({ observe: null, '1': null, '10': null, '50': null }),
  guardrail: guardrailSchema.default({ maxIncrease: 0.02, minDevices: 50 }),
});
export type RolloutStart = z.infer<typeof rolloutStartSchema>;

/** Devices and how many of them were rejected. */
const groupSchema = z.object({ devices: z.number().int(), rejected: z.number().int() });

/** What the guardrail sees, of the newest attestations of the present stage. */
export const guardrailFiguresSchema = z.object({
  /** Judged by the new version; in `observe`, what it would have said of the same devices. */
  candidate: groupSchema,
  control: groupSchema,
  /** Share of rejected devices above the control group's, with its 95 % confidence interval; `null` below `minDevices`. */
  increase: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
  isTripped: z.boolean(),
});
export type GuardrailFigures = z.infer<typeof guardrailFiguresSchema>;

/** `stopped`: the version never came into force; `done`: it did. */
export const ROLLOUT_STATES = ['open', 'done', 'stopped'] as const;

export const rolloutSchema = z.object({
  id: z.uuid(),
  appId: z.string(),
  version: z.number().int(),
  /** The version in force while it runs. */
  baseVersion: z.number().int(),
  state: z.enum(ROLLOUT_STATES),
  stage: rolloutStageSchema,
  stageSince: at,
  /** When the next stage begins by itself. */
  nextStageAt: at.nullable(),
  plan: rolloutPlanSchema,
  guardrail: guardrailSchema,
  reason: z.string(),
  startedBy: z.string(),
  startedAt: at,
  endedAt: at.nullable(),
  /** Who ended it: a person, or `Guardrail`. */
  endedBy: z.string().nullable(),
  /** Why it was stopped. */
  endReason: z.string().nullable(),
  /** What the guardrail saw last. */
  figures: guardrailFiguresSchema.nullable(),
  /** Change of the feed that put the present stage into effect. */
  seq: z.number().int(),
});
export type Rollout = z.infer<typeof rolloutSchema>;

/** Rollouts of an app, newest first; the figures of an open one are of now. */
export const rolloutsSchema = z.object({ rollouts: z.array(rolloutSchema) });

/**
 * What both versions said of the newest attestations of a rollout's present stage, at most 100,000: who was judged by which,
 * the other verdict was recorded beside.
 */
export const rolloutShadowSchema = z.object({
  /** Attestations with both verdicts. */
  attestations: z.number().int(),
  /** Since when they were received. */
  since: at,
  /** From the verdict of the version in force to that of the new one, also where they are the same. */
  transitions: z.array(
    z.object({
      from: verdictSchema,
      to: verdictSchema,
      attestations: z.number().int(),
      devices: z.number().int(),
    }),
  ),
});
export type RolloutShadow = z.infer<typeof rolloutShadowSchema>;

/** Goes to the next stage. `stage` is the present one, so that nobody advances twice. */
export const rolloutAdvanceSchema = z.strictObject({ id: z.uuid(), stage: rolloutStageSchema });
export type RolloutAdvance = z.infer<typeof rolloutAdvanceSchema>;
/** Ends a rollout; the version in force before is so for everybody again. */
export const rolloutStopSchema = z.strictObject({ id: z.uuid(), reason: reasonSchema });
export type RolloutStop = z.infer<typeof rolloutStopSchema>;

/** Puts an earlier version into force again, at once and for all devices. */
export const policyRevertSchema = z.strictObject({
  id: appIdSchema,
  /** Version that is in force, as the person saw it. */
  basedOn: z.number().int().min(1),
  to: z.number().int().min(1),
  reason: reasonSchema,
});
export type PolicyRevert = z.infer<typeof policyRevertSchema>;
export const policyRevertedSchema = z.object({ version: policyVersionSchema, seq: z.number().int() });
export type PolicyReverted = z.infer<typeof policyRevertedSchema>;

/** Everything that the editor of one app's policy starts from. */
export const policyEditorSchema = z.object({
  inForce: policyVersionSchema,
  draft: policyDraftSchema.nullable(),
  rollout: rolloutSchema.nullable(),
  inheritance: policyInheritanceSchema.nullable(),
  settings: policySettingsSchema,
});
export type PolicyEditor = z.infer<typeof policyEditorSchema>;
