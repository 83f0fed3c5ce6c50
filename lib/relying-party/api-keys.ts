import type { ApiKeyStatus } from '@/lib/contracts';
import { equalBytes, sha256 } from '@/lib/core';

/** A version of a managed key, as far as a request is judged by it. */
export interface ManagedKeyVersion {
  readonly version: number;
  readonly status: ApiKeyStatus;
  /** When a retiring version ends by itself, in milliseconds. */
  readonly retiresAtMs: number | null;
  /** SHA-256 of the value. */
  readonly hash: Uint8Array;
}

/** A managed key: what requests of one app to some APIs have to present. */
export interface ManagedKey {
  readonly id: string;
  readonly appId: string;
  /** Until it is required, what is presented is only counted. */
  readonly isRequired: boolean;
  readonly versions: readonly ManagedKeyVersion[];
}

/** What a request presented: a version and what that was at the time, or none of the app's key. */
export interface PresentedKey {
  readonly keyId: string;
  readonly appId: string;
  /** `null` where nothing of this key was presented. */
  readonly version: number | null;
  readonly standing: ApiKeyStatus | 'none';
}

/** Longer than any value that was ever made. */
const MAX_VALUE_LENGTH = 256;

/** What a version is at a time: its grace ends by itself, whether or not that has been written down. */
export function standingAt(
  { status, retiresAtMs }: Pick<ManagedKeyVersion, 'status' | 'retiresAtMs'>,
  nowMs: number,
): ApiKeyStatus {
  return status === 'retiring' && !(retiresAtMs !== null && nowMs < retiresAtMs) ? 'revoked' : status;
}

/**
 * The version whose value was presented, also one that has been revoked: whoever still has it should be seen. Every
 * version is compared, each in constant time.
 */
export function matchKey(
  keys: readonly ManagedKey[],
  value: string | null,
  nowMs: number,
): PresentedKey | null {
  if (value === null || value === '' || value.length > MAX_VALUE_LENGTH) return null;
  const hash = sha256(value);
  let found: PresentedKey | null = null;
  for (const key of keys) {
    for (const version of key.versions) {
      if (!equalBytes(version.hash, hash)) continue;
      found = {
        keyId: key.id,
        appId: key.appId,
        version: version.version,
        standing: standingAt(version, nowMs),
      };
    }
  }
  return found;
}

/** The key that an app must present, and what was presented of it; `null` where it has none at this API. */
export function presentedBy(
  appId: string,
  keys: readonly ManagedKey[],
  match: PresentedKey | null,
): { readonly key: ManagedKey; readonly presented: PresentedKey } | null {
  const key = keys.find((candidate) => candidate.appId === appId);
  if (key === undefined) return null;
  if (match?.keyId === key.id) return { key, presented: match };
  return { key, presented: { keyId: key.id, appId, version: null, standing: 'none' } };
}
