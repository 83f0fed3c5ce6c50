import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { EvidenceCode } from '@/lib/contracts';
import { BUILT_IN_ANCHORS, verifyAppAttestAttestation, verifyReceipt } from '../index';
import { readVectorFile, readVectors } from '../testing/vectors';
import { isSignedData } from './receipt';

const inputsSchema = z.object({
  teamId: z.string(),
  bundleId: z.string(),
  attestedPublicKeySpkiPem: z.string().optional(),
  verificationTime: z.iso.datetime().transform((text) => Date.parse(text)),
  maxAgeSeconds: z.number().optional(),
});

const claimsSchema = z.object({
  riskMetric: z.string().optional(),
  type: z.enum(['ATTEST', 'RECEIPT']),
  appId: z.string(),
  environment: z.enum(['production', 'sandbox']),
  creationTime: z.iso.datetime(),
  notBefore: z.iso.datetime().optional(),
  expirationTime: z.iso.datetime(),
});

/** A receipt's expectation, in our words. */
function claimsOf(expected: unknown) {
  const stated = claimsSchema.parse(expected);
  return {
    appId: stated.appId,
    type: stated.type === 'ATTEST' ? 'attestation' : 'renewal',
    environment: stated.environment === 'sandbox' ? 'development' : 'production',
    createdMs: Date.parse(stated.creationTime),
    attestedKeys: stated.riskMetric === undefined ? null : Number(stated.riskMetric),
    notBeforeMs: stated.notBefore === undefined ? null : Date.parse(stated.notBefore),
    expiresMs: Date.parse(stated.expirationTime),
    anchor: 'apple-root-g3',
  };
}

const REFUSALS: Readonly<Record<string, EvidenceCode>> = {
  'ios/negative/mikedan-signer-certificate': 'evidence_chain_bad_signature',
  'ios/negative/other-app': 'receipt_app_mismatch',
  'ios/negative/receipt-payload-tampered': 'receipt_bad_signature',
  'ios/negative/too-old': 'receipt_stale',
};

const RECEIPTS = ['ios/receipt', 'ios/negative']
  .flatMap(readVectors)
  .filter(({ kind }) => kind === 'apple-appattest/receipt');

describe('the vectors of receipts', () => {
  it('are all here', () => {
    expect(RECEIPTS).toHaveLength(19);
  });

  it.each(RECEIPTS.map((vector) => [vector.case, vector] as const))('give %s', (name, vector) => {
    const inputs = inputsSchema.parse(vector.inputs);
    const pem = inputs.attestedPublicKeySpkiPem?.replace(/-----[A-Z ]+-----|\s/g, '') ?? '';
    const verification = verifyReceipt(readVectorFile(vector.folder, vector.vector), {
      nowMs: inputs.verificationTime,
      anchors: BUILT_IN_ANCHORS.appleReceipts,
      appIds: [`${inputs.teamId}.${inputs.bundleId}`],
      environments: ['production', 'development'],
      publicKey: Buffer.from(pem, 'base64'),
      type: null,
      clientDataHash: null,
      maxAgeSeconds: inputs.maxAgeSeconds ?? null,
    });
    if (vector.expected.result === 'accept')
      expect(verification).toMatchObject({ ok: true, claims: claimsOf(vector.expected) });
    else expect(verification).toMatchObject({ ok: false, code: REFUSALS[name] });
  });
});

const attestationSchema = z.object({
  teamId: z.string(),
  bundleId: z.string(),
  environment: z.enum(['production', 'development']),
  keyIdBase64: z.string(),
  clientDataHashBase64: z.string(),
  verificationTime: z.iso.datetime().transform((text) => Date.parse(text)),
});

describe('receipts of real attestations', () => {
  it.each(readVectors('ios/attestation').map((vector) => [vector.case, vector] as const))(
    'are judged beside their attestation: %s',
    (_name, vector) => {
      const inputs = attestationSchema.parse(vector.inputs);
      const { teamId, bundleId, environment } = inputs;
      // Two captures state a time at which their attestation is valid and their receipt was not made yet.
      const created = z.object({ creationTime: z.iso.datetime() }).safeParse(vector.expected.receipt);
      const nowMs = created.success ? Date.parse(created.data.creationTime) : inputs.verificationTime;
      const verification = verifyAppAttestAttestation(
        {
          attestationObject: readVectorFile(vector.folder, vector.vector),
          keyId: Buffer.from(inputs.keyIdBase64, 'base64'),
        },
        {
          nowMs,
          clientDataHash: Buffer.from(inputs.clientDataHashBase64, 'base64'),
          clientDataBytes: new Uint8Array(),
          anchors: BUILT_IN_ANCHORS,
          reference: { appleApps: [{ teamId, bundleId }], appleEnvironments: [environment], androidApps: [] },
          revocation: null,
          revocationRequired: false,
          revocationMaxAgeSeconds: null,
          developmentAllowed: false,
          assertingKeyRequired: true,
          maxStatementAgeSeconds: null,
        },
      );
      if (!verification.ok) throw new Error(verification.code);
      const check = verification.checks.find(({ id }) => id === 'receipt');
      if (vector.expected.receiptResult !== 'accept') {
        expect([check?.outcome, verification.claims.receipt]).toEqual(['warn', null]);
        return;
      }
      expect(verification.claims.receipt?.claims).toEqual(claimsOf(vector.expected.receipt));
      expect(isSignedData(verification.claims.receipt?.bytes ?? new Uint8Array())).toBe(true);
    },
  );
});
