import type { Check, EvidenceClaims, EvidenceCode, Platform } from '@/lib/contracts';
import type { InstanceClaim, InstanceEnrolment } from '@/lib/telemetry';

/** The outcome of verifying evidence or an assertion, whether it got that far or not. */
export interface VerifiedFacts {
  /** Claims of the hardware evidence, where what was presented now has been verified. */
  readonly claims: EvidenceClaims | null;
  readonly failure: EvidenceCode | null;
  readonly checks: readonly Check[];
  readonly format: string | null;
  readonly evidenceAgeSeconds: number;
  /** Present only where the evidence was verified. */
  readonly instance: (InstanceClaim & { readonly enrolment: InstanceEnrolment | null }) | null;
  /** Existing instance that an unverified assertion names: the event is filed under it, and nothing else is. */
  readonly namedInstanceId: string | null;
  /** The assertion names an instance that does not exist: the app has to enrol again. */
  readonly isInstanceUnknown: boolean;
}

/** Nothing was verified: for this reason, or because it was not looked at. */
export function refused(
  failure: EvidenceCode | null,
  more: Partial<Pick<VerifiedFacts, 'checks' | 'format' | 'namedInstanceId' | 'isInstanceUnknown'>> = {},
): VerifiedFacts {
  return {
    claims: null,
    failure,
    checks: [],
    format: null,
    evidenceAgeSeconds: 0,
    instance: null,
    namedInstanceId: null,
    isInstanceUnknown: false,
    ...more,
  };
}

/** Whether the platform that the client names is the one that its evidence is of. */
export function checkPlatform(claims: EvidenceClaims, platform: Platform): Check {
  return claims.platform === platform
    ? { id: 'client_platform', outcome: 'pass', detail: 'The client names the platform of its evidence.' }
    : {
        id: 'client_platform',
        outcome: 'fail',
        detail: 'The client names another platform than its evidence.',
      };
}
