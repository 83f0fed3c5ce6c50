import type { KeyObject } from 'node:crypto';
import type { BlockDecision } from '@/lib/block-list';
import type { DatabaseClock } from '@/lib/db';
import { type CallerNetwork, type ManagedKey, type RelyingPartyState, TokenCache } from '@/lib/relying-party';
import type { SnapshotFollower } from '../snapshot/follow';

/** Tokens remembered per worker: about 3 KB each. */
const TOKEN_CACHE_SIZE = 20_000;

/** What no token and no address show: blocks on it take effect with the next attestation. */
const UNSEEN = { hardware: null, appVersion: null, osBuild: null, signers: [] } as const;

/** What decisions about requests are made on: always the snapshot that is in force now. */
export class RelyingPartyView implements RelyingPartyState {
  readonly issuer: string;
  readonly cache = new TokenCache(TOKEN_CACHE_SIZE);
  readonly #follower: SnapshotFollower;
  readonly #clock: DatabaseClock;

  constructor(options: { issuer: string; follower: SnapshotFollower; clock: DatabaseClock }) {
    this.issuer = options.issuer;
    this.#follower = options.follower;
    this.#clock = options.clock;
  }

  get keys(): ReadonlyMap<string, KeyObject> {
    return this.#follower.snapshot.publicKeys;
  }

  get currentAtMs(): number {
    return this.#follower.currentAtMs;
  }

  isKeyAlive(kid: string): boolean {
    const key = this.#follower.snapshot.keys.get(kid);
    return key !== undefined && key.snapshot.state !== 'revoked';
  }

  blockDecision(instanceId: string, appId: string, caller: CallerNetwork | null): BlockDecision | null {
    const { blocks } = this.#follower.snapshot;
    if (blocks.size === 0) return null;
    const facts = {
      ...UNSEEN,
      appId,
      instanceId,
      network: caller?.key ?? null,
      asn: caller?.asn ?? null,
      country: caller?.country ?? null,
    };
    return blocks.decide(facts, this.#clock.nowMs());
  }

  managedKeys(apiId: string): readonly ManagedKey[] {
    return this.#follower.snapshot.apiKeys.checkedBy(apiId);
  }

  cutOffSeconds(appId: string, kid: string, instanceId: string, apiId: string): number {
    const { keys, cutOffs } = this.#follower.snapshot;
    // All that a retired key signed has expired, and is told so before cut-offs are looked at; whatever has not is forged.
    if (keys.get(kid)?.snapshot.state === 'retired') return Number.POSITIVE_INFINITY;
    return cutOffs.secondsFor({ appId, kid, instanceId, apiId });
  }

  onStale(appId: string): 'strict' | 'best_effort' {
    return this.#follower.snapshot.apps.get(appId)?.app.onStale ?? 'strict';
  }
}
