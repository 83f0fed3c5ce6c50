import { describe, expect, it } from 'vitest';
import type { Evidence, Verification } from '@/lib/contracts';
import { parseCertificate } from '@/lib/crypto';
import { mutateCbor } from '@/lib/crypto/testing/fuzz/mutate-cbor';
import { derMutator, mutateDer } from '@/lib/crypto/testing/fuzz/mutate-der';
import { FuzzRandom } from '@/lib/crypto/testing/fuzz/random';
import { KEY_DESCRIPTION_EXTENSION } from './android/key-description';
import { verifyEnrolment, verifyReceipt } from './index';
import { realReceipts } from './testing/fuzz-receipts';
import { createScenario } from './testing/scenario';

const scenario = createScenario();
const { context } = scenario;
const INPUTS = 800;

/** Ids of the checks that refused, over many inputs. */
function refusing(verify: (random: FuzzRandom) => Verification<unknown>): Set<string> {
  const random = new FuzzRandom(20_261_128);
  const ids = new Set<string>();
  for (let index = 0; index < INPUTS; index++) {
    const verification = verify(random);
    if (!verification.ok) ids.add(verification.checks.at(-1)?.id ?? '');
  }
  return ids;
}

function leafDescription(evidence: Evidence): Uint8Array {
  const [der = ''] = evidence.format === 'android-key-attestation' ? evidence.certificateChain : [];
  const leaf = parseCertificate(Buffer.from(der, 'base64url'));
  return leaf?.extensions.get(KEY_DESCRIPTION_EXTENSION)?.value ?? new Uint8Array();
}

/*
 * Input that the first reader refuses says nothing of what comes after it: mutations must keep enough of the structure to
 * get there.
 */
describe('mutations of structure', () => {
  it('change nothing but what they change', () => {
    // Most changes leave most elements: where the encoding were not kept, nothing longer than a header would be the same.
    const random = new FuzzRandom(1);
    for (const { bytes } of realReceipts().slice(0, 3)) {
      const kept = Array.from({ length: 200 }, () => mutateDer(random, bytes)).filter((mutated) =>
        mutated.subarray(0, 40).equals(bytes.subarray(0, 40)),
      );
      expect(kept.length).toBeGreaterThan(100);
    }
  });

  it('get through every layer of an attestation object', () => {
    const honest = scenario.appleEvidence();
    if (honest.format !== 'apple-app-attest') throw new TypeError('the scenario makes App Attest evidence');
    const object = Buffer.from(honest.attestationObject, 'base64url');
    const ids = refusing((random) => {
      const mutated = mutateCbor(random, object, mutateDer);
      return verifyEnrolment({ ...honest, attestationObject: mutated.toString('base64url') }, context);
    });
    for (const id of ['attestation_object_strict', 'chain_well_formed', 'chain_signatures', 'nonce'])
      expect(ids).toContain(id);
  });

  it('get behind the signature of attested facts', () => {
    const attest = scenario.androidDevice();
    const mutate = derMutator(leafDescription(attest()));
    const ids = refusing((random) => verifyEnrolment(attest({ description: mutate(random) }), context));
    for (const id of ['key_description', 'challenge', 'security_level', 'app_identity'])
      expect(ids).toContain(id);
  });

  it('get through every layer of a real receipt', () => {
    const receipts = realReceipts();
    expect(receipts).toHaveLength(29);
    const ids = refusing((random) => {
      const receipt = random.pick(receipts as [(typeof receipts)[number]]);
      return verifyReceipt(mutateDer(random, receipt.bytes), receipt.context);
    });
    for (const id of [
      'receipt_signed_data',
      'receipt_signature',
      'receipt_chain_anchor',
      'receipt_chain_signatures',
    ])
      expect(ids).toContain(id);
  });
});
