import { asCborBytes, asCborMap, decodeCbor, hasExactKeys, MAX_CBOR_BYTES } from '@/lib/crypto';
import { type Finding, fail, pass } from '../steps';

/** An App Attest attestation object, taken apart and not yet verified. */
export interface AttestationObject {
  readonly x5c: readonly Uint8Array[];
  readonly receipt: Uint8Array;
  readonly authenticatorData: Uint8Array;
}

/** An App Attest assertion object, taken apart and not yet verified. */
export interface AssertionObject {
  readonly signature: Uint8Array;
  readonly authenticatorData: Uint8Array;
}

const FORMAT = 'apple-appattest';

function takeApart(bytes: Uint8Array): AttestationObject | undefined {
  const object = asCborMap(decodeCbor(bytes));
  if (object === undefined || !hasExactKeys(object, ['fmt', 'attStmt', 'authData'])) return undefined;
  const statement = asCborMap(object.get('attStmt'));
  const authenticatorData = asCborBytes(object.get('authData'));
  if (object.get('fmt') !== FORMAT || statement === undefined || authenticatorData === undefined)
    return undefined;
  if (!hasExactKeys(statement, ['x5c', 'receipt'])) return undefined;
  const chain = statement.get('x5c');
  const receipt = asCborBytes(statement.get('receipt'));
  if (!Array.isArray(chain) || receipt === undefined) return undefined;
  const x5c = chain.flatMap((item) => asCborBytes(item) ?? []);
  return x5c.length === chain.length ? { x5c, receipt, authenticatorData } : undefined;
}

/** Step 1: one strict CBOR item with exactly the members of the format, each of its exact type. */
export function readAttestationObject(bytes: Uint8Array): Finding<AttestationObject> {
  if (bytes.length > MAX_CBOR_BYTES)
    return fail('evidence_too_large', 'The attestation object is larger than 16 KiB.');
  const object = takeApart(bytes);
  return object === undefined
    ? fail('evidence_malformed', 'Not an App Attest attestation object in strict CBOR.')
    : pass(object, 'An App Attest attestation object in strict CBOR.');
}

/** One strict CBOR item with exactly a signature and authenticator data. */
export function readAssertionObject(bytes: Uint8Array): Finding<AssertionObject> {
  const object = asCborMap(decodeCbor(bytes));
  const signature = asCborBytes(object?.get('signature'));
  const authenticatorData = asCborBytes(object?.get('authenticatorData'));
  if (object?.size !== 2 || signature === undefined || authenticatorData === undefined)
    return fail('assertion_malformed', 'Not an App Attest assertion in strict CBOR.');
  return pass({ signature, authenticatorData }, 'An App Attest assertion in strict CBOR.');
}
