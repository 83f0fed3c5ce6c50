import { readSignedData } from '@/lib/crypto';
import { derMutator } from '@/lib/crypto/testing/fuzz/mutate-der';
import type { FuzzRandom } from '@/lib/crypto/testing/fuzz/random';
import type { FuzzTarget } from '@/lib/crypto/testing/fuzz/target';
import { readAttestationObject } from '../apple/objects';
import { readReceiptPayload } from '../apple/receipt';
import { BUILT_IN_ANCHORS, type ReceiptContext, verifyReceipt } from '../index';
import { receiptContext, receiptOptions } from './receipt-refusals';
import type { Scenario } from './scenario';
import { readVectorFile, readVectors } from './vectors';

/** A real receipt, and what it is accepted in. */
interface RealReceipt {
  readonly bytes: Buffer;
  readonly context: ReceiptContext;
  /** What it says, as text. */
  readonly claims: string;
}

/** What a receipt that is accepted says; `null` where it is not. */
function claimsOf(receipt: Uint8Array, context: ReceiptContext): string | null {
  const verification = verifyReceipt(receipt, context);
  return verification.ok ? JSON.stringify(verification.claims) : null;
}

/** Receipts of real devices, first ones and renewed ones: whichever verify under Apple's root. */
export function realReceipts(): RealReceipt[] {
  const first = readVectors('ios/attestation').flatMap(({ folder, vector }) => {
    const object = readAttestationObject(readVectorFile(folder, vector));
    return object.outcome === 'fail' ? [] : [Buffer.from(object.value.receipt)];
  });
  const renewed = readVectors('ios/receipt').map(({ folder, vector }) => readVectorFile(folder, vector));
  return [...first, ...renewed].flatMap((bytes) => {
    const data = readSignedData(bytes);
    const payload = data === undefined ? undefined : readReceiptPayload(data.content);
    if (payload === undefined) return [];
    const context: ReceiptContext = {
      nowMs: payload.createdMs,
      anchors: BUILT_IN_ANCHORS.appleReceipts,
      appIds: [payload.appId],
      environments: [payload.environment],
      publicKey: payload.attestedCertificate.spki,
      type: payload.type,
      clientDataHash: payload.clientHash,
      maxAgeSeconds: 300,
    };
    const claims = claimsOf(bytes, context);
    return claims === null ? [] : [{ bytes, context, claims }];
  });
}

/** Fields mutated and signed again, as if Apple had: accepted only where they name the same app, key and client data. */
function fieldsTarget(scenario: Scenario): FuzzTarget {
  const options = receiptOptions(scenario);
  const context = receiptContext(scenario);
  const honest = readSignedData(scenario.ca.appAttest.receipt(options))?.content ?? new Uint8Array();
  const bound = [Buffer.from(options.appId), scenario.key.spki, Buffer.from(options.clientHash)];
  const mutate = derMutator(honest);
  const isBound = (content: Buffer) => bound.every((bytes) => content.includes(bytes));
  return {
    name: 'apple-receipt-fields',
    what: 'what a receipt says, as if Apple had signed it: accepted only where it is of the same app, key and client data',
    next: (random: FuzzRandom) => {
      const content = mutate(random);
      const receipt = scenario.ca.appAttest.receipt({ ...options, content });
      return () => verifyReceipt(receipt, context).ok && !isBound(content);
    },
  };
}

/** Receipts of App Attest: as Apple encodes and signs them, and what is inside by itself. */
export function receiptTargets(scenario: Scenario): FuzzTarget[] {
  const real = realReceipts().map((receipt) => ({ ...receipt, mutate: derMutator(receipt.bytes) }));
  return [
    {
      name: 'apple-receipt',
      what: 'real receipts, element by element (BER)',
      next: (random) => {
        const receipt = real[random.below(real.length)];
        if (receipt === undefined) throw new TypeError('there are real receipts');
        const mutated = receipt.mutate(random);
        return () => ![null, receipt.claims].includes(claimsOf(mutated, receipt.context));
      },
    },
    fieldsTarget(scenario),
  ];
}
