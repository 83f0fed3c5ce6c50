import { z } from 'zod';
import { policyItemIdSchema } from './policy-conditions';
import { responseSchema } from './verdict';

/** Longest expression of a rule, in characters. */
export const MAX_RULE_LENGTH = 1_000;
/** Most rules of one policy. */
export const MAX_RULES = 32;
/**
 * Most that one rule may cost in its worst case: one for each node of the expression, times the length of the lists that
 * it walks. Computed when the policy is saved, so that no rule can cost more at run time.
 */
export const MAX_RULE_COST = 5_000;

/** A variable that rules may read; `type` is CEL's. */
export interface RuleVariable {
  readonly name: string;
  readonly type: 'string' | 'bool' | 'int' | 'list<string>';
  readonly description: string;
  /** Absent where evidence says nothing of it: reading it then makes the rule fail, `has(…)` tells. */
  readonly isOptional: boolean;
}

const variable = (
  name: string,
  type: RuleVariable['type'],
  description: string,
  isOptional = false,
): RuleVariable => ({ name, type, description, isOptional });

/** Everything that rules may read. */
export const RULE_VARIABLES: readonly RuleVariable[] = [
  variable('platform', 'string', '`ios`, `android`, or `unknown` where nothing readable was sent'),
  variable('os_version', 'string', 'as the app states it, e.g. `26.6.1`'),
  variable('app_version', 'string', 'as the app states it'),
  variable(
    'app_version_registered',
    'bool',
    'whether the app’s owner registered it and has not withdrawn it',
  ),
  variable('model', 'string', 'device model as the app states it'),
  variable('country', 'string', 'ISO 3166-1 alpha-2 of the network; empty where it is not known'),
  variable('network_kind', 'string', '`access`, `hosting`, `anonymiser`, `private` or `unknown`'),
  variable(
    'threats',
    'list<string>',
    'ids of all threats that were found, also those that the policy ignores',
  ),
  variable('claims.environment', 'string', '`production` or `development`', true),
  variable('claims.security_level', 'string', '`software`, `tee`, `strongbox` or `secure_enclave`', true),
  variable('claims.device_locked', 'bool', 'whether the bootloader is locked (Android)', true),
  variable(
    'claims.boot_state',
    'string',
    '`verified`, `self_signed`, `unverified` or `failed` (Android)',
    true,
  ),
  variable('claims.patch_age_days', 'int', 'age of the security patch level (Android)', true),
  variable('claims.evidence_age_seconds', 'int', 'age of the hardware evidence', true),
  variable('claims.play_labels', 'list<string>', 'device labels of a verified Play Integrity verdict', true),
  variable('claims.attested_keys', 'int', 'App Attest’s count of keys of this device', true),
];

/** A function that rules may call besides CEL's own. */
export interface RuleFunction {
  readonly signature: string;
  readonly description: string;
}

export const RULE_FUNCTIONS: readonly RuleFunction[] = [
  {
    signature: 'version_at_least(string, string): bool',
    description:
      'whether the first version is the second or newer; a version that is none makes the rule fail',
  },
];

/** Why a rule could not be evaluated, where that is not for a variable of which evidence says nothing. */
export const RULE_FAULTS = [
  'arithmetic',
  'out_of_range',
  'not_convertible',
  'not_a_version',
  'not_checked',
  'other',
] as const;
export type RuleFault = (typeof RULE_FAULTS)[number];

/** A rule of the owner's own: where the expression is true, `policy_rule` is answered with the response. */
export const policyRuleSchema = z.strictObject({
  id: policyItemIdSchema,
  /** What it is for, for people. */
  title: z.string().trim().min(3).max(120),
  /** An expression of CEL that gives a bool. */
  expression: z.string().trim().min(1).max(MAX_RULE_LENGTH),
  response: responseSchema,
});
export type PolicyRule = z.infer<typeof policyRuleSchema>;

/** What is wrong with a rule, and where: the expression's characters from `start` to `end`. */
export const ruleProblemSchema = z.object({
  /** Of the check: `no_such_overload`, `unknown_variable`, `unexpected_token`, `cost_limit`, `not_bool`… */
  code: z.string(),
  message: z.string(),
  start: z.number().int(),
  end: z.number().int(),
});
export type RuleProblem = z.infer<typeof ruleProblemSchema>;

/** Asks about one expression while it is typed. */
export const ruleCheckRequestSchema = z.strictObject({ expression: z.string().max(MAX_RULE_LENGTH) });
export const ruleCheckSchema = z.object({
  problem: ruleProblemSchema.nullable(),
  /** Worst-case cost, where the expression is a rule. */
  cost: z.number().int().nullable(),
  mostCost: z.number().int(),
});
export type RuleCheck = z.infer<typeof ruleCheckSchema>;
