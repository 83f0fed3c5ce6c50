import type { Evidence, Verification } from '@/lib/contracts';
import { sha256, toBase64Url } from '@/lib/core';
import {
  type AssertionClaims,
  anchorsWith,
  type DevClaims,
  type VerificationContext,
  verifyAssertion,
  verifyEnrolment,
} from '../index';
import type { AndroidAttestOptions } from './android';
import type { AppAssertOptions, AppAttestOptions } from './app-attest';
import type { DevAttestOptions } from './dev';
import { createDeviceKey, type DeviceKey } from './device-key';
import { createTestCa, type TestCa } from './test-ca';

/** The present of every scenario. */
export const SCENARIO_NOW_MS = Date.UTC(2026, 5, 15, 12);
const CLIENT_DATA = Buffer.from('{"challenge":"c2NlbmFyaW8"}');
const APPLE_APP = { teamId: 'ABCDE12345', bundleId: 'com.example.app' } as const;
const ANDROID_APP = { packageName: 'com.example.app', signerDigests: ['ab'.repeat(32)] } as const;

const HONEST_DEV_CLAIMS: DevClaims = {
  platform: 'android',
  securityLevel: 'tee',
  appId: ANDROID_APP.packageName,
  appVersion: '1.2.3',
  signerDigests: [...ANDROID_APP.signerDigests],
  osVersion: '16',
  osPatchLevel: '2026-05',
  boot: { deviceLocked: true, state: 'verified', bootKey: '11'.repeat(32), bootHash: null },
};

/** Overrides of the evidence and of the context that it is verified in. */
export interface Twist<Options> {
  readonly evidence?: Partial<Options>;
  readonly context?: Partial<VerificationContext>;
  /** Applied to the finished evidence. */
  readonly edit?: (evidence: Evidence) => Evidence;
}

/** An app, its test CA and one device key: honest evidence verifies, and every twist shows what is refused. */
export interface Scenario {
  readonly ca: TestCa;
  readonly key: DeviceKey;
  readonly context: VerificationContext;
  readonly appleEvidence: (options?: Partial<AppAttestOptions>) => Evidence;
  readonly androidEvidence: (options?: Partial<AndroidAttestOptions>) => Evidence;
  /** Evidence of one device, whose attestation certificate stays the same. */
  readonly androidDevice: () => (options?: Partial<AndroidAttestOptions>) => Evidence;
  readonly devEvidence: (options?: Partial<DevAttestOptions>) => Evidence;
  readonly apple: (twist?: Twist<AppAttestOptions>) => Verification;
  readonly android: (twist?: Twist<AndroidAttestOptions>) => Verification;
  readonly dev: (twist?: Twist<DevAttestOptions>) => Verification;
  readonly appleAssertion: (
    options?: Partial<AppAssertOptions>,
    edit?: (assertion: Buffer) => Buffer,
  ) => Verification<AssertionClaims>;
  readonly keyAssertion: (signature: Uint8Array, publicKey?: string) => Verification<AssertionClaims>;
}

function scenarioContext(ca: TestCa): VerificationContext {
  return {
    nowMs: SCENARIO_NOW_MS,
    clientDataBytes: CLIENT_DATA,
    clientDataHash: sha256(CLIENT_DATA),
    anchors: anchorsWith([ca.anchor]),
    reference: {
      appleApps: [APPLE_APP],
      appleEnvironments: ['production'],
      androidApps: [ANDROID_APP],
    },
    revocation: { entries: new Map(), fetchedAt: SCENARIO_NOW_MS },
    revocationRequired: true,
    revocationMaxAgeSeconds: 86_400,
    developmentAllowed: true,
    assertingKeyRequired: true,
    maxStatementAgeSeconds: 600,
  };
}

type Makers = Pick<Scenario, 'appleEvidence' | 'androidEvidence' | 'androidDevice' | 'devEvidence'>;

/** Honest evidence of each format. */
function honestEvidence(ca: TestCa, key: DeviceKey, clientDataHash: Uint8Array): Makers {
  const base = { key, nowMs: SCENARIO_NOW_MS };
  const android = {
    ...base,
    challenge: clientDataHash,
    packages: [{ name: ANDROID_APP.packageName, versionCode: 7 }],
    signerDigests: ANDROID_APP.signerDigests,
  };
  return {
    appleEvidence: (options = {}) =>
      ca.appAttest.attest({ ...base, ...APPLE_APP, environment: 'production', clientDataHash, ...options }),
    androidEvidence: (options = {}) => ca.android.attest({ ...android, ...options }),
    androidDevice: () => {
      const attest = ca.android.device({});
      return (options = {}) => attest({ ...android, ...options });
    },
    devEvidence: (options = {}) =>
      ca.dev.attest({ ...base, clientData: CLIENT_DATA, claims: HONEST_DEV_CLAIMS, ...options }),
  };
}

/** Makes evidence with a twist and verifies it. */
function verifier<Options>(
  make: (options?: Partial<Options>) => Evidence,
  context: VerificationContext,
): (twist?: Twist<Options>) => Verification {
  return ({ evidence, context: changes, edit = (made: Evidence) => made } = {}) =>
    verifyEnrolment(edit(make(evidence)), { ...context, ...changes });
}

type Assertions = Pick<Scenario, 'appleAssertion' | 'keyAssertion'>;

/** Makes and verifies assertions by an enrolled key whose counter stands at 4. */
function assertions(ca: TestCa, key: DeviceKey, clientDataHash: Uint8Array): Assertions {
  const appId = `${APPLE_APP.teamId}.${APPLE_APP.bundleId}`;
  const input = (assertion: Uint8Array, publicKey = toBase64Url(key.spki)) => ({
    assertion,
    publicKey,
    clientDataBytes: CLIENT_DATA,
    clientDataHash,
    previousCounter: 4,
    appleAppIds: [appId],
  });
  const honest = { key, counter: 5, appId, clientData: CLIENT_DATA };
  return {
    appleAssertion: (options, edit = (made) => made) =>
      verifyAssertion('apple-app-attest', input(edit(ca.appAttest.assert({ ...honest, ...options })))),
    keyAssertion: (signature, publicKey) =>
      verifyAssertion('android-key-attestation', input(signature, publicKey)),
  };
}

/** A new scenario. */
export function createScenario(): Scenario {
  const ca = createTestCa(SCENARIO_NOW_MS);
  const key = createDeviceKey();
  const context = scenarioContext(ca);
  const makers = honestEvidence(ca, key, context.clientDataHash);
  return {
    ca,
    key,
    context,
    ...makers,
    apple: verifier(makers.appleEvidence, context),
    android: verifier(makers.androidEvidence, context),
    dev: verifier(makers.devEvidence, context),
    ...assertions(ca, key, context.clientDataHash),
  };
}
