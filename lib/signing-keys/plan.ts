import { MAX_TOKEN_TTL_SECONDS, type SigningKeyState } from '@/lib/contracts';
import { LEEWAY_SECONDS } from '@/lib/tokens';

/**
 * For how long a key is published before it signs: five lifetimes of the JWKS in a cache, which is also longer than a node
 * that fell silent goes on serving an old one.
 */
export const PUBLISHED_BEFORE_SIGNING_MS = 300_000;
/** For how long a node that fell silent may still sign with a key that was replaced: its view counts for 60 s. */
const SILENT_NODE_SECONDS = 65;
/** For how long a key verifies after it was replaced: until the last token that it may have signed has expired. */
export const VERIFIES_AFTER_SIGNING_MS =
  (MAX_TOKEN_TTL_SECONDS + LEEWAY_SECONDS + SILENT_NODE_SECONDS) * 1000;

/** What a plan is made from: a key without its key. */
export interface PlannedKey {
  readonly kid: string;
  readonly state: SigningKeyState;
  readonly createdAt: Date;
  readonly retiresAt: Date | null;
}

/** One change of the keys' states, which commits as a whole. After any of them the next one follows from what is stored. */
export type KeyStep =
  | { readonly kind: 'create'; readonly state: 'staged' | 'active' }
  | { readonly kind: 'activate'; readonly kid: string; readonly replaces: readonly string[] }
  | { readonly kind: 'retire'; readonly kid: string };

/**
 * The next step that is due, `null` where there is none: a key must sign, another must be published to take over from it,
 * a rotation that was asked for comes once that one has been published for long enough, and a key that was replaced is
 * retired when its last token has expired.
 */
export function nextStep(
  keys: readonly PlannedKey[],
  isRotationPending: boolean,
  nowMs: number,
): KeyStep | null {
  const inState = (state: SigningKeyState) => keys.filter((key) => key.state === state);
  const active = inState('active').map(({ kid }) => kid);
  const [next] = inState('staged').toSorted(oldestFirst);
  if (active.length === 0) {
    // Nothing can sign: the next key does at once, although some relying parties may have to fetch it first.
    return next ? { kind: 'activate', kid: next.kid, replaces: [] } : { kind: 'create', state: 'active' };
  }
  if (next === undefined) return { kind: 'create', state: 'staged' };
  if (isRotationPending && nowMs >= maySignAtMs(next)) {
    return { kind: 'activate', kid: next.kid, replaces: active };
  }
  const spent = inState('retiring').find(
    ({ retiresAt }) => retiresAt !== null && retiresAt.getTime() <= nowMs,
  );
  return spent ? { kind: 'retire', kid: spent.kid } : null;
}

/** From when a staged key may take over. */
export function maySignAtMs({ createdAt }: Pick<PlannedKey, 'createdAt'>): number {
  return createdAt.getTime() + PUBLISHED_BEFORE_SIGNING_MS;
}

function oldestFirst(a: PlannedKey, b: PlannedKey): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.kid < b.kid ? -1 : 1);
}
