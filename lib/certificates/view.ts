import type { OriginView, PinFailureGroup, PinSetView, ProbeView, RotationView } from '@/lib/contracts';
import { adoptionOf, switchRisk } from './adoption';
import { expiryOf, expiryWarning, problemsOf } from './judge-pins';
import type { groupFailures } from './store/failures';
import type { NamedOrigin } from './store/origins';
import type { PinSetRow } from './store/pin-sets';
import type { ProbeRow } from './store/probes';
import type { RotationRow } from './store/rotations';

type DevicesByConfig = readonly { version: number; devices: number }[];

/** A probe as the console shows it. */
export function probeView({ originId: _, probedAt, ...rest }: ProbeRow): ProbeView {
  return { ...rest, probedAt: probedAt.toISOString() };
}

/** A pin set as the console shows it. */
export function pinSetView(row: PinSetRow): PinSetView {
  const { version, pins, reportOnly, reason, overridden, publishedByName, publishedAt, seq } = row;
  return {
    version,
    pins,
    reportOnly,
    reason,
    overridden,
    publishedByName,
    publishedAt: publishedAt.toISOString(),
    seq,
  };
}

/** A rotation as it is remembered. */
export function pastRotationView(row: RotationRow): Omit<RotationView, 'adoption' | 'cutOffNow' | 'isSafe'> {
  return {
    id: row.id,
    state: row.state,
    newPin: row.newPin,
    oldPin: row.oldPin,
    addedInVersion: row.addedInVersion,
    targetShare: Math.round(row.targetShare * 1e6) / 1e6,
    startedAt: row.startedAt.toISOString(),
    startedByName: row.startedByName,
    switchedAt: row.switchedAt?.toISOString() ?? null,
    switchedByName: row.switchedByName,
    cutOffAtSwitch: row.cutOffAtSwitch,
    confirmedAt: row.confirmedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    endedByName: row.endedByName,
  };
}

/** What is known of an origin, read together. */
export interface OriginFacts {
  readonly origin: NamedOrigin;
  readonly probe: ProbeRow | undefined;
  readonly lastChain: ProbeRow | undefined;
  readonly set: PinSetRow | undefined;
  readonly rotation: RotationRow | undefined;
  readonly devices: DevicesByConfig;
  readonly failures: { reports: number; devices: number } | undefined;
}

/** An origin as the console shows it. */
export function originView(facts: OriginFacts, nowMs: number): OriginView {
  const { origin, probe, lastChain, set, rotation, devices, failures } = facts;
  const chain = lastChain?.chain ?? null;
  const expiresAt = expiryOf(chain);
  const isEnforced = set !== undefined && set.pins.length > 0;
  return {
    id: origin.id,
    appId: origin.appId,
    appName: origin.appName,
    host: origin.host,
    port: origin.port,
    serverName: origin.serverName,
    includeSubdomains: origin.includeSubdomains,
    createdAt: origin.createdAt.toISOString(),
    createdByName: origin.createdByName,
    probeRequestedAt: origin.probeRequestedAt?.toISOString() ?? null,
    probe: probe === undefined ? null : probeView(probe),
    lastChain: lastChain === undefined ? null : probeView(lastChain),
    pinSet: set === undefined ? null : pinSetView(set),
    problems: isEnforced ? problemsOf(set.pins, chain) : [],
    expiresAt,
    expiryWarning: expiryWarning(expiresAt, nowMs),
    rotation: rotation === undefined ? null : rotationView(rotation, devices, set?.reportOnly === true),
    failures: failures ?? { reports: 0, devices: 0 },
  };
}

function rotationView(row: RotationRow, devices: DevicesByConfig, reportOnly: boolean): RotationView {
  const adoption = adoptionOf(devices, row.addedInVersion);
  return { ...pastRotationView(row), adoption, ...switchRisk(adoption, row, reportOnly) };
}

/** Groups of failures with who else presents the key: our own probe, nobody elsewhere, or several networks. */
export function failureGroupViews(
  groups: Awaited<ReturnType<typeof groupFailures>>,
  lastChain: ProbeRow | undefined,
): PinFailureGroup[] {
  const presented = new Set(lastChain?.chain.map(({ spkiSha256 }) => spkiSha256));
  return groups.map((group) => {
    const networks = new Set(
      groups.filter((one) => one.leafPin === group.leafPin).map((one) => one.networkPrefix),
    );
    const elsewhere = networks.size > 1 ? 'several_networks' : 'one_network';
    return {
      ...group,
      leafNotAfter: group.leafNotAfter.toISOString(),
      firstAt: group.firstAt.toISOString(),
      lastAt: group.lastAt.toISOString(),
      seenBy: presented.has(group.leafPin) ? 'server' : elsewhere,
    };
  });
}
