import {
  appraise,
  type CompiledPolicy,
  compilePolicy,
  findDisagreements,
  integrityMisses,
  judgedIntegrity,
  TEMPLATES,
} from '@/lib/appraisal';
import type { Check, EvidenceClaims, IntegrityClaims, Verdict } from '@/lib/contracts';
import type { CaseOutcome, IntegrityOutcome, ReplayOutcome } from '@/lib/evidence';

/** The answer to one case, as it is printed. */
export interface CaseResult {
  case: string;
  /** `accept` only where the evidence verified and the strict template trusts it; `error` where the case is unusable. */
  result: 'accept' | 'reject' | 'error';
  /** Why it is not accepted: the evidence code, the deciding threat, or what is wrong with the case. */
  code: string | null;
  verified: boolean;
  status: Verdict | null;
  claims: EvidenceClaims | IntegrityClaims | null;
  checks: readonly Check[];
  /** What was judged, by which policy, and what was taken over instead of being verified; `null` for an error. */
  basis: string | null;
}

const BY_ITSELF = 'The evidence by itself, under the built-in strict policy.';
const VERDICT_BY_ITSELF = 'A verdict of Play Integrity by itself, under what the case asks of it.';

/** What a replay rests on: all of it is in the file. */
function basisOf({ archived }: ReplayOutcome): string {
  const { kind, reference, receivedAtMs, clientData, app } = archived;
  const act = kind === 'enrol' ? 'Enrolment' : 'Attestation';
  const taken = [
    'threats that the service found from other sources',
    ...(kind === 'attest' ? ['the enrolment that it rests on'] : []),
    ...(clientData === null ? ['the hash of the client data, which were removed'] : []),
  ];
  return `${act} ${reference} of ${new Date(receivedAtMs).toISOString()}, verified again and judged by version ${app.policyVersion} of its app’s policy, as it was then. Taken over as recorded: ${taken.join('; ')}.`;
}

type Requirement = 'production' | 'any';

/** The strict template, for each environment that a case may ask for. */
const STRICT: Readonly<Record<Requirement, CompiledPolicy>> = {
  production: compilePolicy(TEMPLATES.strict),
  any: compilePolicy({
    ...TEMPLATES.strict,
    requirements: { ...TEMPLATES.strict.requirements, environment: 'any' },
  }),
};

/** A case that gives no verdict. */
export function unusableCase(name: string, code: string): CaseResult {
  return {
    case: name,
    result: 'error',
    code,
    verified: false,
    status: null,
    claims: null,
    checks: [],
    basis: null,
  };
}

/**
 * Judges a verified case under the strict template. A case knows no registered app versions, so its version counts as
 * registered, and its evidence as fresh.
 */
export function judgeCase(name: string, outcome: CaseOutcome, nowMs: number): CaseResult {
  if (!outcome.ok) return unusableCase(outcome.case || name, outcome.code);
  if ('replay' in outcome) return judgeReplay(name, outcome);
  if ('integrity' in outcome) return judgeIntegrity(name, outcome);
  const { verification } = outcome;
  const claims = verification.ok ? verification.claims : null;
  const appraisal = appraise(STRICT[outcome.environment], {
    client: {
      platform: claims?.platform ?? 'unknown',
      appVersion: claims?.app.version ?? '',
      osVersion: claims?.osVersion ?? '',
      model: '',
      country: null,
      networkKind: 'unknown',
    },
    claims,
    failure: verification.ok ? null : verification.code,
    runtimeThreats: [],
    serverThreats: [],
    appVersion: { registered: true, withdrawn: false },
    evidenceAgeSeconds: 0,
    nowMs: outcome.nowMs ?? nowMs,
  });
  return {
    case: outcome.case || name,
    result: verification.ok && appraisal.verdict === 'trusted' ? 'accept' : 'reject',
    code: verification.ok ? appraisal.decidingThreat : verification.code,
    verified: verification.ok,
    status: appraisal.verdict,
    claims,
    checks: verification.checks,
    basis: BY_ITSELF,
  };
}

/** Judges a Play Integrity verdict by itself, under what its own case asks of it: no policy trusts it alone. */
function judgeIntegrity(name: string, { integrity, requirements, ...outcome }: IntegrityOutcome): CaseResult {
  const claims = integrity.ok ? integrity.claims : null;
  const [miss] = claims === null ? [] : integrityMisses(claims, outcome.nowMs, requirements);
  return {
    case: outcome.case || name,
    result: integrity.ok && miss === undefined ? 'accept' : 'reject',
    code: integrity.ok ? (miss?.threat ?? null) : integrity.code,
    verified: integrity.ok,
    status: null,
    claims,
    checks: integrity.checks,
    basis: VERDICT_BY_ITSELF,
  };
}

/** Judges archived evidence under the policy that judged it when it came. What is found by the service alone is taken over. */
function judgeReplay(name: string, outcome: ReplayOutcome): CaseResult {
  const { replay, archived, policy } = outcome;
  const { verification, claims, failure } = replay;
  const { found } = archived;
  const fresh = replay.integrity?.ok === true ? replay.integrity.claims : null;
  const disagreements =
    claims === null
      ? []
      : findDisagreements({
          claims,
          isEnrolment: archived.kind === 'enrol' && fresh !== null,
          integrity: fresh ?? archived.knownIntegrity,
          found: found.runtimeThreats,
          clear: found.clear,
        });
  const others = found.serverThreats.filter((threat) => threat !== 'sources_disagree');
  const appraisal = appraise(compilePolicy(policy, archived.app.quarantines), {
    client: archived.client,
    claims,
    failure,
    runtimeThreats: found.runtimeThreats,
    serverThreats: disagreements.length === 0 ? others : [...others, 'sources_disagree'],
    appVersion: found.appVersion,
    evidenceAgeSeconds: replay.evidenceAgeSeconds,
    ...judgedIntegrity(fresh ?? archived.knownIntegrity, archived.receivedAtMs),
    nowMs: archived.receivedAtMs,
  });
  return {
    case: outcome.case || name,
    result: appraisal.verdict === 'trusted' ? 'accept' : 'reject',
    code: failure ?? appraisal.decidingThreat,
    verified: verification.ok && replay.integrity?.ok !== false,
    status: appraisal.verdict,
    claims,
    checks: [...verification.checks, ...(replay.integrity?.checks ?? []), ...disagreements],
    basis: basisOf(outcome),
  };
}
