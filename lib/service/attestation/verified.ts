import type { Check, EvidenceClaims, EvidenceCode, IntegrityClaims, Platform } from '@/lib/contracts';
import type { InstanceClaim, InstanceEnrolment } from '@/lib/telemetry';
import type { IntegrityFacts } from '../integrity/verify-integrity';

/** The outcome of verifying evidence or an assertion, whether it got that far or not. */
export interface VerifiedFacts {
  /** Claims of the hardware evidence, where what was presented now has been verified. */
  readonly claims: EvidenceClaims | null;
  readonly failure: EvidenceCode | null;
  readonly checks: readonly Check[];
  readonly format: string | null;
  readonly evidenceAgeSeconds: number;
  /** The newest verified Play Integrity verdict of the device, from this request or from before. */
  readonly integrity: IntegrityClaims | null;
  /** Whether that verdict came with this request. */
  readonly isIntegrityFresh: boolean;
  /** The enrolment that an assertion was verified against, whatever came of that. */
  readonly stored: { readonly claims: EvidenceClaims; readonly counter: number } | null;
  /** Present only where the evidence was verified. */
  readonly instance: (InstanceClaim & { readonly enrolment: InstanceEnrolment | null }) | null;
  /** Existing instance that an unverified assertion names: the event is filed under it, and nothing else is. */
  readonly namedInstanceId: string | null;
  /** The assertion names an instance that does not exist: the app has to enrol again. */
  readonly isInstanceUnknown: boolean;
}

/** What may be known of something that was not verified. */
type Told = 'checks' | 'format' | 'namedInstanceId' | 'isInstanceUnknown' | 'stored';

/** Nothing was verified: for this reason, or because it was not looked at. */
export function refused(
  failure: EvidenceCode | null,
  more: Partial<Pick<VerifiedFacts, Told>> = {},
): VerifiedFacts {
  return {
    claims: null,
    failure,
    checks: [],
    format: null,
    evidenceAgeSeconds: 0,
    integrity: null,
    isIntegrityFresh: false,
    stored: null,
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

/** What was verified, with the Play Integrity verdict that came with it. A verdict that failed takes the rest with it. */
export function withIntegrity(verified: VerifiedFacts, integrity: IntegrityFacts): VerifiedFacts {
  const checks = [...verified.checks, ...integrity.checks];
  if (integrity.failure !== null) {
    const { format, instance } = verified;
    const namedInstanceId = instance?.kind === 'attest' ? instance.id : null;
    return refused(integrity.failure, { checks, format, namedInstanceId });
  }
  return integrity.claims === null
    ? { ...verified, checks }
    : { ...verified, checks, integrity: integrity.claims, isIntegrityFresh: true };
}
