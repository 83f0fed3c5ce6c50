import type { EvidenceClaims, Verification } from '@/lib/contracts';
import { fromBase64Url, sha256, toBase64Url } from '@/lib/core';
import { p256PointOfSpki } from '@/lib/crypto';
import { verifyAppAttestAssertion } from '../apple/verify-assertion';
import { apartFromReceipt, verifyAppAttestAttestation } from '../apple/verify-attestation';
import type { AssertionClaims } from '../assertion';
import { appleAppId, type VerificationContext } from '../context';
import { CASE_DEFAULTS, type CaseOutcome } from './outcome';
import type { AssertionInputs, AttestationInputs } from './schemas';

/** Runs an App Attest attestation case. */
export function runAttestation(name: string, inputs: AttestationInputs, vector: Uint8Array): CaseOutcome {
  const { teamId, bundleId, environment, verificationTime: nowMs } = inputs;
  const context: VerificationContext = {
    ...CASE_DEFAULTS,
    nowMs,
    clientDataHash: inputs.clientDataHashBase64,
    reference: { appleApps: [{ teamId, bundleId }], appleEnvironments: [environment], androidApps: [] },
  };
  const input = { attestationObject: vector, keyId: inputs.keyIdBase64 };
  return {
    ok: true,
    case: name,
    verification: apartFromReceipt(verifyAppAttestAttestation(input, context)).verification,
    nowMs,
    environment: environment === 'production' ? 'production' : 'any',
  };
}

/** Claims of the enrolment that an assertion case takes as given: its key, app and nothing about the system. */
function enrolledClaims(inputs: AssertionInputs, asserted: AssertionClaims): EvidenceClaims {
  const point = p256PointOfSpki(fromBase64Url(inputs.publicKeySpkiPem) ?? new Uint8Array());
  return {
    format: 'apple-app-attest',
    platform: 'ios',
    environment: 'production',
    publicKey: inputs.publicKeySpkiPem,
    keyId: toBase64Url(sha256(point ?? new Uint8Array())),
    securityLevel: 'secure_enclave',
    anchor: 'enrolled-before',
    boot: null,
    app: { id: appleAppId(inputs), version: asserted.appVersion, signerDigests: [] },
    osVersion: null,
    osPatchLevel: null,
    vendorPatchLevel: null,
    bootPatchLevel: null,
    attestationVersion: null,
    provisioning: null,
    certificatesIssued: null,
    validationCategory: asserted.validationCategory,
  };
}

/** Runs an App Attest assertion case; the enrolment is taken as given by the case's inputs. */
export function runAssertion(name: string, inputs: AssertionInputs, vector: Uint8Array): CaseOutcome {
  const asserted = verifyAppAttestAssertion({
    assertion: vector,
    publicKey: inputs.publicKeySpkiPem,
    clientDataBytes: inputs.clientDataBase64,
    clientDataHash: inputs.clientDataHashBase64,
    previousCounter: inputs.previousCounter,
    appleAppIds: [appleAppId(inputs)],
  });
  const verification: Verification = asserted.ok
    ? { ...asserted, claims: enrolledClaims(inputs, asserted.claims) }
    : asserted;
  return { ok: true, case: name, verification, nowMs: null, environment: 'production' };
}
