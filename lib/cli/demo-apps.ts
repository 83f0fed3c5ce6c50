import type { ApiSnapshot, Platform, PolicyTemplate } from '@/lib/contracts';
import { sha256, toHex } from '@/lib/core';

/** An app of the demo, as its owner registers it and as its simulated devices present it. */
export interface DemoApp {
  id: string;
  name: string;
  teamId: string;
  bundleId: string;
  packageName: string;
  /** SHA-256 of the signing certificate, lower-case hex. */
  signerDigest: string;
  /** Oldest first; the last one is current. */
  versions: readonly [string, ...string[]];
  policyTemplate: PolicyTemplate;
  /** Whether its Android devices bring Play Integrity verdicts, and its raw evidence is archived. */
  usesPlayIntegrity: boolean;
  /** The API that wants its token. */
  api: Pick<ApiSnapshot, 'id' | 'name' | 'mode'>;
}

const signerOf = (name: string) => toHex(sha256(`${name} release signing certificate`));

/** The two apps of the demo: one enforces under the strict policy, the other still observes. */
export const DEMO_APPS: readonly [DemoApp, DemoApp] = [
  {
    id: 'retail-bank',
    name: 'Retail Bank',
    teamId: 'R7B4NK5T2M',
    bundleId: 'com.example.retailbank',
    packageName: 'com.example.retailbank',
    signerDigest: signerOf('Retail Bank'),
    versions: ['5.2.1', '5.3.0', '5.4.0'],
    policyTemplate: 'strict',
    usesPlayIntegrity: true,
    api: { id: 'payments-api', name: 'Payments API', mode: 'enforce' },
  },
  {
    id: 'fleet-driver',
    name: 'Fleet Driver',
    teamId: 'F1EETDR1VR',
    bundleId: 'com.example.fleetdriver',
    packageName: 'com.example.fleetdriver',
    signerDigest: signerOf('Fleet Driver'),
    versions: ['2.8.4', '2.9.0', '3.0.2'],
    policyTemplate: 'balanced',
    usesPlayIntegrity: false,
    api: { id: 'dispatch-api', name: 'Dispatch API', mode: 'observe' },
  },
];

/** The demo app with this id. @throws TypeError where there is none. */
export function demoApp(id: string): DemoApp {
  const app = DEMO_APPS.find((candidate) => candidate.id === id);
  if (!app) throw new TypeError(`${id} is not an app of the demo`);
  return app;
}

/** What an app calls itself in evidence: `TEAMID.bundle.id`, or the package name. */
export function attestedAppId(app: DemoApp, platform: Platform): string {
  return platform === 'ios' ? `${app.teamId}.${app.bundleId}` : app.packageName;
}

/** The version code that an app has at a version of three numbers. */
export function versionCodeOf(appVersion: string): number {
  const [major = 0, minor = 0, patch = 0] = appVersion.split('.').map(Number);
  return major * 10_000 + minor * 100 + patch;
}
