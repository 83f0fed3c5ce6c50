import type { Platform } from '@/lib/contracts';
import type { EvidenceKind } from './forge-evidence';

/** A kind of network, as likely as its weight. */
interface Origin {
  weight: number;
  network: 'home' | 'hosting' | 'anonymiser';
}

/** How a part of the fleet behaves. */
export interface Scenario {
  id: string;
  /** Devices of this kind in a thousand. */
  weight: number;
  platforms: readonly [Platform, ...Platform[]];
  /** Demo apps that it runs; absent: any. */
  appIds?: readonly [string, ...string[]];
  /** Demo app version and system, where the scenario is about them. */
  appVersion?: string;
  osVersion?: string;
  evidence: EvidenceKind;
  /** Threat ids that the app finds on its device. */
  findings: readonly string[];
  /** The findings begin only when the bad release is switched on by its vendor. */
  fromBadRelease?: boolean;
  /** Every run makes a new key: no installation survives. */
  neverSettles?: boolean;
  /** Networks that it comes from; absent: those of people. */
  from?: readonly [Origin, ...Origin[]];
  /** Its key attestation says more than the device deserves. */
  hasLeakedKey?: boolean;
  /** Its token is also presented by somebody else. */
  tokenStolen?: boolean;
}

const BOTH: Scenario['platforms'] = ['ios', 'android'];

const EXITS: Scenario['from'] = [{ weight: 1, network: 'anonymiser' }];
const HOSTILE: Scenario['from'] = [
  { weight: 5, network: 'hosting' },
  { weight: 3, network: 'anonymiser' },
  { weight: 2, network: 'home' },
];

const HONEST: Omit<Scenario, 'id' | 'weight'> = { platforms: BOTH, evidence: 'genuine', findings: [] };

/** The simulated fleet. Small numbers are deliberate: most of a real fleet is honest. */
export const SCENARIOS: readonly [Scenario, ...Scenario[]] = [
  { ...HONEST, id: 'honest', weight: 716 },
  { ...HONEST, id: 'on-vpn', weight: 40, findings: ['system_vpn'], from: EXITS },
  {
    ...HONEST,
    id: 'developer',
    weight: 24,
    platforms: ['android'],
    findings: ['developer_mode', 'adb_enabled'],
  },
  { ...HONEST, id: 'no-passcode', weight: 14, findings: ['passcode_missing'] },
  {
    ...HONEST,
    id: 'bad-release',
    weight: 60,
    platforms: ['ios'],
    appIds: ['retail-bank'],
    appVersion: '5.4.0',
    osVersion: '26.6',
    findings: ['hooks'],
    fromBadRelease: true,
  },
  { ...HONEST, id: 'fake-gps', weight: 18, appIds: ['fleet-driver'], findings: ['location_spoofing'] },
  { ...HONEST, id: 'abandoned-version', weight: 14, appIds: ['fleet-driver'], appVersion: '2.6.0' },
  { ...HONEST, id: 'internal-test', weight: 16, appIds: ['fleet-driver'], evidence: 'simulator' },
  { ...HONEST, id: 'jailbroken', weight: 14, platforms: ['ios'], findings: ['privileged_access'] },
  {
    ...HONEST,
    id: 'rooted',
    weight: 26,
    platforms: ['android'],
    evidence: 'unlocked',
    findings: ['privileged_access'],
  },
  // Its key attestation is made with a stolen factory key and says what a genuine device would; Google Play sees the device.
  {
    ...HONEST,
    id: 'leaked-key',
    weight: 6,
    platforms: ['android'],
    appIds: ['retail-bank'],
    hasLeakedKey: true,
  },
  { ...HONEST, id: 'side-loaded', weight: 10, platforms: ['android'], findings: ['unofficial_store'] },
  // Whoever repackages an app takes its self-checks out; the evidence still tells.
  { ...HONEST, id: 'repackaged', weight: 20, evidence: 'repackaged', neverSettles: true, from: HOSTILE },
  {
    ...HONEST,
    id: 'emulator',
    weight: 16,
    platforms: ['android'],
    evidence: 'emulator',
    findings: ['emulator'],
    from: HOSTILE,
    neverSettles: true,
  },
  {
    ...HONEST,
    id: 'token-stolen',
    weight: 3,
    platforms: ['ios'],
    appIds: ['retail-bank'],
    appVersion: '5.3.0',
    osVersion: '26.5',
    tokenStolen: true,
  },
];

/** The scenario with this id. @throws TypeError where there is none. */
export function scenario(id: string): Scenario {
  const found = SCENARIOS.find((candidate) => candidate.id === id);
  if (!found) throw new TypeError(`${id} is not a scenario`);
  return found;
}

/** What the app on a device finds now. */
export function findingsAt({ findings, fromBadRelease }: Scenario, nowMs: number, badReleaseAtMs: number) {
  return fromBadRelease === true && nowMs < badReleaseAtMs ? [] : findings;
}
