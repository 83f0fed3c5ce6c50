import { NonStandardKeyDescription } from '@peculiar/asn1-android';
import { AsnConvert } from '@peculiar/asn1-schema';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { decodeUtf8, parseCertificate } from '@/lib/crypto';
import { readPemCertificates } from './anchors';
import { KEY_DESCRIPTION_EXTENSION, readKeyDescription } from './android/key-description';
import { ANDROID_TOLERANCE } from './android/tolerance';
import { attestationInputs, CHECKER, NODE_APP_ATTEST, type Peer } from './testing/peers';
import { readVectorFile, readVectors, runVector, type Vector } from './testing/vectors';

/*
 * Other implementations on the same cases. Where one accepts what is refused here, or the other way round, the case stands
 * in a table with the reason; whatever else they disagree about fails. `docs/assurance.md` tells the same.
 */

const APPLE = ['ios/attestation', 'ios/assertion', 'ios/negative'].flatMap(readVectors);
const attestations = APPLE.filter(
  (vector) => vector.kind === 'apple-appattest/attestation' && attestationInputs(vector) !== null,
);
const assertions = APPLE.filter(({ kind }) => kind === 'apple-appattest/assertion');
/** Attestations of Apple's development environment, presented to an app that wants production. */
const developed = attestations
  .filter(({ folder, inputs }) => folder === 'ios/attestation' && inputs.environment === 'development')
  .map((vector) => ({ ...vector, inputs: { ...vector.inputs, environment: 'production' } }));

const DEVELOPMENT = 'development evidence in production';

/** Accepted by a peer and refused here: what the peer does not check. */
const GAPS = {
  'node-app-attest': {
    'ios/negative/attp-duplicate-authdata-decoy-first': 'duplicate keys in the CBOR',
    'ios/negative/attp-indefinite-length-map': 'CBOR in indefinite form',
    'ios/negative/attp-nonminimal-length': 'CBOR lengths in long form',
    'ios/negative/attp-unknown-extra-key': 'unknown members',
    'ios/negative/attp-leaf-trailing-garbage': 'bytes after a certificate',
    'ios/negative/attp-receipt-garbage': 'the receipt',
    'ios/negative/attp-x5c-order-swapped': 'order of the certificates',
    'ios/negative/prod172-expired-leaf': 'validity of certificates',
    'ios/negative/prod172-not-yet-valid-leaf': 'validity of certificates',
    'ios/negative/prod172-expected-development': 'production evidence where development is expected',
    'ios/negative/asr-trailing': 'bytes after an assertion',
  },
  'appattest-checker-node': {
    'ios/negative/attp-duplicate-authdata-decoy-first': 'duplicate keys in the CBOR',
    'ios/negative/attp-indefinite-length-map': 'CBOR in indefinite form',
    'ios/negative/attp-nonminimal-length': 'CBOR lengths in long form',
    'ios/negative/attp-unknown-extra-key': 'unknown members',
    'ios/negative/attp-leaf-trailing-garbage': 'bytes after a certificate',
    'ios/negative/attp-receipt-garbage': 'the receipt',
    'ios/negative/attp-x5c-root-appended': 'number of certificates',
    'ios/negative/replay-lower-counter': 'the counter, which is left to the caller',
    'ios/negative/replay-same-counter': 'the counter, which is left to the caller',
    [DEVELOPMENT]: 'seven of the sixteen bytes that name the environment',
  },
} as const;

/** Both hash the challenge themselves, so that they cannot be given what this case gives to us. */
const OTHER_QUESTION = ['ios/negative/prod172-raw-challenge-instead-of-hash'];

/** Accepted here and refused by a peer. */
const STRICTER = {
  'node-app-attest': {
    'ios/attestation/apple-guide-2024-ios18':
      'it hashes the challenge itself; Apple’s sample is of the raw one',
    'ios/negative/prod172-keyid-base64url': 'it compares key ids as text',
  },
  'appattest-checker-node': {
    'ios/attestation/apple-guide-2024-ios18':
      'it hashes the challenge itself; Apple’s sample is of the raw one',
    'ios/attestation/chiff-ios14.4': 'its validity excludes the first second',
    'ios/negative/prod172-keyid-base64url': 'it compares key ids as text',
  },
} as const;

function isAccepted(vector: Vector): boolean {
  const outcome = runVector(vector);
  return outcome.ok && 'verification' in outcome && outcome.verification.ok;
}

interface Disagreement {
  gaps: string[];
  stricter: string[];
}

async function compare(peer: Peer, vectors: readonly Vector[]): Promise<Disagreement> {
  const found: Disagreement = { gaps: [], stricter: [] };
  for (const vector of vectors) {
    // One of them goes by the system's clock.
    const { verificationTime } = vector.inputs;
    if (typeof verificationTime === 'string') vi.setSystemTime(Date.parse(verificationTime));
    const [theirs, ours] = [await peer(vector)(), isAccepted(vector)];
    if (theirs && !ours) found.gaps.push(vector.case);
    if (ours && !theirs) found.stricter.push(vector.case);
  }
  return found;
}

describe('App Attest', () => {
  beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterAll(() => void vi.useRealTimers());

  it.each([
    ['node-app-attest', NODE_APP_ATTEST],
    ['appattest-checker-node', CHECKER],
  ] as const)('is judged by %s as it is here, but for what is known', async (name, peer) => {
    const found = [await compare(peer.attestation, attestations), await compare(peer.assertion, assertions)];
    const inProduction = await compare(peer.attestation, developed);
    const gaps = [
      ...found.flatMap((one) => one.gaps).filter((one) => !OTHER_QUESTION.includes(one)),
      ...(inProduction.gaps.length > 0 ? [DEVELOPMENT] : []),
    ];
    expect(gaps.toSorted()).toEqual(Object.keys(GAPS[name]).toSorted());
    expect(found.flatMap(({ stricter }) => stricter).toSorted()).toEqual(
      Object.keys(STRICTER[name]).toSorted(),
    );
  });
});

const ANDROID = ['android/leaf-only', 'android/chains', 'android/negative'].flatMap(readVectors);

/** The attestation extension of the first certificate that has one. */
function statementOf(vector: Vector) {
  const chain = readPemCertificates(decodeUtf8(readVectorFile(vector.folder, vector.vector)) ?? '') ?? [];
  const certificates = chain.flatMap((der) => parseCertificate(der, ANDROID_TOLERANCE) ?? []);
  return certificates.find(({ extensions }) => extensions.has(KEY_DESCRIPTION_EXTENSION));
}

const hex = (bytes: ArrayBuffer | Uint8Array) => Buffer.from(new Uint8Array(bytes)).toString('hex');
const LEVELS = ['software', 'tee', 'strongbox'];

/** What @peculiar/asn1-android reads of a statement, as far as it is read here. */
function theirs(value: Uint8Array) {
  try {
    const read = AsnConvert.parse(value, NonStandardKeyDescription);
    const find = (list: typeof read.hardwareEnforced, key: string) => {
      const found = list.findProperty(key as Parameters<typeof list.findProperty>[0]);
      return found === undefined ? null : found;
    };
    const root = find(read.hardwareEnforced, 'rootOfTrust') as {
      verifiedBootKey: { buffer: ArrayBuffer };
      deviceLocked: boolean;
      verifiedBootState: number;
    } | null;
    return {
      version: Number(read.attestationVersion),
      levels: [LEVELS[read.attestationSecurityLevel], LEVELS[read.keymasterSecurityLevel]],
      challenge: hex(read.attestationChallenge.buffer),
      osVersion: find(read.hardwareEnforced, 'osVersion'),
      osPatchLevel: find(read.hardwareEnforced, 'osPatchLevel'),
      root:
        root === null ? null : [hex(root.verifiedBootKey.buffer), root.deviceLocked, root.verifiedBootState],
    };
  } catch {
    return null;
  }
}

const STATES = ['verified', 'self_signed', 'unverified', 'failed'];

function ours(vector: Vector) {
  const certificate = statementOf(vector);
  const finding = certificate === undefined ? undefined : readKeyDescription(certificate);
  if (finding === undefined || finding.outcome === 'fail') return null;
  const { hardwareEnforced, ...description } = finding.value;
  const { rootOfTrust } = hardwareEnforced;
  return {
    version: description.attestationVersion,
    levels: [description.attestationSecurityLevel, description.keyMintSecurityLevel],
    challenge: hex(description.challenge),
    osVersion: hardwareEnforced.osVersion,
    osPatchLevel: hardwareEnforced.osPatchLevel,
    root:
      rootOfTrust === null
        ? null
        : [hex(rootOfTrust.bootKey), rootOfTrust.deviceLocked, STATES.indexOf(rootOfTrust.state)],
  };
}

/** Where the two read differently, and why. */
const READ_DIFFERENTLY: Readonly<Record<string, string>> = {
  'android/chains/google-tokay-sdk37-TEE_MLDSA_FACTORY': 'it does not know the tags of version 500',
  'android/negative/boot-state-unknown-value': 'it takes any boot state',
  'android/negative/extension-critical': 'it is given the value alone',
  'android/negative/keydescription-9-fields': 'it passes over members that it does not know',
  'android/negative/level-out-of-range': 'it takes any level',
  'android/negative/tag-unknown': 'it refuses tags that it does not know',
};

describe('Android key attestation', () => {
  const stated = ANDROID.filter((vector) => statementOf(vector) !== undefined);

  it.each(stated.map((vector) => [vector.case, vector] as const))(
    '%s is read as by asn1-android',
    (name, vector) => {
      const value = statementOf(vector)?.extensions.get(KEY_DESCRIPTION_EXTENSION)?.value ?? new Uint8Array();
      if (Object.hasOwn(READ_DIFFERENTLY, name)) expect(theirs(value)).not.toEqual(ours(vector));
      else expect(theirs(value)).toEqual(ours(vector));
    },
  );

  it('covers the cases that are known to differ', () => {
    const names = new Set(stated.map((vector) => vector.case));
    expect(Object.keys(READ_DIFFERENTLY).filter((name) => !names.has(name))).toEqual([]);
  });
});
