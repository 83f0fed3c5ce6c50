import type { EvidenceClaims } from '@/lib/contracts';
import { parseCertificate } from '@/lib/crypto';
import { mutateCbor } from '@/lib/crypto/testing/fuzz/mutate-cbor';
import { derMutator } from '@/lib/crypto/testing/fuzz/mutate-der';
import { type FuzzRandom, mutateBytes } from '@/lib/crypto/testing/fuzz/random';
import type { FuzzTarget } from '@/lib/crypto/testing/fuzz/target';
import { KEY_DESCRIPTION_EXTENSION } from '../android/key-description';
import { readAttestationObject } from '../apple/objects';
import { verifyEnrolment } from '../index';
import type { Scenario } from './scenario';

/*
 * What is signed, mutated and signed again, as if the vendor had: behind the signatures, where a mutated chain never gets.
 * An acceptance is right only where the statement still says what binds it, by a reading of its own.
 */

/** Locked and verified, as a root of trust says it: TRUE, of which devices have several, and the first boot state. */
const LOCKED_AND_VERIFIED = /0101(?!00)[0-9a-f]{2}0a0100/;

function descriptionTarget({ androidDevice, context }: Scenario): FuzzTarget {
  const attest = androidDevice();
  const evidence = attest();
  const [der = ''] = evidence.format === 'android-key-attestation' ? evidence.certificateChain : [];
  const leaf = parseCertificate(Buffer.from(der, 'base64url'));
  const honest = leaf?.extensions.get(KEY_DESCRIPTION_EXTENSION)?.value;
  if (honest === undefined) throw new TypeError('the scenario describes its key');
  const mutate = derMutator(honest);
  const apps = context.reference.androidApps;
  const bound = [
    Buffer.from(context.clientDataHash),
    ...apps.flatMap(({ packageName, signerDigests }) => [
      Buffer.from(packageName),
      ...signerDigests.map((digest) => Buffer.from(digest, 'hex')),
    ]),
  ];
  const isBound = (description: Buffer) => bound.every((bytes) => description.includes(bytes));
  // Another boot state is no refusal but a claim, and must be claimed.
  const saysItsState = (boot: EvidenceClaims['boot'], description: Buffer) =>
    boot?.deviceLocked !== true ||
    boot.state !== 'verified' ||
    LOCKED_AND_VERIFIED.test(description.toString('hex'));
  return {
    name: 'android-signed',
    what: 'the attested facts, as if the device had signed them: accepted only of this request and app, and in the boot state that they say',
    next: (random) => {
      const description = mutate(random);
      const mutated = attest({ description });
      return () => {
        const verification = verifyEnrolment(mutated, context);
        return (
          verification.ok && !(isBound(description) && saysItsState(verification.claims.boot, description))
        );
      };
    },
  };
}

const FLAGS_AT = 32;
const CREDENTIAL_ID_END = 87;

/** The header, the credential id and the credential key are as they were; its flags, and what follows, are free. */
function saysTheSame(data: Buffer, honest: Buffer, point: Buffer): boolean {
  const before = (bytes: Buffer) =>
    Buffer.concat([bytes.subarray(0, FLAGS_AT), bytes.subarray(FLAGS_AT + 1, CREDENTIAL_ID_END)]);
  const rest = data.subarray(CREDENTIAL_ID_END);
  return (
    before(data).equals(before(honest)) &&
    rest.includes(point.subarray(1, 33)) &&
    rest.includes(point.subarray(33))
  );
}

/** Authenticator data changed by their bytes, or one of the two CBOR items after the credential id by its members. */
function mutateData(random: FuzzRandom, honest: Buffer, keyBytes: number): Buffer {
  if (random.oneIn(2)) return mutateBytes(random, honest);
  const [head, key, launch] = [
    honest.subarray(0, CREDENTIAL_ID_END),
    honest.subarray(CREDENTIAL_ID_END, CREDENTIAL_ID_END + keyBytes),
    honest.subarray(CREDENTIAL_ID_END + keyBytes),
  ];
  return random.oneIn(2)
    ? Buffer.concat([head, mutateCbor(random, key), launch])
    : Buffer.concat([head, key, mutateCbor(random, launch)]);
}

/** A COSE key on P-256, as Apple writes it. */
const COSE_KEY_BYTES = 77;

function authenticatorDataTarget({ appleEvidence, context, key }: Scenario): FuzzTarget {
  const launch = { bundleVersion: '7', validationCategory: 4 };
  const evidence = appleEvidence(launch);
  const object =
    evidence.format === 'apple-app-attest'
      ? readAttestationObject(Buffer.from(evidence.attestationObject, 'base64url'))
      : undefined;
  if (object?.outcome !== 'pass') throw new TypeError('the scenario makes App Attest evidence');
  const honest = Buffer.from(object.value.authenticatorData);
  const receiptBytes = object.value.receipt;
  const point = Buffer.from(key.point);
  return {
    name: 'apple-signed',
    what: 'authenticator data, as if Apple had covered them: accepted only of this app, environment and key',
    next: (random) => {
      const authenticatorData = mutateData(random, honest, COSE_KEY_BYTES);
      const mutated = appleEvidence({ authenticatorData, receiptBytes });
      return () => verifyEnrolment(mutated, context).ok && !saysTheSame(authenticatorData, honest, point);
    },
  };
}

/** Statements of both vendors behind a signature that verifies. */
export function signedTargets(scenario: Scenario): FuzzTarget[] {
  return [authenticatorDataTarget(scenario), descriptionTarget(scenario)];
}
