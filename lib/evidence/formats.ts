import type { Evidence, EvidenceFormat, Verification } from '@/lib/contracts';
import { fromBase64Url } from '@/lib/core';
import { verifyAndroidKeyAttestation } from './android/verify-key-attestation';
import { verifyAppAttestAssertion } from './apple/verify-assertion';
import {
  apartFromReceipt,
  type VerifiedReceipt,
  verifyAppAttestAttestation,
} from './apple/verify-attestation';
import type { AssertionClaims, AssertionInput } from './assertion';
import type { VerificationContext } from './context';
import { verifyDevEvidence } from './dev/verify-dev';
import { check, fail, runSteps, type Steps } from './steps';
import { verifyKeyAssertion } from './verify-key-assertion';

type EvidenceOf<F extends EvidenceFormat> = Extract<Evidence, { format: F }>;

/** What an enrolment's evidence proves, and what came with it to be kept. */
export interface EnrolmentVerification {
  readonly verification: Verification;
  /** App Attest's receipt, where it verifies. */
  readonly receipt: VerifiedReceipt | null;
}

interface Format<F extends EvidenceFormat> {
  enrol(evidence: EvidenceOf<F>, context: VerificationContext): EnrolmentVerification;
  assert(input: AssertionInput): Verification<AssertionClaims>;
}

function* refusal(code: 'evidence_malformed' | 'evidence_format_unknown', detail: string): Steps<never> {
  return yield* check('transport_encoding', fail(code, detail));
}

function without(verification: Verification): EnrolmentVerification {
  return { verification, receipt: null };
}

function notBase64Url(): EnrolmentVerification {
  return without(runSteps(refusal('evidence_malformed', 'A binary member is not canonical base64url.')));
}

/** Every member decoded; `undefined` where one is not canonical base64url. */
function decodeAll(texts: readonly string[]): Uint8Array[] | undefined {
  const decoded = texts.flatMap((text) => fromBase64Url(text) ?? []);
  return decoded.length === texts.length ? decoded : undefined;
}

const FORMATS: { readonly [F in EvidenceFormat]: Format<F> } = {
  'apple-app-attest': {
    enrol: (evidence, context) => {
      const [attestationObject, keyId] = decodeAll([evidence.attestationObject, evidence.keyId]) ?? [];
      if (attestationObject === undefined || keyId === undefined) return notBase64Url();
      return apartFromReceipt(verifyAppAttestAttestation({ attestationObject, keyId }, context));
    },
    assert: verifyAppAttestAssertion,
  },
  'android-key-attestation': {
    enrol: (evidence, context) => {
      const certificates = decodeAll(evidence.certificateChain);
      return certificates === undefined
        ? notBase64Url()
        : without(verifyAndroidKeyAttestation(certificates, context));
    },
    assert: (input) => verifyKeyAssertion('android-key-attestation', input),
  },
  dev: {
    enrol: (evidence, context) => {
      const certificates = decodeAll(evidence.certificateChain);
      const signature = fromBase64Url(evidence.signature);
      if (certificates === undefined || signature === undefined) return notBase64Url();
      return without(verifyDevEvidence({ certificates, signature }, context));
    },
    assert: (input) => verifyKeyAssertion('dev', input),
  },
};

/** The format's entry with its evidence type forgotten: `FORMATS` pairs them by construction. */
function formatNamed(name: string): Format<EvidenceFormat> | undefined {
  return Object.hasOwn(FORMATS, name)
    ? (FORMATS[name as EvidenceFormat] as Format<EvidenceFormat>)
    : undefined;
}

function unknownFormat(): Verification<never> {
  return runSteps(refusal('evidence_format_unknown', 'This evidence format is not known.'));
}

/** Verifies hardware-backed evidence of any format. Total: hostile input is a refusal, never an exception. */
export function verifyEnrolment(evidence: Evidence, context: VerificationContext): Verification {
  return verifyEnrolmentInFull(evidence, context).verification;
}

/** As `verifyEnrolment`, with what came along to be kept. */
export function verifyEnrolmentInFull(
  evidence: Evidence,
  context: VerificationContext,
): EnrolmentVerification {
  return formatNamed(evidence.format)?.enrol(evidence, context) ?? without(unknownFormat());
}

/** Verifies an assertion by an enrolled key, in the format that it was enrolled with. Total. */
export function verifyAssertion(
  format: EvidenceFormat,
  input: AssertionInput,
): Verification<AssertionClaims> {
  return formatNamed(format)?.assert(input) ?? unknownFormat();
}
