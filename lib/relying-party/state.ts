import type { KeyObject } from 'node:crypto';
import type { BlockDecision, NetworkKey } from '@/lib/block-list';
import type { ManagedKey } from './api-keys';
import type { TokenCache } from './token-cache';

/** A protected API, as far as decisions about its requests depend on it. */
export interface ApiConfig {
  readonly id: string;
  /** Apps whose tokens it accepts: the allowed `aud`. */
  readonly appIds: ReadonlySet<string>;
  /** `observe` lets every request pass and counts what `enforce` would have refused. */
  readonly mode: 'observe' | 'enforce';
}

/** Where a request came from, as far as blocks depend on it. `null`: not known, and not blocked by it. */
export interface CallerNetwork {
  readonly key: NetworkKey | null;
  readonly country: string | null;
  readonly asn: number | null;
}

/**
 * The view of one node on which it decides, all in memory. Every member but `cache` is asked again on every decision, so
 * that a cached token never outlives a revocation.
 */
export interface RelyingPartyState {
  /** `iss` of our tokens. */
  readonly issuer: string;
  /**
   * Verification keys by `kid`, those that were revoked included, so that their tokens are told from forgeries. Keep the
   * key object while the key is the same: another object under a `kid` is another key, whose tokens are verified anew.
   */
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** Whether the key may still vouch for tokens: it is active or retiring, not revoked. */
  isKeyAlive(kid: string): boolean;
  /** What blocks and allowlist entries make of a token's instance and its caller; `null` where none concerns them. */
  blockDecision(instanceId: string, appId: string, caller: CallerNetwork | null): BlockDecision | null;
  /**
   * No token with an `iat` before this is good: the latest cut-off of organisation, app, signing key, instance and API,
   * in seconds; `-Infinity` for none. Whoever sets one rounds up to the next second.
   */
  cutOffSeconds(appId: string, kid: string, instanceId: string, apiId: string): number;
  /** Managed API keys that requests to this API have to present, at most one of each app. */
  managedKeys(apiId: string): readonly ManagedKey[];
  /** When this node last knew that its view was current, in milliseconds. */
  readonly currentAtMs: number;
  /** What becomes of an app's requests when the view is stale. */
  onStale(appId: string): 'strict' | 'best_effort';
  readonly cache: TokenCache;
}
