import type { StatusListSnapshot } from '@/lib/contracts';
import { parseRevocationList, type RevocationSnapshot } from '@/lib/evidence';

/** The vendor's list of revoked attestation keys as a node holds it. */
export interface StatusList {
  readonly digest: string | null;
  /** `null` while there is none: production apps refuse what needs one. */
  readonly revocation: RevocationSnapshot | null;
  readonly maxAgeSeconds: number | null;
}

/** Before anything is known: there is no list, and any age is too much. */
export const NO_STATUS_LIST: StatusList = { digest: null, revocation: null, maxAgeSeconds: 0 };

/**
 * What is held after a change. A list that its source confirmed earlier than the one that is held, from a database that
 * was restored, replaces nothing. @throws RangeError for a list that is named and not there, or cannot be read
 */
export function nextStatusList(known: StatusList, change: StatusListSnapshot): StatusList {
  const { digest, fetchedAtMs, maxAgeSeconds, list } = change;
  const isOlder =
    fetchedAtMs === null || fetchedAtMs < (known.revocation?.fetchedAt ?? Number.NEGATIVE_INFINITY);
  if (digest === null || isOlder) return { ...known, maxAgeSeconds };
  if (digest === known.digest && known.revocation !== null)
    return {
      digest,
      maxAgeSeconds,
      revocation: { entries: known.revocation.entries, fetchedAt: fetchedAtMs },
    };
  const revocation = list === null ? undefined : parseRevocationList(Buffer.from(list, 'utf8'), fetchedAtMs);
  if (revocation === undefined) throw new RangeError(`The status list ${digest} cannot be read.`);
  return { digest, revocation, maxAgeSeconds };
}

/** What is held of a list that was loaded; one that cannot be read is none, which refuses. */
export function loadedStatusList(source: StatusListSnapshot): StatusList {
  try {
    return nextStatusList(NO_STATUS_LIST, source);
  } catch {
    return { ...NO_STATUS_LIST, maxAgeSeconds: source.maxAgeSeconds };
  }
}
