import { type Evidence, type EvidenceClaims, evidenceSchema } from '@/lib/contracts';
import { type VerifiedReceipt, verifyEnrolmentInFull } from '@/lib/evidence';
import type { InstanceClaim, InstanceEnrolment } from '@/lib/telemetry';
import { instanceIdOf } from './instance-id';
import type { AttestationKind, VerificationRequest } from './process';
import { revocationOf } from './revocation-of';
import { storableJson } from './storable-json';
import { checkPlatform, refused, type VerifiedFacts } from './verified';

/** How a key of each format may come again: App Attest attests a key once, with its counter at zero. */
const CLAIM_KIND: Readonly<Record<Evidence['format'], Exclude<InstanceClaim['kind'], 'attest'>>> = {
  'apple-app-attest': 'enrol_once',
  'android-key-attestation': 'enrol_or_renew',
  dev: 'enrol_or_renew',
};

/** `POST /v1/instances`: hardware evidence, verified against the app's reference values. */
export const ENROLMENT: AttestationKind = {
  kind: 'enrol',
  verify(request) {
    const evidence = evidenceSchema.safeParse((request.body as { evidence?: unknown }).evidence);
    if (!evidence.success) return refused('evidence_malformed', { checks: [NOT_EVIDENCE] });
    return verifyEvidence(evidence.data, request);
  },
};

const NOT_EVIDENCE = {
  id: 'evidence_schema',
  outcome: 'fail',
  detail: 'The request holds no evidence of a known format.',
} as const;

function verifyEvidence(
  evidence: Evidence,
  { entry, data, received, nowMs, statusList }: VerificationRequest,
): VerifiedFacts {
  const { format } = evidence;
  const { verification: result, receipt } = verifyEnrolmentInFull(evidence, {
    nowMs,
    clientDataHash: received.hash,
    clientDataBytes: received.bytes,
    anchors: entry.anchors,
    reference: entry.reference,
    ...revocationOf(statusList, entry.app.environment),
    developmentAllowed: entry.app.environment === 'development',
    assertingKeyRequired: true,
    maxStatementAgeSeconds: null,
  });
  if (!result.ok) return refused(result.code, { checks: result.checks, format });
  const { claims } = result;
  const platform = checkPlatform(claims, data.platform);
  const checks = [...result.checks, platform];
  if (platform.outcome === 'fail') return refused('evidence_app_mismatch', { checks, format });
  return {
    ...refused(null),
    claims,
    checks,
    format,
    instance: {
      id: instanceIdOf(entry.app.id, claims.keyId),
      counter: format === 'apple-app-attest' ? 0 : null,
      kind: CLAIM_KIND[format],
      enrolment: enrolmentOf(entry.app.id, claims, receipt),
    },
  };
}

function enrolmentOf(
  appId: string,
  claims: EvidenceClaims,
  receipt: VerifiedReceipt | null,
): InstanceEnrolment {
  return {
    appId,
    platform: claims.platform,
    format: claims.format,
    publicKey: Buffer.from(claims.publicKey, 'base64url'),
    keyId: Buffer.from(claims.keyId, 'base64url'),
    claims: storableJson(claims),
    receipt:
      receipt === null
        ? null
        : {
            bytes: Buffer.from(receipt.bytes),
            createdAtMs: receipt.claims.createdMs,
            expiresAtMs: receipt.claims.expiresMs,
          },
  };
}
