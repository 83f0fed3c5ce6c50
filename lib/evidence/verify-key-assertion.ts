import type { EvidenceFormat, Verification } from '@/lib/contracts';
import { verifyEs256 } from '@/lib/crypto';
import { loadAssertingKey } from './asserting-key';
import type { AssertionClaims, AssertionInput } from './assertion';
import { check, type Finding, fail, pass, runSteps, type Steps } from './steps';

/** A DER ECDSA signature on P-256 has 8 to 72 bytes. */
const MAX_SIGNATURE_BYTES = 72;
const MIN_SIGNATURE_BYTES = 8;

function checkLength(signature: Uint8Array): Finding<void> {
  return signature.length < MIN_SIGNATURE_BYTES || signature.length > MAX_SIGNATURE_BYTES
    ? fail('assertion_malformed', 'Not an ECDSA signature in DER.')
    : pass(undefined, 'The length of an ECDSA signature in DER.');
}

function checkSignature(isValid: boolean): Finding<void> {
  return isValid
    ? pass(undefined, 'The enrolled key signed the client data.')
    : fail('assertion_bad_signature', 'The enrolled key did not sign this client data.');
}

function* steps(format: EvidenceFormat, input: AssertionInput): Steps<AssertionClaims> {
  yield* check('signature_encoding', checkLength(input.assertion));
  const key = yield* check('asserting_key', loadAssertingKey(input.publicKey));
  const isValid = verifyEs256(key, input.clientDataBytes, input.assertion);
  yield* check('signature', checkSignature(isValid));
  return { format, counter: null, appId: null, appVersion: null, validationCategory: null };
}

/**
 * Verifies an assertion by an attested key: ECDSA P-256 with SHA-256, DER, over the exact client data bytes. It has
 * no counter; the single-use challenge inside the client data is the replay protection.
 */
export function verifyKeyAssertion(
  format: EvidenceFormat,
  input: AssertionInput,
): Verification<AssertionClaims> {
  return runSteps(steps(format, input));
}
