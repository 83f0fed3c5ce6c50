import type { Evidence, Platform } from '@/lib/contracts';
import { sha256, toHex } from '@/lib/core';
import type { DeviceKey, TestCa } from '@/lib/evidence/testing';
import { attestedAppId, type DemoApp, versionCodeOf } from '../demo-apps';

/** What a simulated device is asked to attest. */
export interface EvidenceRequest {
  ca: TestCa;
  app: DemoApp;
  platform: Platform;
  appVersion: string;
  osVersion: string;
  key: DeviceKey;
  clientData: Uint8Array;
  nowMs: number;
}

/** What kind of phone attests. */
export type EvidenceKind = 'genuine' | 'unlocked' | 'repackaged' | 'emulator' | 'simulator';

const ATTACKER_TEAM = 'ATTACK3R00';
const ATTACKER_DIGEST = toHex(sha256('a repackager’s signing certificate'));

type AndroidOptions = Parameters<TestCa['android']['attest']>[0];

/** Really signed evidence of every kind, under the test CA. */
export const FORGE: Readonly<Record<EvidenceKind, (request: EvidenceRequest) => Evidence>> = {
  genuine: (request) =>
    request.platform === 'ios' ? apple(request, request.app.teamId) : android(request, {}),
  unlocked: (request) =>
    android(request, { deviceLocked: false, bootState: 'unverified', provisioning: 'factory' }),
  repackaged: (request) =>
    request.platform === 'ios'
      ? apple(request, ATTACKER_TEAM)
      : android(request, { signerDigests: [ATTACKER_DIGEST] }),
  emulator: (request) =>
    android(request, { level: 'software', keyMintLevel: 'software', provisioning: 'factory' }),
  simulator: ({ ca, app, platform, appVersion, osVersion, key, clientData, nowMs }) =>
    ca.dev.attest({
      key,
      clientData,
      nowMs,
      claims: {
        platform,
        securityLevel: 'software',
        appId: attestedAppId(app, platform),
        appVersion,
        signerDigests: platform === 'android' ? [app.signerDigest] : [],
        osVersion,
        osPatchLevel: null,
        boot: null,
      },
    }),
};

function apple({ ca, app, osVersion, key, clientData, nowMs }: EvidenceRequest, teamId: string): Evidence {
  return ca.appAttest.attest({
    teamId,
    bundleId: app.bundleId,
    environment: 'production',
    clientDataHash: sha256(clientData),
    key,
    nowMs,
    osVersion,
  });
}

function android(
  { ca, app, appVersion, osVersion, key, clientData, nowMs }: EvidenceRequest,
  deviations: Partial<AndroidOptions>,
): Evidence {
  return ca.android.attest({
    key,
    challenge: sha256(clientData),
    packages: [{ name: app.packageName, versionCode: versionCodeOf(appVersion) }],
    signerDigests: [app.signerDigest],
    nowMs,
    osVersion: Number(osVersion) * 10_000,
    provisioning: 'remote',
    ...deviations,
  });
}
