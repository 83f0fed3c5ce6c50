import {
  EVIDENCE_CODES,
  type EvidenceCode,
  HARD_THREATS,
  type Policy,
  type QuarantineSnapshot,
  THREATS,
  type ThreatId,
} from '@/lib/contracts';
import { ruleFaultWords } from '@/lib/words';
import { type Finding, makeFinding, ruleIndex } from './finding';
import type { AppraisalInput } from './input';
import { REQUIREMENT_RULES } from './requirements';
import { type CompiledRule, compileRule } from './rules/compile-rule';
import { OTHER, RULE_CAUSES } from './rules/rule-cause';
import { threatOfEvidenceCode } from './threat-of-evidence-code';
import { type Answer, ThreatResponses } from './threat-response';

/** A requirement that is in force. */
export interface CompiledRequirement {
  readonly threat: ThreatId;
  readonly missed: (input: AppraisalInput) => boolean;
  readonly answer: Answer;
}

/** A rule of the owner's own. */
export interface CompiledOwnRule {
  readonly id: string;
  readonly evaluate: CompiledRule;
  /** `null` where the rule's response is to ignore it. */
  readonly holds: Finding | null;
  /** By why it could not be evaluated. */
  readonly failed: (cause: string) => Finding;
}

/** A policy in the form that `appraise` reads: made once per version by `compilePolicy`, never changed. */
export interface CompiledPolicy {
  /** `null` where this build cannot read the policy, and so refuses everything. */
  readonly policy: Policy | null;
  /** By what the app or the service may report. */
  readonly reported: ReadonlyMap<ThreatId, Answer>;
  readonly detected: ReadonlyMap<ThreatId, Answer>;
  readonly failed: ReadonlyMap<EvidenceCode, Finding>;
  readonly required: readonly CompiledRequirement[];
  readonly rules: readonly CompiledOwnRule[];
  /** Nothing was verified, and nothing says why. */
  readonly unproven: Finding;
  /** Something was reported that is no known threat. */
  readonly unknown: Finding;
  /** The app version is older than the emergency minimum. */
  readonly belowMinimum: Finding;
  /** Rejects whatever is judged. */
  readonly refusal: Finding | null;
}

const HARD: ReadonlySet<ThreatId> = new Set(HARD_THREATS);

/**
 * Prepares a policy for appraisals. The policy must have passed `policySchema`; threats that it does not list are
 * observed, and hard threats reject whatever it says. Quarantines demote the threats that they name while they last.
 */
export function compilePolicy(
  policy: Policy,
  quarantines: readonly QuarantineSnapshot[] = [],
): CompiledPolicy {
  const responses = new ThreatResponses(policy, quarantines);
  const { annotations } = policy;
  const fixed = (rule: string, threat: ThreatId, reason: string): Finding =>
    makeFinding({ rule, threat, reason, response: 'reject' }, null, { annotation: annotations?.[threat] });
  const answer = (rule: string, threat: ThreatId, reason: string): Answer => {
    if (!HARD.has(threat)) return responses.answer({ rule, threat, reason });
    const finding = fixed(rule, threat, reason);
    return () => finding;
  };
  const catalogue = (reason: string): ReadonlyMap<ThreatId, Answer> =>
    new Map(THREATS.map(({ id }) => [id, answer(`threat.${id}`, id, reason)]));

  return {
    policy,
    reported: catalogue('Reported by the app at run time.'),
    detected: catalogue('Found by the attestation service.'),
    // A policy judges what was verified. What failed verification proves nothing that it could be lenient about.
    failed: new Map(
      EVIDENCE_CODES.map((code) => [
        code,
        fixed(`evidence.${code}`, threatOfEvidenceCode(code), `The evidence failed verification (${code}).`),
      ]),
    ),
    required: REQUIREMENT_RULES.filter((rule) => rule.inForce(policy.requirements)).map((rule) => ({
      threat: rule.threat,
      missed: rule.missed(policy.requirements),
      answer: answer(`requirement.${rule.requirement}`, rule.threat, rule.reason(policy.requirements)),
    })),
    rules: (policy.rules ?? []).map((rule, position) => compileOwnRule(rule, position, annotations)),
    unproven: fixed('threat.evidence_untrusted', 'evidence_untrusted', 'No verified evidence was presented.'),
    unknown: fixed('threat.evidence_malformed', 'evidence_malformed', 'An unknown threat was reported.'),
    belowMinimum: fixed(
      'emergency.minimum_version',
      'app_version_unsupported',
      'The app version is older than the least that its owner lets in.',
    ),
    refusal: null,
  };
}

function compileOwnRule(
  { id, title, expression, response }: NonNullable<Policy['rules']>[number],
  position: number,
  annotations: Policy['annotations'],
): CompiledOwnRule {
  const rule = `rule.${id}`;
  const said = (threat: ThreatId, hasFailed: boolean) => ({
    annotation: annotations?.[threat],
    index: ruleIndex(position, hasFailed),
  });
  const failedFor = (cause: string) =>
    makeFinding(
      {
        ...{ rule, threat: 'policy_rule_failed', response: 'flag', cause },
        reason: `The rule “${title}” could not be evaluated: ${ruleFaultWords(cause)}.`,
      },
      null,
      said('policy_rule_failed', true),
    );
  const failed = new Map(RULE_CAUSES.map((cause) => [cause, failedFor(cause)]));
  const other = failedFor(OTHER);
  return {
    id,
    evaluate: compileRule(expression),
    holds:
      response === 'ignore'
        ? null
        : makeFinding(
            { rule, threat: 'policy_rule', response, reason: `The rule “${title}” holds.` },
            [rule],
            said('policy_rule', false),
          ),
    failed: (cause) => failed.get(cause) ?? other,
  };
}

const NOTHING: Policy = {
  schema: 1,
  threats: {},
  requirements: {
    environment: 'any',
    securityLevel: 'software',
    verifiedBoot: false,
    maxPatchAgeDays: null,
    maxEvidenceAgeSeconds: null,
    registeredVersion: false,
  },
  tokenTtlSeconds: 60,
};

/** Stands for a policy that this build cannot read: everything is rejected, and the result says why. */
export function refuseAll(schema: number): CompiledPolicy {
  const refusal = makeFinding(
    {
      rule: 'policy.schema',
      threat: 'policy_unsupported',
      response: 'reject',
      reason: `The policy is of schema ${schema}, which this node does not know.`,
    },
    null,
    { annotation: undefined },
  );
  return { ...compilePolicy(NOTHING), policy: null, refusal };
}
