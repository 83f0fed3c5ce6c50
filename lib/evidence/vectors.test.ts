import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { EvidenceClaims, EvidenceCode, Verification } from '@/lib/contracts';
import { readVectors, runVector, type Vector } from './testing/vectors';

/** The code of every case that verification itself refuses. */
const REFUSALS: Readonly<Record<string, EvidenceCode>> = {
  'ios/negative/asr-counter-raised': 'assertion_bad_signature',
  'ios/negative/asr-extensions-appended': 'assertion_bad_signature',
  'ios/negative/asr-rpid-zero': 'assertion_bad_signature',
  'ios/negative/asr-short-authdata': 'assertion_malformed',
  'ios/negative/asr-sig-raw-p1363': 'assertion_bad_signature',
  'ios/negative/asr-signature-bitflip': 'assertion_bad_signature',
  'ios/negative/asr-trailing': 'assertion_malformed',
  'ios/negative/attp-attstmt-missing': 'evidence_malformed',
  'ios/negative/attp-authdata-aaguid-develop': 'evidence_nonce_mismatch',
  'ios/negative/attp-authdata-counter-1': 'evidence_nonce_mismatch',
  'ios/negative/attp-authdata-of-other-object': 'evidence_nonce_mismatch',
  'ios/negative/attp-authdata-text-string': 'evidence_malformed',
  'ios/negative/attp-authdata-trailing': 'evidence_malformed',
  'ios/negative/attp-cbor-null': 'evidence_malformed',
  'ios/negative/attp-duplicate-authdata-decoy-first': 'evidence_malformed',
  'ios/negative/attp-empty': 'evidence_malformed',
  'ios/negative/attp-indefinite-length-map': 'evidence_malformed',
  'ios/negative/attp-intermediate-bitflip': 'evidence_chain_bad_signature',
  'ios/negative/attp-leaf-bitflip': 'evidence_chain_bad_signature',
  'ios/negative/attp-leaf-of-other-object': 'evidence_certificate_expired',
  'ios/negative/attp-leaf-tbs-bitflip': 'evidence_chain_issuer_mismatch',
  'ios/negative/attp-leaf-trailing-garbage': 'evidence_chain_malformed',
  'ios/negative/attp-nonminimal-length': 'evidence_malformed',
  'ios/negative/attp-receipt-garbage': 'evidence_malformed',
  'ios/negative/attp-tagged-authdata': 'evidence_malformed',
  'ios/negative/attp-trailing-bytes': 'evidence_malformed',
  'ios/negative/attp-truncated': 'evidence_malformed',
  'ios/negative/attp-two-cbor-items': 'evidence_malformed',
  'ios/negative/attp-unknown-extra-key': 'evidence_malformed',
  'ios/negative/attp-x5c-leaf-only': 'evidence_chain_length',
  'ios/negative/attp-x5c-leaf-twice': 'evidence_chain_issuer_mismatch',
  'ios/negative/attp-x5c-order-swapped': 'evidence_chain_issuer_mismatch',
  'ios/negative/attp-x5c-root-appended': 'evidence_chain_length',
  'ios/negative/other-bundle': 'assertion_app_mismatch',
  'ios/negative/other-client-data': 'assertion_bad_signature',
  'ios/negative/other-key': 'assertion_bad_signature',
  'ios/negative/prod172-expected-development': 'evidence_environment_mismatch',
  'ios/negative/prod172-expired-leaf': 'evidence_certificate_expired',
  'ios/negative/prod172-not-yet-valid-leaf': 'evidence_certificate_not_yet_valid',
  'ios/negative/prod172-raw-challenge-instead-of-hash': 'evidence_nonce_mismatch',
  'ios/negative/prod172-wrong-team': 'evidence_app_mismatch',
  'ios/negative/replay-lower-counter': 'assertion_counter_not_rising',
  'ios/negative/replay-same-counter': 'assertion_counter_not_rising',
  'android/chains/google-akita-sdk34-TEE_RSA_BASE-IMEI': 'evidence_app_mismatch',
  'android/chains/google-blueline-sdk28-TEE_RSA_BASE-IMEI': 'evidence_app_mismatch',
  'android/chains/google-invalid-tags_not_in_ascending_order': 'evidence_chain_bad_signature',
  'android/chains/google-marlin-sdk29-TEE_RSA_NONE': 'evidence_chain_software_root',
  'android/chains/googlejava-der-EC_TEE': 'evidence_app_mismatch',
  'android/chains/googlejava-der-RSA_StrongBox': 'evidence_chain_untrusted',
  'android/chains/googlejava-pem-EC_StrongBox': 'evidence_chain_untrusted',
  'android/chains/googlejava-pem-EC_TEE': 'evidence_app_mismatch',
  'android/chains/googlejava-pem-RSA_StrongBox': 'evidence_chain_untrusted',
  'android/chains/googlejava-pem-RSA_TEE': 'evidence_app_mismatch',
  'android/chains/multipaz-emulator-pixel3a-software': 'evidence_chain_software_root',
  'android/chains/warden-bq-aquaris-nougat-hybrid': 'evidence_chain_software_root',
  'android/chains/warden-emulator-rsa-software': 'evidence_chain_software_root',
  'android/negative/app-id-not-utf8': 'evidence_app_mismatch',
  'android/negative/app-no-digest': 'evidence_app_mismatch',
  'android/negative/app-other-digest': 'evidence_app_mismatch',
  'android/negative/app-other-package': 'evidence_app_mismatch',
  'android/negative/app-two-packages': 'evidence_app_mismatch',
  'android/negative/boot-state-unknown-value': 'evidence_extension_malformed',
  'android/negative/chain-duplicate-leaf': 'evidence_extension_misplaced',
  'android/negative/chain-extended-for-key': 'evidence_extension_misplaced',
  'android/negative/chain-extended-with-fake-extension': 'evidence_extension_misplaced',
  'android/negative/chain-missing-intermediate': 'evidence_chain_issuer_mismatch',
  'android/negative/challenge-empty': 'evidence_challenge_mismatch',
  'android/negative/challenge-prefix': 'evidence_challenge_mismatch',
  'android/negative/creation-time-old': 'evidence_stale',
  'android/negative/extension-critical': 'evidence_extension_malformed',
  'android/negative/extension-duplicated': 'evidence_chain_malformed',
  'android/negative/extension-in-attestation-cert-only': 'evidence_extension_misplaced',
  'android/negative/factory-not-yet-valid': 'evidence_certificate_not_yet_valid',
  'android/negative/issuer-name-mismatch': 'evidence_chain_issuer_mismatch',
  'android/negative/keydescription-9-fields': 'evidence_extension_malformed',
  'android/negative/level-encoded-as-integer': 'evidence_extension_malformed',
  'android/negative/level-mismatch-att-sw': 'evidence_security_level_inconsistent',
  'android/negative/level-mismatch-km-sw': 'evidence_security_level_inconsistent',
  'android/negative/level-out-of-range': 'evidence_extension_malformed',
  'android/negative/origin-imported': 'evidence_key_not_generated',
  'android/negative/origin-only-in-software-list': 'evidence_key_not_generated',
  'android/negative/rkp-expired-ca3': 'evidence_certificate_expired',
  'android/negative/root-name-spoof-google': 'evidence_chain_untrusted',
  'android/negative/root-unknown': 'evidence_chain_untrusted',
  'android/negative/rot-missing': 'evidence_root_of_trust_missing',
  'android/negative/signature-attestation-tampered': 'evidence_chain_bad_signature',
  'android/negative/signature-leaf-tampered': 'evidence_chain_bad_signature',
  'android/revocation/odd-length-serial': 'evidence_certificate_revoked',
  'android/revocation/pixel6-revoked-index1': 'evidence_certificate_revoked',
  'android/revocation/pixel6-revoked-index2': 'evidence_certificate_revoked',
  'android/revocation/pixel6-revoked-index3': 'evidence_certificate_revoked',
  'android/revocation/pixel6-revoked-index4': 'evidence_certificate_revoked',
  'android/revocation/pixel6-suspended': 'evidence_certificate_revoked',
  'android/revocation/sony-digits-only-serial': 'evidence_certificate_revoked',
  'android/revocation/sony-serial-listed-in-decimal': 'evidence_certificate_revoked',
};

const FOLDERS = [
  'ios/attestation',
  'ios/assertion',
  'ios/negative',
  'android/chains',
  'android/negative',
  'android/revocation',
];
/** Receipts have a test of their own. */
const VECTORS = FOLDERS.flatMap(readVectors).filter(({ kind }) => kind !== 'apple-appattest/receipt');

function verificationOf(vector: Vector): Verification {
  const outcome = runVector(vector);
  if (!outcome.ok) throw new Error(`${vector.case}: ${outcome.code}`);
  if (!('verification' in outcome)) throw new Error(`${vector.case} is about another source`);
  return outcome.verification;
}

function claimsOf(vector: Vector): EvidenceClaims {
  const verification = verificationOf(vector);
  if (!verification.ok) throw new Error(`${vector.case}: ${verification.code}`);
  return verification.claims;
}

/** A strict hardware policy in one line: what makes a verified case acceptable. */
function isTrusted({ securityLevel, boot }: EvidenceClaims): boolean {
  return securityLevel !== 'software' && (boot === null || (boot.deviceLocked && boot.state === 'verified'));
}

const refused = VECTORS.filter(({ case: name }) => Object.hasOwn(REFUSALS, name));
const verified = VECTORS.filter(
  ({ case: name, expected }) => !Object.hasOwn(REFUSALS, name) && expected.result !== 'error',
);

describe('vectors', () => {
  it('are all here, and every named refusal exists', () => {
    expect(VECTORS).toHaveLength(158);
    expect(refused).toHaveLength(Object.keys(REFUSALS).length);
  });

  it.each(refused.map((vector) => [vector.case, vector] as const))('refuses %s', (name, vector) => {
    expect(vector.expected.result).toBe('reject');
    const verification = verificationOf(vector);
    expect(verification).toMatchObject({ ok: false, code: REFUSALS[name] });
    expect(verification.checks.at(-1)?.outcome).toBe('fail');
  });

  it.each(verified.map((vector) => [vector.case, vector] as const))('verifies %s', (_name, vector) => {
    const claims = claimsOf(vector);
    const acceptable = isTrusted(claims) ? ['accept', 'either'] : ['reject'];
    expect(acceptable).toContain(vector.expected.result);
  });

  it('reports a malformed status list as an unusable case', () => {
    const [vector] = VECTORS.filter(({ expected }) => expected.result === 'error');
    expect(vector && runVector(vector)).toMatchObject({ ok: false, code: 'case_status_list_malformed' });
  });
});

const appleExpectation = z.object({
  environment: z.string(),
  keyIdBase64: z.string(),
  publicKeySpkiPem: z.string(),
  os: z.object({ version: z.string().nullable() }).nullable(),
});

describe('claims of App Attest', () => {
  it.each(readVectors('ios/attestation').map((vector) => [vector.case, vector] as const))(
    'are the expected ones: %s',
    (_name, vector) => {
      const expected = appleExpectation.parse(vector.expected);
      const spki = expected.publicKeySpkiPem.replace(/-----[A-Z ]+-----|\s/g, '');
      expect(claimsOf(vector)).toMatchObject({
        format: 'apple-app-attest',
        environment: expected.environment,
        keyId: Buffer.from(expected.keyIdBase64, 'base64').toString('base64url'),
        publicKey: Buffer.from(spki, 'base64').toString('base64url'),
        securityLevel: 'secure_enclave',
        anchor: 'apple-app-attest-root',
        osVersion: expected.os?.version ?? null,
        app: { id: `${vector.inputs.teamId}.${vector.inputs.bundleId}` },
      });
    },
  );
});

const hexOf = (base64: string) => Buffer.from(base64, 'base64').toString('hex');
const hex = z.string().transform(hexOf);
const listExpectation = z.object({
  osPatchLevel: z.number().optional(),
  vendorPatchLevel: z.number().optional(),
  bootPatchLevel: z.number().optional(),
  rootOfTrust: z.object({
    verifiedBootKey: hex,
    deviceLocked: z.boolean(),
    verifiedBootState: z.string(),
    verifiedBootHash: hex.optional(),
  }),
});
const androidExpectation = z.object({
  chain: z.object({ rootClass: z.string(), provisioning: z.string() }).optional(),
  provisioningInfo: z.object({ map: z.object({ '1': z.number() }) }).nullish(),
  keyDescription: z.object({
    attestationVersion: z.number(),
    attestationSecurityLevel: z.string(),
    softwareEnforced: z.object({
      attestationApplicationId: z.object({
        packages: z.array(z.object({ name: z.string(), version: z.number() })),
        signatureDigests: z.array(hex),
      }),
    }),
    hardwareEnforced: listExpectation,
  }),
});

const LEVELS: Readonly<Record<string, string>> = {
  SOFTWARE: 'software',
  TRUSTED_ENVIRONMENT: 'tee',
  STRONG_BOX: 'strongbox',
};
const ANCHORS: Readonly<Record<string, string>> = {
  'google-rsa4096': 'google-rsa4096',
  'google-p384-2025': 'google-p384',
};

/** `20260605` as `2026-06-05`, `202606` as `2026-06`; absent and 0 as `null`. */
function patchLevel(level: number | undefined): string | null {
  const digits = String(level ?? 0);
  return digits === '0'
    ? null
    : digits.replace(/^(\d{4})(\d{2})(\d{2})?$/, (_all, y, m, d) => [y, m, d].filter(Boolean).join('-'));
}

describe('claims of Android key attestation', () => {
  const android = verified.filter(
    ({ kind, folder }) => kind.startsWith('android') && folder !== 'android/revocation',
  );

  it.each(android.map((vector) => [vector.case, vector] as const))(
    'are the expected ones: %s',
    (_name, vector) => {
      const { chain, provisioningInfo, keyDescription } = androidExpectation.parse(vector.expected);
      const { hardwareEnforced, softwareEnforced } = keyDescription;
      const { packages, signatureDigests } = softwareEnforced.attestationApplicationId;
      const { rootOfTrust } = hardwareEnforced;
      const claims = claimsOf(vector);
      expect(claims).toMatchObject({
        format: 'android-key-attestation',
        environment: 'production',
        securityLevel: LEVELS[keyDescription.attestationSecurityLevel],
        attestationVersion: keyDescription.attestationVersion,
        boot: {
          bootKey: rootOfTrust.verifiedBootKey,
          deviceLocked: rootOfTrust.deviceLocked,
          state: rootOfTrust.verifiedBootState.toLowerCase(),
          bootHash: rootOfTrust.verifiedBootHash ?? null,
        },
        app: {
          id: packages[0]?.name,
          version: String(packages[0]?.version),
          signerDigests: signatureDigests,
        },
        osPatchLevel: patchLevel(hardwareEnforced.osPatchLevel),
        vendorPatchLevel: patchLevel(hardwareEnforced.vendorPatchLevel),
        bootPatchLevel: patchLevel(hardwareEnforced.bootPatchLevel),
      });
      if (chain === undefined) return;
      expect(claims.anchor).toBe(ANCHORS[chain.rootClass]);
      expect(claims.provisioning).toBe(chain.provisioning.split(' ')[0]);
      expect(claims.certificatesIssued).toBe(provisioningInfo?.map['1'] ?? null);
    },
  );
});
