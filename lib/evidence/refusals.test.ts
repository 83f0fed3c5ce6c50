import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EVIDENCE_CODES, type Evidence, type Verification } from '@/lib/contracts';
import { toBase64Url } from '@/lib/core';
import { DEV_CLAIMS_EXTENSION, verifyAssertion, verifyEnrolment } from './index';
import { createDeviceKey, createTestCa, signClientData } from './testing';
import { createIssuerKey, derName, spkiOf } from './testing/issue-certificate';
import { type RefusalRow, receiptRefusals } from './testing/receipt-refusals';
import { createScenario, SCENARIO_NOW_MS } from './testing/scenario';
import { readVectors, runVector } from './testing/vectors';

const scenario = createScenario();
const { context, key, ca } = scenario;
const DAY_MS = 24 * 60 * 60 * 1000;
const OTHER_BYTES = Buffer.from('other client data');
const NO_ANCHORS = { apple: [], appleReceipts: [], android: [], dev: [] };
const CA_NAME = derName([
  ['O', 'Countersign test'],
  ['CN', 'countersign-test-ca'],
]);

type Row = RefusalRow;

/** Edits the certificates of evidence that carries a chain. */
function withChain(edit: (chain: string[]) => string[]): (evidence: Evidence) => Evidence {
  return (evidence) =>
    evidence.format === 'apple-app-attest'
      ? evidence
      : { ...evidence, certificateChain: edit(evidence.certificateChain) };
}

/** Edits App Attest evidence. */
function withApple(edit: Partial<Extract<Evidence, { format: 'apple-app-attest' }>>) {
  return (evidence: Evidence): Evidence =>
    evidence.format === 'apple-app-attest' ? { ...evidence, ...edit } : evidence;
}

/** A certificate of the scenario's CA, as base64url. */
function certificate(options: {
  oid?: string;
  critical?: boolean;
  isCa?: boolean;
  subject?: Buffer;
  spki?: Buffer;
}) {
  const { oid, critical = false } = options;
  return toBase64Url(
    ca.issue({
      subject: options.subject ?? derName([['CN', 'odd one']]),
      spki: options.spki ?? key.spki,
      serial: 77,
      notBeforeMs: SCENARIO_NOW_MS - DAY_MS,
      notAfterMs: SCENARIO_NOW_MS + DAY_MS,
      isCa: options.isCa ?? false,
      extensions: oid === undefined ? [] : [{ oid, critical, value: Buffer.from([5, 0]) }],
    }),
  );
}

function verifyVector(name: string): Verification {
  const [vector] = readVectors(name.slice(0, name.lastIndexOf('/'))).filter((item) => item.case === name);
  const outcome = vector === undefined ? undefined : runVector(vector);
  if (outcome?.ok !== true || !('verification' in outcome)) throw new Error(`no such vector: ${name}`);
  return outcome.verification;
}

const p384Spki = () => spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey);
const rsaSpki = () =>
  toBase64Url(
    generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'der', type: 'spki' }),
  );

const anyFormat: Row[] = [
  [
    'evidence_format_unknown',
    'an enrolment format that is not in the table',
    // Callers without types may pass anything, even names of inherited members.
    () => verifyEnrolment(JSON.parse('{"format":"toString"}'), context),
  ],
  [
    'evidence_format_unknown',
    'an assertion format that is not in the table',
    () => verifyAssertion(JSON.parse('"fido"'), JSON.parse('{}')),
  ],
  [
    'evidence_anchors_empty',
    'App Attest without anchors',
    () => scenario.apple({ context: { anchors: NO_ANCHORS } }),
  ],
  [
    'evidence_anchors_empty',
    'Android without anchors',
    () => scenario.android({ context: { anchors: NO_ANCHORS } }),
  ],
  ['evidence_anchors_empty', 'dev without anchors', () => scenario.dev({ context: { anchors: NO_ANCHORS } })],
  [
    'evidence_malformed',
    'a member that is not canonical base64url',
    () => scenario.android({ edit: withChain((chain) => [...chain, 'A']) }),
  ],
];

const apple: Row[] = [
  [
    'evidence_malformed',
    'an attestation object that is no CBOR',
    () => scenario.apple({ edit: withApple({ attestationObject: 'AAAA' }) }),
  ],
  [
    'evidence_too_large',
    'an attestation object over 16 KiB',
    () =>
      scenario.apple({ edit: withApple({ attestationObject: toBase64Url(Buffer.alloc(16 * 1024 + 1)) }) }),
  ],
  [
    'evidence_chain_untrusted',
    'a chain of another CA',
    () =>
      scenario.apple({
        edit: () =>
          createTestCa(SCENARIO_NOW_MS, 'stranger').appAttest.attest({
            teamId: 'ABCDE12345',
            bundleId: 'com.example.app',
            environment: 'production',
            clientDataHash: context.clientDataHash,
            key,
            nowMs: SCENARIO_NOW_MS,
          }),
      }),
  ],
  [
    'evidence_chain_bad_signature',
    'a chain of another CA with the same name',
    () =>
      scenario.apple({
        edit: () =>
          createTestCa(SCENARIO_NOW_MS).appAttest.attest({
            teamId: 'ABCDE12345',
            bundleId: 'com.example.app',
            environment: 'production',
            clientDataHash: context.clientDataHash,
            key,
            nowMs: SCENARIO_NOW_MS,
          }),
      }),
  ],
  [
    'evidence_certificate_expired',
    'an expired leaf',
    () => scenario.apple({ context: { nowMs: SCENARIO_NOW_MS + 301 * DAY_MS } }),
  ],
  [
    'evidence_certificate_not_yet_valid',
    'a leaf from the future',
    () => scenario.apple({ context: { nowMs: SCENARIO_NOW_MS - 2 * DAY_MS } }),
  ],
  [
    'evidence_nonce_mismatch',
    'evidence over other client data',
    () => scenario.apple({ evidence: { clientDataHash: OTHER_BYTES } }),
  ],
  [
    'evidence_key_id_mismatch',
    'a key id of another key',
    () => scenario.apple({ edit: withApple({ keyId: toBase64Url(createDeviceKey().appleKeyId) }) }),
  ],
  [
    'evidence_key_mismatch',
    'a credential key that is not the certified one',
    () => scenario.apple({ evidence: { credentialKey: createDeviceKey() } }),
  ],
  [
    'evidence_extension_missing',
    'a leaf without a nonce',
    () => scenario.apple({ evidence: { nonceValue: null } }),
  ],
  [
    'evidence_extension_malformed',
    'a nonce that is not where it belongs',
    () => scenario.apple({ evidence: { nonceValue: Buffer.alloc(38) } }),
  ],
  [
    'evidence_key_unsupported',
    'a leaf whose key is on another curve',
    () =>
      scenario.apple({
        evidence: { leafSpki: p384Spki() },
      }),
  ],
  [
    'evidence_extension_unknown_critical',
    'a leaf with a critical extension that nobody here knows',
    () =>
      scenario.apple({
        evidence: { leafExtensions: [{ oid: '1.2.3.4', critical: true, value: Buffer.alloc(2) }] },
      }),
  ],
  [
    'evidence_chain_issuer_not_ca',
    'an intermediate that is no certificate authority',
    () => scenario.apple({ evidence: { intermediateIsCa: false } }),
  ],
  ['evidence_app_mismatch', 'another bundle', () => scenario.apple({ evidence: { bundleId: 'com.evil' } })],
  ['evidence_counter_not_zero', 'a used key', () => scenario.apple({ evidence: { counter: 1 } })],
  [
    'evidence_environment_mismatch',
    "Apple's development environment where it is not allowed",
    () => scenario.apple({ evidence: { environment: 'development' } }),
  ],
];

const android: Row[] = [
  [
    'evidence_chain_length',
    'a lone leaf',
    () => scenario.android({ edit: withChain((chain) => chain.slice(0, 1)) }),
  ],
  [
    'evidence_chain_length',
    'more certificates than any device sends',
    () => scenario.android({ edit: withChain((chain) => Array(11).fill(chain[0])) }),
  ],
  [
    'evidence_too_large',
    'a certificate over 16 KiB',
    () => scenario.android({ edit: withChain((chain) => [...chain, toBase64Url(Buffer.alloc(16_385))]) }),
  ],
  [
    'evidence_chain_malformed',
    'a certificate with trailing bytes',
    () => scenario.android({ edit: withChain(([leaf = '', ...rest]) => [`${leaf}AAAA`, ...rest]) }),
  ],
  [
    'evidence_chain_malformed',
    'a root that appears twice',
    () => scenario.android({ edit: withChain((chain) => [...chain, ...chain.slice(-1)]) }),
  ],
  [
    'evidence_chain_issuer_mismatch',
    'a certificate after the root',
    () => scenario.android({ edit: withChain((chain) => [...chain, ...chain.slice(-2, -1)]) }),
  ],
  [
    'evidence_chain_software_root',
    "a chain under AOSP's software root",
    () => verifyVector('android/chains/multipaz-emulator-pixel3a-software'),
  ],
  [
    'evidence_chain_issuer_mismatch',
    'a chain out of order',
    () =>
      scenario.android({
        edit: withChain(([leaf = '', first = '', second = '', ...rest]) => [leaf, second, first, ...rest]),
      }),
  ],
  [
    'evidence_chain_issuer_not_ca',
    'an intermediate that is no certificate authority',
    () =>
      scenario.android({
        edit: withChain(() => [
          certificate({ subject: derName([['CN', 'leaf']]) }),
          certificate({ subject: CA_NAME, isCa: true }),
          certificate({ subject: CA_NAME }),
        ]),
      }),
  ],
  [
    'evidence_extension_unknown_critical',
    'a critical extension that nobody here knows',
    () =>
      scenario.android({
        edit: withChain((chain) => [certificate({ oid: '1.2.3.4', critical: true }), ...chain.slice(-1)]),
      }),
  ],
  [
    'evidence_extension_missing',
    'a leaf without key attestation',
    () => scenario.android({ edit: withChain((chain) => [certificate({}), ...chain.slice(-1)]) }),
  ],
  [
    'evidence_extension_malformed',
    'a key attestation that is not a KeyDescription',
    () =>
      scenario.android({
        edit: withChain((chain) => [certificate({ oid: '1.3.6.1.4.1.11129.2.1.17' }), ...chain.slice(-1)]),
      }),
  ],
  [
    'evidence_extension_misplaced',
    'key attestation below the leaf',
    () => scenario.android({ edit: withChain((chain) => [certificate({ isCa: true }), ...chain]) }),
  ],
  [
    'evidence_certificate_revoked',
    'a leaf whose serial is listed',
    () =>
      scenario.android({
        context: {
          revocation: {
            entries: new Map([['01', { status: 'SUSPENDED', reason: null }]]),
            fetchedAt: SCENARIO_NOW_MS,
          },
        },
      }),
  ],
  ['evidence_revocation_unavailable', 'no list', () => scenario.android({ context: { revocation: null } })],
  [
    'evidence_revocation_unavailable',
    'an outdated list',
    () => scenario.android({ context: { revocation: { entries: new Map(), fetchedAt: 0 } } }),
  ],
  [
    'evidence_challenge_mismatch',
    'another challenge',
    () => scenario.android({ evidence: { challenge: OTHER_BYTES } }),
  ],
  [
    'evidence_challenge_mismatch',
    'an empty challenge where nothing is expected',
    () =>
      scenario.android({
        evidence: { challenge: Buffer.alloc(0) },
        context: { clientDataHash: Buffer.alloc(0) },
      }),
  ],
  [
    'evidence_security_level_inconsistent',
    'a software key with a hardware attestation',
    () => scenario.android({ evidence: { level: 'tee', keyMintLevel: 'software' } }),
  ],
  [
    'evidence_key_not_generated',
    'an imported key',
    () => scenario.android({ evidence: { origin: 'imported' } }),
  ],
  [
    'evidence_root_of_trust_missing',
    'no boot state',
    () => scenario.android({ evidence: { rootOfTrust: false } }),
  ],
  [
    'evidence_key_purpose',
    'a key that may not sign',
    () => scenario.android({ evidence: { purposes: [0, 1] } }),
  ],
  [
    'evidence_key_purpose',
    'a key that may attest',
    () => scenario.android({ evidence: { purposes: [2, 7] } }),
  ],
  [
    'evidence_key_mismatch',
    'an EC key described as RSA',
    () => scenario.android({ evidence: { algorithm: 1 } }),
  ],
  [
    'evidence_app_mismatch',
    'a registered package with other signers',
    () => scenario.android({ evidence: { signerDigests: ['cd'.repeat(32)] } }),
  ],
  [
    'evidence_app_mismatch',
    'one signer too many',
    () => scenario.android({ evidence: { signerDigests: ['ab'.repeat(32), 'cd'.repeat(32)] } }),
  ],
  [
    'evidence_app_mismatch',
    'an unknown package with the registered one',
    () =>
      scenario.android({
        evidence: {
          packages: [
            { name: 'com.example.app', versionCode: 7 },
            { name: 'com.evil', versionCode: 1 },
          ],
        },
      }),
  ],
  [
    'evidence_app_mismatch',
    'a key for all applications',
    () => scenario.android({ evidence: { allApplications: true } }),
  ],
  [
    'evidence_stale',
    'a statement of yesterday',
    () => scenario.android({ evidence: { creationMs: SCENARIO_NOW_MS - DAY_MS } }),
  ],
  [
    'evidence_stale',
    'a statement of tomorrow',
    () => scenario.android({ evidence: { creationMs: SCENARIO_NOW_MS + DAY_MS } }),
  ],
  [
    'evidence_key_unsupported',
    'an RSA key where it must assert',
    () => {
      const spki = spkiOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
      return scenario.android({ evidence: { key: { ...key, spki }, algorithm: 1 } });
    },
  ],
];

const dev: Row[] = [
  [
    'evidence_extension_malformed',
    'claims that are none',
    () => scenario.dev({ edit: withChain(() => [certificate({ oid: DEV_CLAIMS_EXTENSION })]) }),
  ],
  [
    'evidence_key_unsupported',
    'a leaf whose key is on another curve',
    () => scenario.dev({ edit: withChain(() => [certificate({ spki: p384Spki() })]) }),
  ],
  [
    'evidence_app_mismatch',
    'an app that is not registered',
    () => scenario.dev({ context: { reference: { ...context.reference, androidApps: [] } } }),
  ],
  [
    'evidence_extension_unknown_critical',
    'a critical extension that nobody here knows',
    () => scenario.dev({ edit: withChain(() => [certificate({ oid: '1.2.3.4', critical: true })]) }),
  ],
  [
    'evidence_chain_issuer_mismatch',
    'a certificate that did not issue the one before',
    () => scenario.dev({ edit: withChain((chain) => [...chain, certificate({ isCa: true })]) }),
  ],
  [
    'evidence_chain_issuer_not_ca',
    'an issuer that is no certificate authority',
    () => scenario.dev({ edit: withChain(() => [certificate({}), certificate({ subject: CA_NAME })]) }),
  ],
  [
    'evidence_environment_mismatch',
    'dev evidence where it is not allowed',
    () => scenario.dev({ context: { developmentAllowed: false } }),
  ],
  [
    'evidence_nonce_mismatch',
    'a signature over other client data',
    () => scenario.dev({ evidence: { clientData: OTHER_BYTES } }),
  ],
  [
    'evidence_extension_missing',
    'a leaf without claims',
    () => scenario.dev({ edit: withChain(() => [certificate({})]) }),
  ],
  [
    'evidence_certificate_expired',
    'an expired leaf',
    () => scenario.dev({ context: { nowMs: SCENARIO_NOW_MS + 31 * DAY_MS } }),
  ],
];

const assertions: Row[] = [
  [
    'assertion_malformed',
    'a cut App Attest assertion',
    () => scenario.appleAssertion({}, (made) => made.subarray(1)),
  ],
  ['assertion_malformed', 'an empty signature', () => scenario.keyAssertion(Buffer.alloc(0))],
  [
    'assertion_bad_signature',
    'another App Attest key',
    () => scenario.appleAssertion({ key: createDeviceKey() }),
  ],
  [
    'assertion_bad_signature',
    'another Android key',
    () => scenario.keyAssertion(signClientData(createDeviceKey(), context.clientDataBytes)),
  ],
  ['assertion_app_mismatch', 'another app', () => scenario.appleAssertion({ appId: 'ABCDE12345.com.evil' })],
  ['assertion_counter_not_rising', 'the stored counter', () => scenario.appleAssertion({ counter: 4 })],
  [
    'evidence_key_unsupported',
    'an enrolled key that is not on P-256',
    () => scenario.keyAssertion(signClientData(key, context.clientDataBytes), rsaSpki()),
  ],
];

const ROWS: Row[] = [...anyFormat, ...apple, ...android, ...dev, ...assertions, ...receiptRefusals(scenario)];

describe('honest evidence', () => {
  it.each([
    ['apple-app-attest', scenario.apple],
    ['android-key-attestation', scenario.android],
    ['dev', scenario.dev],
  ] as const)('of the scenario verifies: %s', (format, verify) => {
    expect(verify()).toMatchObject({ ok: true, claims: { format } });
  });

  it('of the scenario asserts', () => {
    expect(scenario.appleAssertion()).toMatchObject({ ok: true, claims: { counter: 5 } });
    expect(scenario.keyAssertion(signClientData(key, context.clientDataBytes))).toMatchObject({ ok: true });
  });
});

describe('refusals', () => {
  it.each(ROWS)('%s: %s', (code, _what, verify) => {
    const verification = verify();
    expect(verification).toMatchObject({ ok: false, code });
    expect(verification.checks.filter(({ outcome }) => outcome === 'fail')).toHaveLength(1);
  });

  it('have a row for every code of the contract; those of Play Integrity have theirs beside it', () => {
    const tested = new Set(ROWS.map(([code]) => code));
    const ours = EVIDENCE_CODES.filter((code) => !code.startsWith('integrity_'));
    expect(ours.filter((code) => !tested.has(code))).toEqual([]);
  });
});

it('a key that the platform cannot load is still attested where it need not assert', () => {
  const spki = spkiOf(createIssuerKey());
  // An algorithm identifier that nobody knows, as a post-quantum key is for this platform.
  spki[10] = 0x7f;
  const twist = { evidence: { key: { ...key, spki } } };
  expect(scenario.android(twist)).toMatchObject({ ok: false, code: 'evidence_key_unsupported' });
  expect(scenario.android({ ...twist, context: { assertingKeyRequired: false } })).toMatchObject({
    ok: true,
  });
});
