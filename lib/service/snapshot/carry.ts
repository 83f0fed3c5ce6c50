import type { CutOffSnapshot } from '@/lib/contracts';
import type { Snapshot } from './state';

/** What a node knows of and its database does not: it was restored to what it was before. */
export interface Forgotten {
  readonly cutOffs: readonly CutOffSnapshot[];
  /** Signing keys that were revoked. */
  readonly kids: readonly string[];
  /** Apps whose configuration had a later version. */
  readonly configs: readonly { appId: string; version: number }[];
}

/**
 * Carries what was revoked over into a snapshot that was loaded anew, so that no reload revives a token; gives what the
 * database has forgotten of it.
 */
export function carryRevocations(known: Snapshot, fresh: Snapshot): Forgotten {
  // A list that the database has forgotten is still what its source said.
  const newer = known.statusList.revocation?.fetchedAt ?? Number.NEGATIVE_INFINITY;
  if (newer > (fresh.statusList.revocation?.fetchedAt ?? Number.NEGATIVE_INFINITY))
    fresh.statusList = { ...known.statusList, maxAgeSeconds: fresh.statusList.maxAgeSeconds };
  const cutOffs: CutOffSnapshot[] = [];
  const loaded = new Map(Array.from(fresh.cutOffs.all(), (one) => [`${one.scope} ${one.target}`, one]));
  for (const cutOff of known.cutOffs.all()) {
    const other = loaded.get(`${cutOff.scope} ${cutOff.target}`);
    if (other !== undefined && other.notBeforeSeconds >= cutOff.notBeforeSeconds) continue;
    fresh.cutOffs.raise(cutOff);
    cutOffs.push(cutOff);
  }
  const kids: string[] = [];
  for (const [kid, { snapshot, key }] of known.keys) {
    if (snapshot.state !== 'revoked' || fresh.keys.get(kid)?.snapshot.state === 'revoked') continue;
    fresh.keys.set(kid, { snapshot, key });
    fresh.publicKeys.set(kid, key);
    kids.push(kid);
  }
  const configs = [...known.apps].flatMap(([appId, { app }]) => {
    const stored = fresh.apps.get(appId)?.app.configVersion;
    return stored !== undefined && stored < app.configVersion ? [{ appId, version: app.configVersion }] : [];
  });
  return { cutOffs, kids, configs };
}
