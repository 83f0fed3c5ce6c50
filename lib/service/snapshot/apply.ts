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
  block: ({ blocks }, { active, ...entry }) => {
    if (!active) blocks.end(entry);
    else if (!blocks.set(entry)) throw new RangeError(`The target of block ${entry.id} cannot be read.`);
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
};

/**
 * Applies the next change and moves the snapshot's position, in one synchronous step.
 * @throws RangeError where the change is not the next one, or cannot be read: the reader has to reload then
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
