import { createHmac } from 'node:crypto';
import { CHALLENGE_TTL_SECONDS } from '@/lib/contracts';
import { equalBytes, fromBase64Url, pooledRandomBytes, sha256, toBase64Url } from '@/lib/core';

const RANDOM_BYTES = 32;
const EXPIRY_BYTES = 6;
const MAC_BYTES = 16;
const CHALLENGE_BYTES = RANDOM_BYTES + EXPIRY_BYTES + MAC_BYTES;

/** A challenge as handed out. */
export interface IssuedChallenge {
  challenge: string;
  expiresAtMs: number;
}

/** What a presented challenge turned out to be. `digest` is what its single use is settled by. */
export type ChallengeCheck =
  | { ok: true; digest: Buffer; expiresAtMs: number }
  | { ok: false; why: 'malformed' | 'forged' | 'expired' };

/**
 * Issues a challenge for one app: random bytes, its expiry, and a MAC over both and the app, so that nothing has to be
 * stored until it is used.
 */
export function issueChallenge(key: Buffer, appId: string, nowMs: number): IssuedChallenge {
  const expiresAtMs = nowMs + CHALLENGE_TTL_SECONDS * 1000;
  const body = Buffer.allocUnsafe(RANDOM_BYTES + EXPIRY_BYTES);
  pooledRandomBytes(RANDOM_BYTES).copy(body);
  body.writeUIntBE(expiresAtMs, RANDOM_BYTES, EXPIRY_BYTES);
  return { challenge: toBase64Url(Buffer.concat([body, mac(key, appId, body)])), expiresAtMs };
}

/**
 * Whether this service issued the challenge for this app and it has not expired; that it was not used before is
 * settled when it is consumed. Total.
 */
export function checkChallenge(key: Buffer, appId: string, challenge: string, nowMs: number): ChallengeCheck {
  const bytes = fromBase64Url(challenge);
  if (bytes?.length !== CHALLENGE_BYTES) return { ok: false, why: 'malformed' };
  const body = bytes.subarray(0, RANDOM_BYTES + EXPIRY_BYTES);
  if (!equalBytes(mac(key, appId, body), bytes.subarray(body.length))) return { ok: false, why: 'forged' };
  const expiresAtMs = body.readUIntBE(RANDOM_BYTES, EXPIRY_BYTES);
  if (nowMs >= expiresAtMs) return { ok: false, why: 'expired' };
  return { ok: true, digest: sha256(bytes), expiresAtMs };
}

/** The body has a fixed length, so that no app id can be shifted into it. */
function mac(key: Buffer, appId: string, body: Buffer): Buffer {
  return createHmac('sha256', key).update(body).update(appId).digest().subarray(0, MAC_BYTES);
}
