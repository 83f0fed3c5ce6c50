import type { KeyObject } from 'node:crypto';
import type { DatabaseClock } from '@/lib/db';
import { type ManagedKey, type RelyingPartyState, TokenCache } from '@/lib/relying-party';
import type { SnapshotFollower } from '../snapshot/follow';

/** Tokens remembered per worker: about 3 KB each. */
const TOKEN_CACHE_SIZE = 20_000;

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

  isBlocked(instanceId: string, appId: string): boolean {
    const block = this.#follower.snapshot.blocks.get(instanceId);
    if (block === undefined || block.appId !== appId) return false;
    return block.expiresAtMs === null || block.expiresAtMs > this.#clock.nowMs();
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
