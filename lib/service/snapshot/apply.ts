import {
  type Change,
  type ChangePayloads,
  type ChangeTopic,
  MAX_TOKEN_TTL_SECONDS,
  REVOKING_TOPICS,
} from '@/lib/contracts';
import { LEEWAY_SECONDS, publicKeyOf } from '@/lib/tokens';
import { apiConfig, appEntry, type Snapshot } from './state';
import { nextStatusList } from './status-list';

/** How each topic changes a snapshot. Every payload is the whole new state of its entity, so twice is as good as once. */
const APPLY: {
  readonly [Topic in ChangeTopic]: (snapshot: Snapshot, payload: ChangePayloads[Topic]) => void;
} = {
  app: ({ apps }, app) => {
    apps.set(app.id, appEntry(app, apps.get(app.id)));
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
    // Revocation is final, whatever a database that was restored says.
    const state = isSame && known.snapshot.state === 'revoked' ? 'revoked' : key.state;
    const entry = { snapshot: { ...key, state }, key: isSame ? known.key : publicKeyOf(key.publicJwk) };
    keys.set(key.kid, entry);
    publicKeys.set(key.kid, entry.key);
  },
  cut_off: ({ cutOffs }, cutOff) => cutOffs.raise(cutOff),
  api_key: ({ apiKeys }, key) => apiKeys.set(key),
  relying_party: ({ relyingParties }, { id, credentialHash, active }) => {
    if (active) relyingParties.set(credentialHash, id);
    else relyingParties.delete(credentialHash);
  },
  status_list: (snapshot, list) => {
    snapshot.statusList = nextStatusList(snapshot.statusList, list);
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
  if (REVOKING_TOPICS.has(change.topic)) snapshot.revokedSeq = change.seq;
}

/** For how long a cut-off can matter, in seconds: until the longest-lived token that is older has expired everywhere. */
const CUT_OFF_MATTERS_SECONDS = MAX_TOKEN_TTL_SECONDS + 2 * LEEWAY_SECONDS;

/** Forgets cut-offs of single instances that no living token can be older than. */
export function dropPastCutOffs({ cutOffs }: Snapshot, nowMs: number): void {
  cutOffs.dropInstancesBefore(Math.floor(nowMs / 1000) - CUT_OFF_MATTERS_SECONDS);
}
