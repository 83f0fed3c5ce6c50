import {
  type AttestRequest,
  attestRequestSchema,
  type Check,
  type EvidenceClaims,
  type EvidenceCode,
  type IntegrityClaims,
} from '@/lib/contracts';
import { fromBase64Url } from '@/lib/core';
import { recheckRevocation, verifyAssertion } from '@/lib/evidence';
import type { StoredInstance } from '@/lib/telemetry';
import type { AppEntry } from '../snapshot/state';
import type { StatusList } from '../snapshot/status-list';
import type { AttestationKind, VerificationRequest } from './process';
import { revocationOf } from './revocation-of';
import { checkPlatform, refused, type VerifiedFacts } from './verified';

/** `POST /v1/attestations`: an assertion by an enrolled key, judged by the claims of its enrolment. */
export const ATTESTATION: AttestationKind = {
  kind: 'attest',
  async verify(request) {
    const body = attestRequestSchema.safeParse(request.body);
    if (!body.success) return refused('assertion_malformed', { checks: [NOT_AN_ASSERTION] });
    const stored = await request.context.instances.load(body.data.instanceId.toLowerCase());
    if (stored === undefined || stored.appId !== request.entry.app.id) {
      return refused(null, { checks: [UNKNOWN_INSTANCE], isInstanceUnknown: true });
    }
    // Answered like one that is gone, because an app then does the right thing: it makes a new key, and enrols that.
    if (stored.mustReenrol) return refused(null, { checks: [MUST_REENROL], isInstanceUnknown: true });
    return verifyStored(body.data, stored, request);
  },
};

const NOT_AN_ASSERTION: Check = {
  id: 'assertion_schema',
  outcome: 'fail',
  detail: 'The request holds no assertion.',
};
const UNKNOWN_INSTANCE: Check = {
  id: 'instance_enrolled',
  outcome: 'fail',
  detail: 'No key of this instance has been enrolled for this app.',
};

const MUST_REENROL: Check = {
  id: 'instance_enrolled',
  outcome: 'fail',
  detail: 'The enrolment was set aside by a person: this instance has to enrol anew.',
};

function verifyStored(
  { assertion }: AttestRequest,
  stored: StoredInstance,
  { entry, data, received, nowMs, statusList }: VerificationRequest,
): VerifiedFacts {
  const claims = storedClaims(stored);
  const known = { claims, counter: stored.counter };
  const named = { format: stored.format, namedInstanceId: stored.id, stored: known };
  const bytes = fromBase64Url(assertion);
  if (bytes === undefined) return refused('assertion_malformed', { ...named, checks: [NOT_AN_ASSERTION] });
  const result = verifyAssertion(claims.format, {
    assertion: bytes,
    publicKey: claims.publicKey,
    clientDataBytes: received.bytes,
    clientDataHash: received.hash,
    previousCounter: stored.counter,
    appleAppIds: entry.appleAppIds,
  });
  if (!result.ok) return refused(result.code, { ...named, checks: result.checks });
  const enrolment = checkEnrolment(claims, entry);
  const platform = checkPlatform(claims, data.platform);
  const revocation = recheck(claims, statusList, nowMs);
  const checks = [
    ...result.checks,
    enrolment.check,
    platform,
    ...(revocation === null ? [] : [revocation.check]),
  ];
  const failure =
    enrolment.failure ??
    (platform.outcome === 'fail' ? 'evidence_app_mismatch' : (revocation?.failure ?? null));
  if (failure !== null) return refused(failure, { ...named, checks });
  return {
    ...refused(null),
    claims,
    checks,
    stored: known,
    format: stored.format,
    integrity: stored.integrity === null ? null : (JSON.parse(stored.integrity) as IntegrityClaims),
    evidenceAgeSeconds: Math.max(0, Math.floor((nowMs - stored.evidenceAtMs) / 1000)),
    instance: { id: stored.id, counter: result.claims.counter, kind: 'attest', enrolment: null },
  };
}

/** Claims as they were stored at the enrolment, by ourselves and from a verified schema. */
function storedClaims({ claims }: StoredInstance): EvidenceClaims {
  return JSON.parse(claims) as EvidenceClaims;
}

/** Whether the app that the key was enrolled for, with its signing certificates, still has these reference values. */
function isRegistered({ platform, app }: EvidenceClaims, { appleAppIds, reference }: AppEntry): boolean {
  if (platform === 'ios') return appleAppIds.includes(app.id);
  const signers = app.signerDigests.toSorted().join(' ');
  return reference.androidApps.some(
    ({ packageName, signerDigests }) =>
      packageName === app.id && signerDigests.toSorted().join(' ') === signers,
  );
}

/**
 * Whether a certificate of the enrolment has been revoked since. A list that is missing or too old refuses no key that
 * was enrolled under a good one: it is a warning.
 */
function recheck({ certificateSerials }: EvidenceClaims, statusList: StatusList, nowMs: number) {
  return certificateSerials === undefined
    ? null
    : recheckRevocation(certificateSerials, { nowMs, ...revocationOf(statusList, null) });
}

/** Whether the app would still accept what the key was enrolled with: its owner may have changed that since. */
function checkEnrolment(
  claims: EvidenceClaims,
  entry: AppEntry,
): { check: Check; failure: EvidenceCode | null } {
  const { environment, format, anchor } = claims;
  const { appleEnvironments } = entry.app;
  const failed = (failure: EvidenceCode, detail: string) => ({
    check: { id: 'enrolment_accepted', outcome: 'fail', detail } as const,
    failure,
  });
  if (!entry.anchorNames.has(anchor)) {
    return failed('evidence_chain_untrusted', 'The anchor of the enrolment is trusted no more.');
  }
  if (format === 'dev' && entry.app.environment !== 'development') {
    return failed('evidence_environment_mismatch', 'The app accepts no development evidence.');
  }
  if (format === 'apple-app-attest' && !appleEnvironments.includes(environment)) {
    return failed('evidence_environment_mismatch', 'The app does not accept this App Attest environment.');
  }
  if (!isRegistered(claims, entry)) {
    return failed(
      'evidence_app_mismatch',
      'The app of the enrolment, as it was signed, is registered no more.',
    );
  }
  return {
    check: { id: 'enrolment_accepted', outcome: 'pass', detail: 'The app still accepts the enrolment.' },
    failure: null,
  };
}
