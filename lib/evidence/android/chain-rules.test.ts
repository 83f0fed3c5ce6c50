import { describe, expect, it } from 'vitest';
import type { Evidence } from '@/lib/contracts';
import { verifyEnrolment } from '../index';
import { makeKeyAttestation } from '../testing/android';
import {
  createIssuerKey,
  type DistinguishedName,
  derName,
  type Issuer,
  issueCertificate,
  spkiOf,
} from '../testing/issue-certificate';
import { createScenario, SCENARIO_NOW_MS } from '../testing/scenario';

const scenario = createScenario();
const { ca, context, key } = scenario;
const DAY_MS = 24 * 60 * 60 * 1000;

type IssuerSpec = readonly [name: DistinguishedName, isCa: boolean];

/** An issuer under `parent`, or under the root where there is none. */
function issuerUnder(parent: Issuer | undefined, [name, isCa]: IssuerSpec): Issuer {
  const privateKey = createIssuerKey();
  const subject = derName(name);
  const certificate = {
    subject,
    spki: spkiOf(privateKey),
    serial: 5,
    notBeforeMs: SCENARIO_NOW_MS - DAY_MS,
    notAfterMs: SCENARIO_NOW_MS + DAY_MS,
    isCa,
  };
  const der =
    parent === undefined ? ca.issue(certificate) : issueCertificate({ ...certificate, issuer: parent });
  return { name: subject, privateKey, chain: [der, ...(parent?.chain ?? [])] };
}

/** Otherwise honest evidence whose issuers are these, from the root downwards. */
function verifyUnder(...specs: readonly IssuerSpec[]) {
  const issuer = specs.reduce<Issuer | undefined>(issuerUnder, undefined);
  const honest: Evidence = scenario.androidEvidence();
  if (issuer === undefined || honest.format !== 'android-key-attestation') throw new TypeError('no chain');
  const root = Buffer.from(honest.certificateChain.at(-1) ?? '', 'base64url');
  const evidence = makeKeyAttestation(issuer, root, {
    key,
    challenge: context.clientDataHash,
    packages: [{ name: 'com.example.app', versionCode: 7 }],
    signerDigests: ['ab'.repeat(32)],
    nowMs: SCENARIO_NOW_MS,
  });
  return verifyEnrolment(evidence, context);
}

const factory = (serial: string): DistinguishedName => [
  ['title', 'TEE'],
  ['serialNumber', serial],
];
const remote = (name: string): DistinguishedName => [
  ['O', 'Google LLC'],
  ['CN', name],
];

describe('the pinned root', () => {
  it('is refused where another key signed it, whatever key it holds', () => {
    const honest = scenario.androidEvidence();
    if (honest.format !== 'android-key-attestation') throw new TypeError('no chain');
    const [anchor] = context.anchors.android.slice(-1);
    const name = Buffer.from(anchor?.subject ?? '');
    const forged = issueCertificate({
      issuer: { name, privateKey: createIssuerKey(), chain: [] },
      subject: name,
      spki: anchor?.spki ?? new Uint8Array(),
      serial: 1,
      notBeforeMs: SCENARIO_NOW_MS - DAY_MS,
      notAfterMs: SCENARIO_NOW_MS + DAY_MS,
      isCa: true,
    });
    const certificateChain = [...honest.certificateChain.slice(0, -1), forged.toString('base64url')];
    const verification = verifyEnrolment({ ...honest, certificateChain }, context);
    expect(verification).toMatchObject({ ok: false, code: 'evidence_chain_bad_signature' });
    expect(verification.checks.at(-1)?.id).toBe('chain_anchor');
  });
});

describe('patch levels', () => {
  it('that are no date, or of a far future, are a warning and no claim', () => {
    for (const osPatchLevel of [203_001, 202_613]) {
      const verification = scenario.android({ evidence: { osPatchLevel } });
      expect(verification).toMatchObject({ ok: true, claims: { osPatchLevel: null } });
      expect(verification.checks.find(({ id }) => id === 'patch_levels')?.outcome).toBe('warn');
    }
    const fine = scenario.android();
    expect(fine.checks.find(({ id }) => id === 'patch_levels')?.outcome).toBe('pass');
  });
});

describe('issuers that are no certificate authority', () => {
  it('are tolerated as the attestation certificate of a factory chain, with a warning', () => {
    const verification = verifyUnder([factory('01'), true], [factory('02'), false]);
    expect(verification).toMatchObject({ ok: true, claims: { provisioning: 'factory' } });
    expect(verification.checks.find(({ id }) => id === 'chain_issuers')?.outcome).toBe('warn');
  });

  // The root certifies more than key stores. A key that somebody else got certified must not issue key descriptions.
  it.each([
    ['in a remotely provisioned chain', [remote('Droid CA2'), true], [remote('Droid CA3'), false]],
    ['in a chain of unknown provisioning', [remote('Some CA'), true], [factory('02'), false]],
    ['above a tolerated attestation certificate', [factory('01'), false], [factory('02'), false]],
  ] as const)('are refused %s', (_where, upper, lower) => {
    expect(verifyUnder([upper[0], true], [lower[0], true])).toMatchObject({ ok: true });
    expect(verifyUnder(upper, lower)).toMatchObject({ ok: false, code: 'evidence_chain_issuer_not_ca' });
  });
});
