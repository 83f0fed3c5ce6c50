import type { Change, ChangePayloads, ChangeTopic } from '@/lib/contracts';
import { publicKeyOf } from '@/lib/tokens';
import { apiConfig, appEntry, type Snapshot } from './state';

/** How each topic changes a snapshot. Every payload is the whole new state of its entity, so twice is as good as once. */
const APPLY: {
  readonly [Topic in ChangeTopic]: (snapshot: Snapshot, payload: ChangePayloads[Topic]) => void;
} = {
  app: ({ apps }, app) => {
    apps.set(app.id, appEntry(app));
  },
  api: ({ apis }, api) => {
    apis.set(api.id, apiConfig(api));
  },
  block: ({ blocks }, { id, appId, target, expiresAtMs, active }) => {
    if (active) blocks.set(target, { id, appId, expiresAtMs });
    // The end of one block must not lift its successor.
    else if (blocks.get(target)?.id === id) blocks.delete(target);
  },
  signing_key: ({ keys, publicKeys }, key) => {
    const known = keys.get(key.kid);
    const isSame =
      known?.snapshot.publicJwk.x === key.publicJwk.x && known.snapshot.publicJwk.y === key.publicJwk.y;
    // The same object while the key is the same: tokens that it has verified stay verified.
    const entry = { snapshot: key, key: isSame ? known.key : publicKeyOf(key.publicJwk) };
    keys.set(key.kid, entry);
    publicKeys.set(key.kid, entry.key);
  },
  api_key: ({ apiKeys }, key) => apiKeys.set(key),
};

/**
 * Applies the next change and moves the snapshot's position, in one synchronous step.
 * @throws RangeError where the change is not the next one: the reader has to reload then
 */
export function applyChange(snapshot: Snapshot, change: Change): void {
  if (change.seq !== snapshot.seq + 1) {
    throw new RangeError(`Change ${change.seq} does not follow ${snapshot.seq}.`);
  }
  // The compiler cannot see that a change's payload belongs to its topic.
  const apply = APPLY[change.topic] as (snapshot: Snapshot, payload: Change['payload']) => void;
  apply(snapshot, change.payload);
  snapshot.seq = change.seq;
}

/** Forgets blocks that ended by themselves; a view on them is never asked for once they have. */
export function dropExpiredBlocks(snapshot: Snapshot, nowMs: number): void {
  for (const [target, { expiresAtMs }] of snapshot.blocks) {
    if (expiresAtMs !== null && expiresAtMs <= nowMs) snapshot.blocks.delete(target);
  }
}
