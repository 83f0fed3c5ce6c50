import { generateKeyPairSync } from 'node:crypto';
import { encode } from 'cborg';
import { describe, expect, it } from 'vitest';
import { decodeCbor } from '@/lib/crypto';
import { findRevocation, verifyAppAttestAssertion } from './index';
import { createDeviceKey } from './testing';
import { derName, issueCertificate, spkiOf } from './testing/issue-certificate';
import { createScenario, SCENARIO_NOW_MS } from './testing/scenario';
import { readVectors, runVector } from './testing/vectors';

const scenario = createScenario();
const { context, key } = scenario;
const DAY_MS = 24 * 60 * 60 * 1000;

/** A chain extended by an attested key: its owner signs a leaf of their own with it. */
function extendedByAttestedKey(withFakeExtension: boolean) {
  const evidence = scenario.androidEvidence();
  if (evidence.format !== 'android-key-attestation') throw new TypeError('not an Android chain');
  const attested = {
    name: derName([['CN', 'Android Keystore Key']]),
    privateKey: key.privateKey,
    chain: [],
  };
  const fake = createDeviceKey();
  const leaf = issueCertificate({
    issuer: attested,
    subject: derName([['CN', 'Android Keystore Key']]),
    spki: fake.spki,
    serial: 2,
    notBeforeMs: SCENARIO_NOW_MS - DAY_MS,
    notAfterMs: SCENARIO_NOW_MS + DAY_MS,
    isCa: false,
    extensions: withFakeExtension
      ? [{ oid: '1.3.6.1.4.1.11129.2.1.17', value: Buffer.from([0x30, 0x00]) }]
      : [],
  });
  return { ...evidence, certificateChain: [leaf.toString('base64url'), ...evidence.certificateChain] };
}

describe('bugs that other verifiers had', () => {
  it('a key description is not taken from the nearest certificate that has one', () => {
    for (const withFake of [true, false])
      expect(scenario.android({ edit: () => extendedByAttestedKey(withFake) })).toMatchObject({
        ok: false,
        code: 'evidence_extension_misplaced',
      });
  });

  it('the nonce is checked even where everything else fits', () => {
    const verification = scenario.apple({ context: { clientDataHash: Buffer.alloc(32, 1) } });
    expect(verification).toMatchObject({ ok: false, code: 'evidence_nonce_mismatch' });
  });

  it('duplicate authenticator data is refused, whichever of the two comes first', () => {
    const evidence = scenario.appleEvidence();
    if (evidence.format !== 'apple-app-attest') throw new TypeError('not App Attest');
    const object = Buffer.from(evidence.attestationObject, 'base64url');
    const decoy = Buffer.concat([encode('authData'), encode(Buffer.alloc(37))]);
    // A map of three members becomes one of four; the decoy is put first or last.
    const four = Buffer.from([0xa4]);
    for (const doubled of [
      Buffer.concat([four, decoy, object.subarray(1)]),
      Buffer.concat([four, object.subarray(1), decoy]),
    ]) {
      expect(decodeCbor(doubled)).toBeUndefined();
      const edit = () => ({ ...evidence, attestationObject: doubled.toString('base64url') });
      expect(scenario.apple({ edit })).toMatchObject({ ok: false, code: 'evidence_malformed' });
    }
  });

  it('a package name proves nothing without its signer', () => {
    const verification = scenario.android({ evidence: { signerDigests: [] } });
    expect(verification).toMatchObject({ ok: false, code: 'evidence_app_mismatch' });
  });

  it('the flags of authenticator data decide nothing: real assertions claim data that they lack', () => {
    const vectors = readVectors('ios/assertion');
    expect(vectors.length).toBeGreaterThan(0);
    for (const vector of vectors) {
      expect(vector.expected).toMatchObject({ flags: '0x40', authenticatorDataLength: 37 });
      expect(runVector(vector)).toMatchObject({ ok: true, verification: { ok: true } });
    }
  });

  it('serials are found in hexadecimal and in decimal, padded or not', () => {
    const entry = { status: 'REVOKED', reason: null };
    const listed = (serial: string) => findRevocation(new Map([[serial, entry]]), '0a1b2c3d4e5f6071');
    expect(listed('a1b2c3d4e5f6071')).toBe(entry);
    expect(listed('0A1B2C3D4E5F6071')).toBe(entry);
    expect(listed(BigInt('0xa1b2c3d4e5f6071').toString())).toBe(entry);
    expect(listed('a1b2c3d4e5f6072')).toBeUndefined();
  });

  it('a malleated signature verifies, so that only the counter stops a replay', () => {
    const [malleated] = readVectors('ios/negative').filter(({ case: name }) =>
      name.endsWith('asr-malleated-s'),
    );
    expect(malleated && runVector(malleated)).toMatchObject({ verification: { ok: true } });
    const replayed = malleated && {
      ...malleated,
      inputs: { ...malleated.inputs, previousCounter: 1 },
    };
    expect(replayed && runVector(replayed)).toMatchObject({
      verification: { ok: false, code: 'assertion_counter_not_rising' },
    });
  });

  it('expired leaves are refused by the given clock, not by the system clock', () => {
    const vectors = readVectors('ios/attestation');
    for (const vector of vectors) {
      const today = { ...vector, inputs: { ...vector.inputs, verificationTime: '2026-11-22T00:00:00.000Z' } };
      expect(runVector(today)).toMatchObject({ verification: { code: 'evidence_certificate_expired' } });
    }
  });

  it('a development attestation never passes for production', () => {
    const development = readVectors('ios/attestation').filter(
      ({ inputs }) => inputs.environment === 'development',
    );
    expect(development.length).toBeGreaterThan(0);
    for (const vector of development) {
      const inProduction = { ...vector, inputs: { ...vector.inputs, environment: 'production' } };
      expect(runVector(inProduction)).toMatchObject({
        verification: { code: 'evidence_environment_mismatch' },
      });
    }
  });

  it('an enrolled key on another curve cannot assert', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const verification = verifyAppAttestAssertion({
      assertion: scenario.ca.appAttest.assert({
        key: { ...key, privateKey },
        counter: 1,
        appId: 'ABCDE12345.com.example.app',
        clientData: context.clientDataBytes,
      }),
      publicKey: spkiOf(privateKey).toString('base64url'),
      clientDataBytes: context.clientDataBytes,
      clientDataHash: context.clientDataHash,
      previousCounter: 0,
      appleAppIds: ['ABCDE12345.com.example.app'],
    });
    expect(verification).toMatchObject({ ok: false, code: 'evidence_key_unsupported' });
  });

  it("Google's subject name on another key is not Google's root", () => {
    const [spoof] = readVectors('android/negative').filter(({ case: name }) =>
      name.endsWith('root-name-spoof-google'),
    );
    const withBuiltInRoots = spoof && { ...spoof, inputs: { ...spoof.inputs, trustAnchors: undefined } };
    expect(withBuiltInRoots && runVector(withBuiltInRoots)).toMatchObject({
      verification: { code: 'evidence_chain_bad_signature' },
    });
  });
});
