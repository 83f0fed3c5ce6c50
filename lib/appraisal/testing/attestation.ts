import {
  type EvidenceClaims,
  type IntegrityClaims,
  POLICY_SCHEMA_VERSION,
  type Policy,
  type PolicyRequirements,
  type Response,
} from '@/lib/contracts';
import type { AppraisalInput } from '../input';

/** The moment of the appraisals, in milliseconds. */
export const NOW_MS = Date.UTC(2026, 10, 15);
export const DAY_SECONDS = 86_400;
/** Claims that every requirement accepts. */
export const ANDROID: EvidenceClaims = {
  format: 'android-key-attestation',
  platform: 'android',
  environment: 'production',
  publicKey: 'key',
  keyId: 'id',
  securityLevel: 'tee',
  anchor: 'google-rsa4096',
  boot: { deviceLocked: true, state: 'verified', bootKey: '00', bootHash: null },
  app: { id: 'com.example.app', version: '7', signerDigests: [] },
  osVersion: '15',
  osPatchLevel: '2026-10',
  vendorPatchLevel: null,
  bootPatchLevel: null,
  attestationVersion: 300,
  provisioning: 'remote',
  certificatesIssued: null,
  validationCategory: null,
};
/** The same for iOS, which states neither boot nor patch level. */
export const IOS: EvidenceClaims = {
  ...ANDROID,
  format: 'apple-app-attest',
  platform: 'ios',
  securityLevel: 'secure_enclave',
  anchor: 'apple-app-attest-root',
  boot: null,
  osPatchLevel: null,
};
/** A locked device that booted as verified. */
export const BOOT = { deviceLocked: true, state: 'verified', bootKey: '00', bootHash: null } as const;

/** A Play Integrity verdict that every requirement accepts. */
export const INTEGRITY: IntegrityClaims = {
  request: 'classic',
  requestedAtMs: NOW_MS - 5_000,
  requestPackage: 'com.example.app',
  recognition: 'PLAY_RECOGNIZED',
  app: {
    packageName: 'com.example.app',
    signerDigests: [Buffer.from('ab'.repeat(32), 'hex').toString('base64url')],
    versionCode: '7',
  },
  deviceLabels: ['MEETS_BASIC_INTEGRITY', 'MEETS_DEVICE_INTEGRITY', 'MEETS_STRONG_INTEGRITY'],
  legacyDeviceLabels: [],
  sdkVersion: 36,
  activityLevel: 'LEVEL_1',
  recall: null,
  licensing: 'LICENSED',
  playProtect: 'NO_ISSUES',
  appsDetected: [],
  isTestingResponse: false,
};

/** Requirements that every attestation meets. */
export const LENIENT: PolicyRequirements = {
  environment: 'any',
  securityLevel: 'software',
  verifiedBoot: false,
  maxPatchAgeDays: null,
  maxEvidenceAgeSeconds: null,
  registeredVersion: false,
};
/** Requirements of which each test misses one. */
export const DEMANDING: PolicyRequirements = {
  environment: 'production',
  securityLevel: 'tee',
  verifiedBoot: true,
  maxPatchAgeDays: 365,
  maxEvidenceAgeSeconds: 30 * DAY_SECONDS,
  maxAttestedKeys: 5,
  registeredVersion: true,
};

/** A policy with these responses; demands nothing unless it is told to. */
export function policyOf(
  threats: Record<string, Response>,
  requirements: PolicyRequirements = LENIENT,
  annotations?: Record<string, string>,
): Policy {
  const policy: Policy = { schema: POLICY_SCHEMA_VERSION, threats, requirements, tokenTtlSeconds: 300 };
  return annotations === undefined ? policy : { ...policy, annotations };
}

/** A clean Android attestation, but for the changes. */
export function inputOf(changes: Partial<AppraisalInput> = {}): AppraisalInput {
  return {
    client: {
      platform: changes.claims?.platform ?? 'android',
      appVersion: '5.4.0',
      osVersion: '16',
      model: 'Pixel 10',
      country: 'FR',
      networkKind: 'access',
    },
    claims: ANDROID,
    failure: null,
    runtimeThreats: [],
    serverThreats: [],
    appVersion: { registered: true, withdrawn: false },
    evidenceAgeSeconds: 60,
    nowMs: NOW_MS,
    ...changes,
  };
}
