import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '@/lib/contracts';
import { parseRevocationList } from './android/revocation';
import { readAttestationObject } from './apple/objects';
import { isSignedData } from './apple/receipt';
import { parseCase, verifyAssertion, verifyEnrolment, verifyReceipt } from './index';
import { signClientData } from './testing';
import { receiptContext, receiptOptions } from './testing/receipt-refusals';
import { createScenario } from './testing/scenario';
import { readVectorFile, readVectors } from './testing/vectors';

const scenario = createScenario();
const { context, key } = scenario;
const RUNS = { numRuns: 300 };

/** A change of one valid encoding: a flipped bit, a cut, an insertion or a doubled stretch. */
const mutation = fc.record({
  kind: fc.constantFrom('flip', 'cut', 'insert', 'double'),
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  bit: fc.integer({ min: 0, max: 7 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

const MUTATORS: Readonly<Record<string, (bytes: Buffer, at: number, change: Mutation) => Buffer>> = {
  flip: (bytes, at, { bit }) => {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ (1 << bit);
    return copy;
  },
  cut: (bytes, at) => bytes.subarray(0, at),
  insert: (bytes, at, change) => Buffer.concat([bytes.subarray(0, at), change.bytes, bytes.subarray(at)]),
  double: (bytes, at) => Buffer.concat([bytes, bytes.subarray(at)]),
};

function mutate(bytes: Buffer, change: Mutation): Buffer {
  const at = Math.floor(change.at * bytes.length);
  return MUTATORS[change.kind]?.(bytes, at, change) ?? bytes;
}

function mutateText(text: string, change: Mutation): string {
  return mutate(Buffer.from(text, 'base64url'), change).toString('base64url');
}

/** One binary member of the evidence, mutated. */
function mutateEvidence(evidence: Evidence, which: number, change: Mutation): Evidence {
  if (evidence.format === 'apple-app-attest')
    return { ...evidence, attestationObject: mutateText(evidence.attestationObject, change) };
  const index = which % evidence.certificateChain.length;
  const certificateChain = evidence.certificateChain.map((text, position) =>
    position === index ? mutateText(text, change) : text,
  );
  return { ...evidence, certificateChain };
}

const HONEST = [scenario.appleEvidence(), scenario.androidEvidence(), scenario.devEvidence()];

/** The receipt is not covered by the nonce, and the placeholder's inside is free. */
function differsOnlyInReceipt(evidence: Evidence, honest: Evidence): boolean {
  if (evidence.format !== 'apple-app-attest' || honest.format !== 'apple-app-attest') return false;
  const a = Buffer.from(evidence.attestationObject, 'base64url');
  const b = Buffer.from(honest.attestationObject, 'base64url');
  const start = b.indexOf('receipt');
  const end = b.indexOf('authData');
  const sameHead = Buffer.compare(a.subarray(0, start), b.subarray(0, start)) === 0;
  return a.length === b.length && sameHead && Buffer.compare(a.subarray(end), b.subarray(end)) === 0;
}

describe('hostile input', () => {
  it('in any member is a refusal, never an exception', () => {
    const bytes = fc.uint8Array({ maxLength: 2048 }).map((value) => Buffer.from(value).toString('base64url'));
    const evidence: fc.Arbitrary<Evidence> = fc.oneof(
      fc.record({ format: fc.constant('apple-app-attest' as const), keyId: bytes, attestationObject: bytes }),
      fc.record({
        format: fc.constant('android-key-attestation' as const),
        certificateChain: fc.array(bytes, { maxLength: 12 }),
      }),
      fc.record({ format: fc.constant('dev' as const), certificateChain: fc.array(bytes), signature: bytes }),
    );
    fc.assert(
      fc.property(evidence, (hostile) => {
        expect(verifyEnrolment(hostile, context).ok).toBe(false);
      }),
      RUNS,
    );
  });

  it('that is honest evidence with one change is refused', () => {
    fc.assert(
      fc.property(fc.constantFrom(...HONEST), fc.nat(9), mutation, (honest, which, change) => {
        const mutated = mutateEvidence(honest, which, change);
        const verification = verifyEnrolment(mutated, context);
        fc.pre(JSON.stringify(mutated) !== JSON.stringify(honest));
        if (verification.ok) expect(differsOnlyInReceipt(mutated, honest)).toBe(true);
      }),
      { numRuns: 900 },
    );
  });

  it('as an assertion is refused', () => {
    const honest = {
      'apple-app-attest': scenario.ca.appAttest.assert({
        key,
        counter: 9,
        appId: 'ABCDE12345.com.example.app',
        clientData: context.clientDataBytes,
      }),
      'android-key-attestation': signClientData(key, context.clientDataBytes),
    } as const;
    const formats = fc.constantFrom('apple-app-attest' as const, 'android-key-attestation' as const);
    fc.assert(
      fc.property(formats, mutation, (format, change) => {
        const assertion = mutate(honest[format], change);
        fc.pre(!assertion.equals(honest[format]));
        const verification = verifyAssertion(format, {
          assertion,
          publicKey: key.spki.toString('base64url'),
          clientDataBytes: context.clientDataBytes,
          clientDataHash: context.clientDataHash,
          previousCounter: 0,
          appleAppIds: ['ABCDE12345.com.example.app'],
        });
        expect(verification.ok).toBe(false);
      }),
      RUNS,
    );
  });

  it('as a receipt is refused, or says what it said', () => {
    const options = receiptOptions(scenario);
    const receipt = scenario.ca.appAttest.receipt(options);
    const honest = verifyReceipt(receipt, receiptContext(scenario));
    fc.assert(
      fc.property(mutation, (change) => {
        const verification = verifyReceipt(mutate(receipt, change), receiptContext(scenario));
        // Lengths may be written otherwise, and certificates that nothing depends on may be anything.
        if (verification.ok) expect(verification).toEqual(honest);
      }),
      { numRuns: 900 },
    );
  });

  it('as a receipt of a real device is a value, never an exception', () => {
    const real = readVectors('ios/attestation').flatMap(({ folder, vector }) => {
      const object = readAttestationObject(readVectorFile(folder, vector));
      return object.outcome === 'fail' ? [] : [Buffer.from(object.value.receipt)];
    });
    expect(real).toHaveLength(15);
    fc.assert(
      fc.property(fc.constantFrom(...real), mutation, (receipt, change) => {
        expect(typeof isSignedData(mutate(receipt, change))).toBe('boolean');
      }),
      RUNS,
    );
  });

  it('as an enrolled key, a case or a status list is a value, never an exception', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 200 }),
        fc.jsonValue(),
        fc.uint8Array(),
        (publicKey, json, bytes) => {
          expect(scenario.keyAssertion(Buffer.alloc(70), publicKey).ok).toBe(false);
          expect(parseCase(json).ok).toBe(false);
          expect(parseRevocationList(bytes, 0)).toBeUndefined();
          expect(isSignedData(bytes)).toBe(false);
        },
      ),
      RUNS,
    );
  });
});
