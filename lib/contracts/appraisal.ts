import { z } from 'zod';
import type { ThreatId } from './threats';
import { responseSchema, trustVectorSchema, verdictSchema } from './verdict';

/** Threats that are always answered with `reject`, whatever a policy says: they prove forgery or an operator's will. */
export const HARD_THREATS = [
  'app_identity_mismatch',
  'attestation_key_revoked',
  'blocked',
  'challenge_replayed',
  'counter_rollback',
  'evidence_malformed',
  'evidence_untrusted',
  'signature_invalid',
] as const satisfies readonly ThreatId[];

/** One rule that matched: where it comes from, the threat it raised, and what the policy answers. */
export const appraisalMatchSchema = z.object({
  /** `threat.<id>`, `requirement.<member of the policy's requirements>` or `evidence.<evidence code>`. */
  rule: z.string(),
  threat: z.string(),
  response: responseSchema,
  /** One sentence for people. */
  reason: z.string(),
  /** Of a rule that could not be evaluated: the variable of which evidence says nothing, or one of `RULE_FAULTS`. */
  cause: z.string().optional(),
});
export type AppraisalMatch = z.infer<typeof appraisalMatchSchema>;

/** One edit of a policy's `threats` table. */
export const appraisalChangeSchema = z.object({
  rule: z.string(),
  threat: z.string(),
  from: responseSchema,
  to: responseSchema,
});
export type AppraisalChange = z.infer<typeof appraisalChangeSchema>;

/** The outcome of judging verified evidence under one policy version, with everything that explains it. */
export const appraisalSchema = z.object({
  verdict: verdictSchema,
  /** Rule and threat of the worst match; `null` where nothing worse than `observe` matched. */
  decidingRule: z.string().nullable(),
  decidingThreat: z.string().nullable(),
  /** Every match that is not ignored, at most one per threat: worst response first, then the catalogue's order. */
  matched: z.array(appraisalMatchSchema),
  vector: trustVectorSchema,
  /**
   * The fewest and mildest edits of the policy that give a better verdict: one change, or one per threat where several
   * are equally bad. `null` where the verdict is `trusted`, or where no policy can change it.
   */
  smallestFlip: z.object({ changes: z.array(appraisalChangeSchema), verdict: verdictSchema }).nullable(),
  /** What the policy writes into the token (`ann`) for the matched threats, in their order, without repeats. */
  annotations: z.array(z.string()),
});
export type Appraisal = z.infer<typeof appraisalSchema>;
