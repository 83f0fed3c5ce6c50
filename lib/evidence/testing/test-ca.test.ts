import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { anchorsWith, readPemCertificates, verifyEnrolment } from '../index';
import { createDeviceKey, createTestCa, exportDeviceKey, importDeviceKey, loadTestCa } from './index';
import { createScenario, SCENARIO_NOW_MS } from './scenario';

describe('the test CA', () => {
  it('survives being stored', () => {
    const scenario = createScenario();
    const stored = JSON.parse(JSON.stringify(scenario.ca));
    const evidence = loadTestCa(stored).dev.attest({
      key: scenario.key,
      clientData: scenario.context.clientDataBytes,
      nowMs: SCENARIO_NOW_MS,
      claims: {
        platform: 'ios',
        securityLevel: 'secure_enclave',
        appId: 'ABCDE12345.com.example.app',
        appVersion: null,
        signerDigests: [],
        osVersion: null,
        osPatchLevel: null,
        boot: null,
      },
    });
    expect(verifyEnrolment(evidence, scenario.context)).toMatchObject({
      ok: true,
      claims: { environment: 'development', platform: 'ios', anchor: 'countersign-test-ca' },
    });
  });

  it('is trusted only by those who register its anchor', () => {
    const scenario = createScenario();
    for (const verify of [scenario.apple, scenario.android])
      expect(verify({ context: { anchors: anchorsWith([]) } })).toMatchObject({
        code: 'evidence_chain_untrusted',
      });
  });

  it('issues certificates that other X.509 software reads', () => {
    const { ca, androidEvidence } = createScenario();
    const [der] = readPemCertificates(ca.anchor.certificatePem) ?? [];
    const root = new X509Certificate(Buffer.from(der ?? []));
    expect(root.ca).toBe(true);
    expect(root.verify(root.publicKey)).toBe(true);
    const evidence = androidEvidence();
    if (evidence.format !== 'android-key-attestation') throw new TypeError('not an Android chain');
    const chain = evidence.certificateChain.map(
      (text) => new X509Certificate(Buffer.from(text, 'base64url')),
    );
    expect(chain).toHaveLength(5);
    for (const [index, certificate] of chain.entries()) {
      const issuer = chain[index + 1] ?? root;
      expect(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)).toBe(true);
    }
  });

  it.each(['factory', 'remote'] as const)('makes %s provisioned chains that say so', (provisioning) => {
    const certificatesIssued = provisioning === 'remote' ? 32 : null;
    expect(createScenario().android({ evidence: { provisioning, certificatesIssued: 32 } })).toMatchObject({
      ok: true,
      claims: { provisioning, certificatesIssued, osPatchLevel: '2026-05', osVersion: '16' },
    });
  });

  it('makes rooted, software and StrongBox devices whose claims say so', () => {
    const { android } = createScenario();
    expect(android({ evidence: { level: 'software' } })).toMatchObject({
      claims: { securityLevel: 'software' },
    });
    expect(android({ evidence: { level: 'strongbox' } })).toMatchObject({
      claims: { securityLevel: 'strongbox' },
    });
    expect(android({ evidence: { deviceLocked: false, bootState: 'unverified' } })).toMatchObject({
      claims: { boot: { deviceLocked: false, state: 'unverified' } },
    });
  });

  it('refuses to load damage', () => {
    const stored = createTestCa(SCENARIO_NOW_MS).toJSON();
    expect(() => loadTestCa({ ...stored, certificatePem: 'none' })).toThrow(TypeError);
  });
});

it('device keys survive being stored', () => {
  const key = createDeviceKey();
  const again = importDeviceKey(exportDeviceKey(key));
  expect(again.spki).toEqual(key.spki);
  expect(again.appleKeyId).toEqual(key.appleKeyId);
});
