import type { Evidence } from '@/lib/contracts';
import { sha256 } from '@/lib/core';
import { parseCertificate } from '@/lib/crypto';
import { mutateCbor, parseCbor } from '@/lib/crypto/testing/fuzz/mutate-cbor';
import { derMutator, mutateDer } from '@/lib/crypto/testing/fuzz/mutate-der';
import { mutateJose, mutateJson } from '@/lib/crypto/testing/fuzz/mutate-json';
import { type FuzzRandom, mutateBytes } from '@/lib/crypto/testing/fuzz/random';
import type { FuzzTarget } from '@/lib/crypto/testing/fuzz/target';
import { KEY_DESCRIPTION_EXTENSION, readKeyDescription } from '../android/key-description';
import { parseRevocationList } from '../android/revocation';
import { parseCase, verifyAssertion, verifyEnrolment } from '../index';
import { readPlayKeys } from '../play/keys';
import {
  type IntegrityContext,
  PLAY_DEFAULTS,
  playApps,
  verifyDecodedVerdict,
  verifyPlayToken,
} from '../play/verify-play';
import { signClientData } from './device-key';
import { receiptTargets } from './fuzz-receipts';
import { signedTargets } from './fuzz-signed';
import { createPlayIssuer, verdictPayload } from './play';
import { createScenario, SCENARIO_NOW_MS } from './scenario';

const scenario = createScenario();
const { context, key } = scenario;
const decode = (text: string) => Buffer.from(text, 'base64url');
const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

/** What is inside a byte string of an attestation object is often DER. */
function mutateInside(random: FuzzRandom, content: Buffer): Buffer {
  return content[0] === 0x30 ? mutateDer(random, content) : mutateBytes(random, content);
}

/** What an attestation object says, whatever the order of its members: the receipt aside, which nothing covers. */
function meaningOf(object: Buffer): string {
  const [root, end] = parseCbor(object) ?? [];
  if (root === undefined || end !== object.length) return 'unreadable';
  const meaning: Record<string, unknown> = {};
  const walk = (node: typeof root, prefix: string) => {
    for (let at = 0; at + 1 < node.children.length; at += 2) {
      const [name, value] = [node.children[at]?.content.toString(), node.children[at + 1]];
      if (value === undefined || name === 'receipt') continue;
      if (value.major === 5) walk(value, `${prefix}${name}.`);
      else
        meaning[`${prefix}${name}`] = [value.content, ...value.children.map(({ content }) => content)].map(
          encode,
        );
    }
  };
  walk(root, '');
  return JSON.stringify(Object.entries(meaning).toSorted());
}

function appleTargets(): FuzzTarget[] {
  const honest = scenario.appleEvidence();
  if (honest.format !== 'apple-app-attest') throw new TypeError('the scenario makes App Attest evidence');
  const object = decode(honest.attestationObject);
  const meaning = meaningOf(object);
  const appId = 'ABCDE12345.com.example.app';
  const assertion = scenario.ca.appAttest.assert({
    key,
    counter: 9,
    appId,
    clientData: context.clientDataBytes,
  });
  const asserted = meaningOf(assertion);
  return [
    {
      name: 'apple-attestation',
      what: 'an attestation object: CBOR, certificates, authenticator data',
      next: (random) => {
        const mutated = mutateCbor(random, object, mutateInside);
        const evidence: Evidence = { ...honest, attestationObject: encode(mutated) };
        return () => verifyEnrolment(evidence, context).ok && meaningOf(mutated) !== meaning;
      },
    },
    {
      name: 'apple-assertion',
      what: 'an assertion: CBOR, signature, authenticator data',
      next: (random) => {
        const mutated = mutateCbor(random, assertion, mutateInside);
        return () => {
          const { ok } = verifyAssertion('apple-app-attest', {
            assertion: mutated,
            publicKey: encode(key.spki),
            clientDataBytes: context.clientDataBytes,
            clientDataHash: context.clientDataHash,
            previousCounter: 0,
            appleAppIds: [appId],
          });
          return ok && meaningOf(mutated) !== asserted;
        };
      },
    },
  ];
}

/** A chain with one certificate mutated, or certificates moved, doubled or left out. */
function mutateChain(
  random: FuzzRandom,
  chain: readonly string[],
  mutators: readonly ReturnType<typeof derMutator>[],
): string[] {
  const mutated = [...chain];
  const index = random.below(mutated.length);
  const mutate = mutators[index];
  switch (random.below(8)) {
    case 0:
      mutated.splice(index, 1);
      return mutated;
    case 1:
      mutated.splice(random.below(mutated.length + 1), 0, mutated[index] ?? '');
      return mutated;
    case 2:
      mutated.splice(random.below(mutated.length), 0, ...mutated.splice(index, 1));
      return mutated;
    default:
      if (mutate !== undefined) mutated[index] = encode(mutate(random));
      return mutated;
  }
}

/** Whether a chain that was accepted is another one than the honest: one that ends before the root, say, is the same. */
function isOtherChain(mutated: readonly string[], honest: readonly string[]): boolean {
  return (
    mutated.length > honest.length || mutated.some((certificate, index) => certificate !== honest[index])
  );
}

function chainTarget(name: string, honest: Evidence): FuzzTarget {
  if (honest.format === 'apple-app-attest')
    throw new TypeError('App Attest evidence has no chain of its own');
  const mutators = honest.certificateChain.map((text) => derMutator(decode(text)));
  return {
    name,
    what: 'a certificate chain: its order, and its certificates element by element',
    next: (random) => {
      const certificateChain = mutateChain(random, honest.certificateChain, mutators);
      const evidence: Evidence = { ...honest, certificateChain };
      return () =>
        verifyEnrolment(evidence, context).ok && isOtherChain(certificateChain, honest.certificateChain);
    },
  };
}

/** The attested facts by themselves, where the chain around them cannot hide a fault of their reader. */
function keyDescriptionTarget(): FuzzTarget {
  const evidence = scenario.androidEvidence();
  const [der = ''] = evidence.format === 'android-key-attestation' ? evidence.certificateChain : [];
  const leaf = parseCertificate(decode(der));
  const extension = leaf?.extensions.get(KEY_DESCRIPTION_EXTENSION);
  if (leaf === undefined || extension === undefined) throw new TypeError('the scenario describes its key');
  const mutate = derMutator(extension.value);
  return {
    name: 'key-description',
    what: 'the attested facts (KeyDescription), element by element; it has nothing to accept here',
    next: (random) => {
      const value = mutate(random);
      const mutated = {
        ...leaf,
        extensions: new Map([[KEY_DESCRIPTION_EXTENSION, { ...extension, value }]]),
      };
      return () => {
        readKeyDescription(mutated);
        return false;
      };
    },
  };
}

function keyTargets(): FuzzTarget[] {
  const signature = signClientData(key, context.clientDataBytes);
  const mutateSignature = derMutator(signature);
  return [
    chainTarget('android-attestation', scenario.androidEvidence()),
    keyDescriptionTarget(),
    chainTarget('dev-attestation', scenario.devEvidence()),
    {
      name: 'key-assertion',
      what: 'an ECDSA signature in DER',
      next: (random) => {
        const mutated = mutateSignature(random);
        return () => scenario.keyAssertion(mutated).ok && !mutated.equals(signature);
      },
    },
  ];
}

const HASH = sha256('client data');
const PACKAGE = 'com.example.app';
const DIGEST = 'ab'.repeat(32);
const PLAY: IntegrityContext = {
  nowMs: SCENARIO_NOW_MS,
  request: 'classic',
  clientDataHash: HASH,
  apps: playApps([{ packageName: PACKAGE, signerDigests: [DIGEST] }]),
  testingAllowed: false,
  ...PLAY_DEFAULTS,
};

/** What an accepted payload must say whatever else it says, by a reading of its own. */
function isBoundTo(payload: unknown): boolean {
  const { requestDetails, appIntegrity, testingDetails } = payload as Record<string, Record<string, unknown>>;
  const digests = appIntegrity?.certificateSha256Digest;
  const digest = Buffer.from(DIGEST, 'hex').toString('base64url');
  const saysApp = appIntegrity?.packageName !== undefined || digests !== undefined;
  return (
    requestDetails?.requestPackageName === PACKAGE &&
    String(requestDetails.nonce).replace(/=+$/, '') === HASH.toString('base64url') &&
    Math.abs(SCENARIO_NOW_MS - Number(requestDetails.timestampMillis)) <= 600_000 &&
    testingDetails?.isTestingResponse !== true &&
    (!saysApp ||
      (appIntegrity?.packageName === PACKAGE &&
        Array.isArray(digests) &&
        digests.some((one) => one === digest || one === `${digest}=`)))
  );
}

function playTargets(): FuzzTarget[] {
  const issuer = createPlayIssuer();
  const read = readPlayKeys(issuer.keys);
  if (!read.ok) throw new TypeError('the issuer has keys');
  const payload = verdictPayload({
    packageName: PACKAGE,
    signerDigest: DIGEST,
    versionCode: 7,
    clientDataHash: HASH,
    nowMs: SCENARIO_NOW_MS - 5_000,
  });
  const token = issuer.token(payload);
  const signed = issuer.sign(payload);
  return [
    {
      name: 'play-token',
      what: 'an encrypted token: its parts and headers (JWE)',
      next: (random) => {
        const mutated = mutateJose(random, token);
        return () => verifyPlayToken(mutated, read.keys, PLAY).ok && mutated !== token;
      },
    },
    {
      name: 'play-signed',
      what: 'the signed content (JWS), encrypted again as the app’s owner could',
      next: (random) => {
        const content = mutateJose(random, signed);
        const mutated = issuer.token({}, { content: Buffer.from(content) });
        return () => verifyPlayToken(mutated, read.keys, PLAY).ok && content !== signed;
      },
    },
    {
      name: 'play-payload',
      what: 'the verdict, as if Google had signed it: accepted only where it is bound to the same request and app',
      next: (random) => {
        const mutated = mutateJson(random, payload);
        return () => verifyDecodedVerdict(mutated, PLAY).ok && !isBoundTo(mutated);
      },
    },
  ];
}

const STATUS_LIST = {
  entries: {
    '6681152659205225093': { status: 'REVOKED', reason: 'KEY_COMPROMISE' },
    c35747a084470c3135aeefe2b8d40cd6: { status: 'SUSPENDED', reason: 'SOFTWARE_FLAW', expires: '2027-01-01' },
  },
};

function documentTargets(): FuzzTarget[] {
  const files = {
    case: 'x',
    kind: 'android-key-attestation',
    vector: 'x.pem',
    inputs: { challengeBase64: 'AAAA', packageName: 'x', verificationTime: '2026-06-15T12:00:00.000Z' },
  };
  return [
    {
      name: 'status-list',
      what: 'Google’s status list as JSON',
      next: (random) => {
        const text = Buffer.from(JSON.stringify(mutateJson(random, STATUS_LIST)) ?? '');
        const bytes = random.oneIn(4) ? mutateBytes(random, text) : text;
        return () => {
          parseRevocationList(bytes, 0);
          return false;
        };
      },
    },
    {
      name: 'case-file',
      what: 'a case file',
      next: (random) => {
        const json = mutateJson(random, files);
        return () => {
          const parsed = parseCase(json);
          return parsed.ok && parsed.run(new Map()).ok;
        };
      },
    },
  ];
}

/** Certificates and CBOR items that are valid, to begin from. */
export function validEncodings(): { certificates: Buffer[]; items: Buffer[] } {
  const chains = [scenario.androidEvidence(), scenario.devEvidence()].flatMap((evidence) =>
    evidence.format === 'apple-app-attest' ? [] : evidence.certificateChain.map(decode),
  );
  const object = scenario.appleEvidence();
  return {
    certificates: chains,
    items: object.format === 'apple-app-attest' ? [decode(object.attestationObject)] : [],
  };
}

/** Every parser and verifier of evidence. */
export function evidenceTargets(): FuzzTarget[] {
  return [
    ...appleTargets(),
    ...receiptTargets(scenario),
    ...keyTargets(),
    ...signedTargets(scenario),
    ...playTargets(),
    ...documentTargets(),
  ];
}
