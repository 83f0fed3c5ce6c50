import type { BlockEffect, BlockScope } from '@/lib/contracts';
import { formatNetwork, type NetworkKey, networksAround } from './network';

/** What is known of whoever asks. `null` where it is not known: what is not known is not blocked by it. */
export interface BlockFacts {
  readonly appId: string;
  readonly instanceId: string | null;
  /** SHA-256 of the key that certified the device's own, hex; where evidence has one. */
  readonly hardware: string | null;
  /** `android 5.4.0`. */
  readonly appVersion: string | null;
  /** `ios 26.1`. */
  readonly osBuild: string | null;
  /** SHA-256 of the certificates that signed the app, hex. */
  readonly signers: readonly string[];
  readonly network: NetworkKey | null;
  readonly asn: number | null;
  readonly country: string | null;
}

/** A decision as nodes hold it. The target is in its one spelling (`parseTarget`). */
export interface BlockEntry {
  readonly id: string;
  readonly scope: BlockScope;
  /** `null` for every app. */
  readonly appId: string | null;
  readonly target: string;
  readonly effect: BlockEffect;
  /** Milliseconds since the epoch at which it ends by itself. */
  readonly expiresAtMs: number | null;
}

/** An entry that decided something. */
export interface DecidingEntry {
  readonly id: string;
  readonly scope: BlockScope;
}

/** What blocks and allowlist entries make of somebody. */
export interface BlockDecision {
  /** The narrowest block that matches; it refuses unless something lifts it. */
  readonly block: DecidingEntry | null;
  /** The narrowest allowlist entry, where it lifts that block. */
  readonly liftedBy: DecidingEntry | null;
  /** Simulations that would have refused. */
  readonly simulated: readonly string[];
}

/** Whether it is to be refused. */
export function isRefused(decision: BlockDecision | null): boolean {
  return decision !== null && decision.block !== null && decision.liftedBy === null;
}

/** Every target under which a decision that concerns somebody may be written down. */
export function targetsOf(facts: BlockFacts): { scope: BlockScope; target: string }[] {
  const { instanceId, hardware, network, appVersion, osBuild, asn, signers, country, appId } = facts;
  const one = (scope: BlockScope, target: string | number | null) =>
    target === null ? [] : [{ scope, target: String(target) }];
  return [
    ...one('instance', instanceId),
    ...one('hardware', hardware),
    ...(network === null ? [] : networksAround(network)).map((key) => ({
      scope: 'network' as const,
      target: formatNetwork(key),
    })),
    ...one('app_version', appVersion),
    ...one('os_build', osBuild),
    ...one('asn', asn),
    ...signers.map((target) => ({ scope: 'signer' as const, target })),
    ...one('country', country),
    ...one('app', appId),
  ];
}
