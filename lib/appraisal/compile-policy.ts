import {
  type AppraisalChange,
  type AppraisalMatch,
  EVIDENCE_CODES,
  type EvidenceCode,
  HARD_THREATS,
  type Policy,
  type PolicyRequirements,
  RESPONSES,
  type Response,
  THREATS,
  type ThreatId,
} from '@/lib/contracts';
import { REQUIREMENT_RULES, type RequirementRule } from './requirements';
import { threatOfEvidenceCode } from './threat-of-evidence-code';
import { type VectorEntry, vectorEntries } from './trust-vector';

/** A match as it will be reported, made once per policy version and shared by every appraisal. */
export interface Finding {
  readonly match: AppraisalMatch;
  /** Position in the catalogue: one per threat. */
  readonly index: number;
  /** Place among all findings: worst response first, then the catalogue's order. */
  readonly order: number;
  /** The edit that makes it one step milder; `null` where no policy can. */
  readonly change: AppraisalChange | null;
  readonly entries: readonly VectorEntry[];
  readonly annotation: string | undefined;
}

/** A policy in the form that `appraise` reads: made once per version by `compilePolicy`, never changed. */
export interface CompiledPolicy {
  readonly policy: Policy;
  readonly requirements: PolicyRequirements;
  /** By what the app or the service may report; a threat that the policy ignores is `null`. */
  readonly reported: ReadonlyMap<ThreatId, Finding | null>;
  readonly detected: ReadonlyMap<ThreatId, Finding | null>;
  readonly failed: ReadonlyMap<EvidenceCode, Finding>;
  /** Rules that are in force and not ignored. */
  readonly required: readonly { readonly rule: RequirementRule; readonly finding: Finding }[];
  /** Nothing was verified, and nothing says why. */
  readonly unproven: Finding;
  /** Something was reported that is no known threat. */
  readonly unknown: Finding;
}

const HARD: ReadonlySet<ThreatId> = new Set(HARD_THREATS);
const INDEX: ReadonlyMap<ThreatId, number> = new Map(THREATS.map(({ id }, index) => [id, index]));

/**
 * Prepares a policy for appraisals. The policy must have passed `policySchema`; threats that it does not list are
 * observed, and hard threats reject whatever it says.
 */
export function compilePolicy(policy: Policy): CompiledPolicy {
  const make = (rule: string, threat: ThreatId, reason: string, fixed = false): Finding =>
    finding(policy, { rule, threat, reason, fixed: fixed || HARD.has(threat) });
  const unlessIgnored = (found: Finding) => (found.match.response === 'ignore' ? null : found);
  const catalogue = (reason: string): ReadonlyMap<ThreatId, Finding | null> =>
    new Map(THREATS.map(({ id }) => [id, unlessIgnored(make(`threat.${id}`, id, reason))]));

  return {
    policy,
    requirements: policy.requirements,
    reported: catalogue('Reported by the app at run time.'),
    detected: catalogue('Found by the attestation service.'),
    // A policy judges what was verified. What failed verification proves nothing that it could be lenient about.
    failed: new Map(
      EVIDENCE_CODES.map((code) => {
        const reason = `The evidence failed verification (${code}).`;
        return [code, make(`evidence.${code}`, threatOfEvidenceCode(code), reason, true)];
      }),
    ),
    required: REQUIREMENT_RULES.filter((rule) => rule.inForce(policy.requirements)).flatMap((rule) => {
      const reason = rule.reason(policy.requirements);
      const found = unlessIgnored(make(`requirement.${rule.requirement}`, rule.threat, reason));
      return found === null ? [] : [{ rule, finding: found }];
    }),
    unproven: make('threat.evidence_untrusted', 'evidence_untrusted', 'No verified evidence was presented.'),
    unknown: make('threat.evidence_malformed', 'evidence_malformed', 'An unknown threat was reported.'),
  };
}

function finding(
  policy: Policy,
  { rule, threat, reason, fixed }: { rule: string; threat: ThreatId; reason: string; fixed: boolean },
): Finding {
  const response: Response = fixed ? 'reject' : (policy.threats[threat] ?? 'observe');
  const rank = RESPONSES.indexOf(response);
  const index = INDEX.get(threat) ?? THREATS.length;
  const milder = RESPONSES[rank - 1];
  return {
    match: Object.freeze({ rule, threat, response, reason }),
    index,
    order: (RESPONSES.length - rank) * (THREATS.length + 1) + index,
    change:
      fixed || milder === undefined ? null : Object.freeze({ rule, threat, from: response, to: milder }),
    entries: vectorEntries(threat, response),
    annotation: policy.annotations?.[threat],
  };
}
