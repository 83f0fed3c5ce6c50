import { createHash } from 'node:crypto';
import { BoundedCache } from '@/lib/crypto';
import type { AttestationEvent } from './rows';

/** One row to be added to a rollup table. An absent facet is the empty string. */
export interface RollupDelta {
  readonly appId: string;
  readonly bucketMs: number;
  readonly facet: string;
  readonly verdict: string;
  readonly decidingThreat: string;
  readonly platform: string;
  readonly osVersion: string;
  readonly appVersion: string;
  readonly country: string;
  readonly networkKind: string;
  readonly policyVersion: number;
  events: number;
  latencyUs: number;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** What stands for values beyond the limit of distinct ones. */
export const OTHER = '(other)';
const FACET_CACHE_SIZE = 8_192;
const facetIds = new BoundedCache<string>(FACET_CACHE_SIZE);

/**
 * Keeps what devices say of themselves from multiplying rollup rows without bound: after `capacity` distinct pairs of
 * app and value within an hour, new ones are counted as `(other)`. Events keep the true value.
 */
export class FacetLimiter {
  readonly #capacity: number;
  #hour = 0;
  #seen = new Set<string>();

  constructor(capacity = 2_000) {
    this.#capacity = capacity;
  }

  limit(appId: string, kind: string, value: string, nowMs: number): string {
    const hour = Math.floor(nowMs / HOUR_MS);
    if (hour !== this.#hour) {
      this.#hour = hour;
      this.#seen = new Set();
    }
    const name = `${appId}\n${kind}\n${value}`;
    if (this.#seen.has(name)) return value;
    if (this.#seen.size >= this.#capacity) return OTHER;
    this.#seen.add(name);
    return value;
  }
}

/** Hash of the facets, as a UUID. */
function facetId(facets: string): string {
  const known = facetIds.get(facets);
  if (known !== undefined) return known;
  const hex = createHash('sha256').update(facets).digest('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
  facetIds.set(facets, id);
  return id;
}

/**
 * Sums events into rollup rows of `bucketMs`, sorted by key, so that two transactions that touch the same rows meet
 * them in the same order.
 */
export function rollUp(
  events: readonly AttestationEvent[],
  bucketMs: number,
  limiter: FacetLimiter,
): RollupDelta[] {
  const deltas = new Map<string, RollupDelta>();
  for (const event of events) {
    const { appId, receivedAtMs } = event;
    const osVersion = limiter.limit(appId, 'os', event.osVersion, receivedAtMs);
    const appVersion = limiter.limit(appId, 'app', event.appVersion, receivedAtMs);
    const row = {
      appId,
      bucketMs: Math.floor(receivedAtMs / bucketMs) * bucketMs,
      verdict: event.verdict,
      decidingThreat: event.decidingThreat ?? '',
      platform: event.platform,
      osVersion,
      appVersion,
      country: event.country ?? '',
      networkKind: event.networkKind,
      policyVersion: event.policyVersion,
    };
    const { verdict, decidingThreat, platform, country, networkKind, policyVersion } = row;
    const facet = facetId(
      [verdict, decidingThreat, platform, osVersion, appVersion, country, networkKind, policyVersion].join(
        '\n',
      ),
    );
    const name = `${row.appId}\n${row.bucketMs}\n${facet}`;
    const delta = deltas.get(name);
    if (delta === undefined) deltas.set(name, { ...row, facet, events: 1, latencyUs: event.latencyUs });
    else {
      delta.events += 1;
      delta.latencyUs += event.latencyUs;
    }
  }
  return [...deltas].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, delta]) => delta);
}
