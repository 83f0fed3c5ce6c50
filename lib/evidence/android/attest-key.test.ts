import { describe, expect, it } from 'vitest';
import { sha256 } from '@/lib/core';
import { readPemCertificates, verifyEnrolment } from '../index';
import { createDeviceKey, type DeviceKey } from '../testing';
import { type AndroidAttestOptions, makeKeyAttestation } from '../testing/android';
import { derName, type Issuer } from '../testing/issue-certificate';
import { createScenario, SCENARIO_NOW_MS } from '../testing/scenario';

const scenario = createScenario();
const [root = new Uint8Array()] = readPemCertificates(scenario.ca.anchor.certificatePem) ?? [];

const HONEST = {
  challenge: scenario.context.clientDataHash,
  packages: [{ name: 'com.example.app', versionCode: 7 }],
  signerDigests: ['ab'.repeat(32)],
  nowMs: SCENARIO_NOW_MS,
} as const;

/** Verifies a key that was attested by another of the app's keys, which the hardware had attested like this. */
function verifyUnder(attesting: Partial<AndroidAttestOptions>, attested: Partial<AndroidAttestOptions> = {}) {
  const attestKey = createDeviceKey();
  const above = scenario.ca.android.attest({
    ...HONEST,
    challenge: Buffer.from('of the attest key'),
    purposes: [7],
    certificatesIssued: 8,
    ...attesting,
    key: attestKey,
  });
  if (above.format !== 'android-key-attestation') throw new TypeError('no chain');
  const chain = above.certificateChain.slice(0, -1).map((text) => Buffer.from(text, 'base64url'));
  const issuer: Issuer = {
    name: derName([['CN', 'Android Keystore Key']]),
    privateKey: attestKey.privateKey,
    chain,
  };
  const evidence = makeKeyAttestation(issuer, Buffer.from(root), {
    ...HONEST,
    ...attested,
    key: scenario.key,
  });
  return verifyEnrolment(evidence, scenario.context);
}

/** A chain that begins with one more key, attested by the first of another. */
function underKey(
  issuerKey: DeviceKey | undefined,
  above: readonly string[],
  options: Pick<AndroidAttestOptions, 'key' | 'purposes'>,
  name: Buffer,
): string[] {
  if (issuerKey === undefined) throw new TypeError('no issuer');
  const chain = above.slice(0, -1).map((text) => Buffer.from(text, 'base64url'));
  const issuer = { name, privateKey: issuerKey.privateKey, chain };
  return makeKeyAttestation(issuer, Buffer.from(root), { ...HONEST, ...options }).certificateChain;
}

describe('a key that was attested by another key of the app', () => {
  it.each(['remote', 'factory'] as const)(
    'is as good as one that the hardware attested: %s',
    (provisioning) => {
      const verification = verifyUnder({ provisioning });
      expect(verification).toMatchObject({
        ok: true,
        claims: {
          provisioning,
          securityLevel: 'tee',
          certificatesIssued: provisioning === 'remote' ? 8 : null,
          publicKey: scenario.key.spki.toString('base64url'),
        },
      });
    },
  );

  it.each([
    ['may sign as well', { purposes: [2, 7] }, 'may do more'],
    ['may only sign', { purposes: [2] }, 'may do more'],
    ['was imported', { origin: 'imported' }, 'may do more'],
    ['may be used by all apps', { allApplications: true }, 'may do more'],
    ['is of a weaker level', { level: 'software' }, 'another security level'],
    ['is of a stronger level', { level: 'strongbox' }, 'another security level'],
    ['is of another level than its own attestation', { keyMintLevel: 'software' }, 'another security level'],
    ['booted otherwise', { bootState: 'unverified' }, 'another root of trust'],
    ['was unlocked', { deviceLocked: false }, 'another root of trust'],
    ['has another boot key', { bootKey: sha256('another') }, 'another root of trust'],
    ['has no root of trust', { rootOfTrust: false }, 'another root of trust'],
    ['belongs to another app', { packages: [{ name: 'com.evil', versionCode: 1 }] }, 'another app'],
    ['has a statement that cannot be read', { extensionCritical: true }, 'cannot be read'],
  ] as const)('is refused where that one %s', (_what, attesting, why) => {
    const verification = verifyUnder(attesting);
    expect(verification).toMatchObject({ ok: false, code: 'evidence_extension_misplaced' });
    expect(verification.checks.at(-1)?.detail).toContain(why);
  });

  it('is refused where both are of software, or lack a root of trust', () => {
    expect(verifyUnder({ level: 'software' }, { level: 'software' })).toMatchObject({ ok: false });
    expect(verifyUnder({ rootOfTrust: false }, { rootOfTrust: false })).toMatchObject({ ok: false });
  });

  it('is refused where that one was in turn attested by another', () => {
    const keys = [createDeviceKey(), createDeviceKey()];
    const name = derName([['CN', 'Android Keystore Key']]);
    const chain = keys.reduce<string[] | undefined>((above, key) => {
      if (above === undefined) {
        const first = scenario.ca.android.attest({ ...HONEST, purposes: [7], key });
        return first.format === 'android-key-attestation' ? first.certificateChain : undefined;
      }
      return underKey(keys[0], above, { purposes: [7], key }, name);
    }, undefined);
    const certificateChain = underKey(keys[1], chain ?? [], { key: scenario.key }, name);
    expect(
      verifyEnrolment({ format: 'android-key-attestation', certificateChain }, scenario.context),
    ).toMatchObject({ ok: false, code: 'evidence_extension_misplaced' });
  });

  it('must itself be fit to assert, and the challenge is its own', () => {
    expect(verifyUnder({}, { purposes: [7] })).toMatchObject({ code: 'evidence_key_purpose' });
    expect(verifyUnder({}, { challenge: Buffer.from('another') })).toMatchObject({
      code: 'evidence_challenge_mismatch',
    });
  });
});
