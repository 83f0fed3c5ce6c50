import { importPKCS8, SignJWT } from 'jose';
import { fromBase64 } from '@/lib/core';
import { type ExchangeLimits, exchange } from '@/lib/outbound';

/** Apple's endpoints for receipts, by the environment of the attestation. */
export interface AppleEndpoints {
  readonly production: string;
  readonly development: string;
}

const PATH = '/v1/attestationData';
/** A receipt has about 4 KB. */
const MOST_BYTES = 64 * 1024;
const TIMEOUT_MS = 10_000;

/** What Apple answered, as its guide documents the statuses. */
export type AppleAnswer =
  | { readonly kind: 'receipt'; readonly receipt: Uint8Array }
  /** 304: asked before the first day that the receipt states. */
  | { readonly kind: 'too_early' }
  /** 400 and 404: nothing will come of this receipt. */
  | { readonly kind: 'refused'; readonly error: 'apple_bad_request' | 'apple_not_found' }
  /** It speaks against asking about any receipt of this team for now. */
  | { readonly kind: 'unavailable'; readonly error: string; readonly retryAfterSeconds: number | null };

/** The token that tells Apple whose receipts these are: ES256 with the team's key. @throws where it is no P-256 key */
export async function teamToken(
  team: { teamId: string; keyId: string; privateKeyPem: string },
  nowMs: number,
): Promise<string> {
  const key = await importPKCS8(team.privateKeyPem, 'ES256');
  return await new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: team.keyId })
    .setIssuer(team.teamId)
    .setIssuedAt(Math.floor(nowMs / 1000))
    .sign(key);
}

/** Asks Apple for the successor of a receipt, once, within bounds. Never rejects. */
export async function askApple(
  question: { receipt: Uint8Array; token: string; endpoint: string },
  guard: ExchangeLimits['guard'],
  timeoutMs = TIMEOUT_MS,
): Promise<AppleAnswer> {
  const answer = await exchange(
    {
      url: question.endpoint.replace(/\/+$/, '') + PATH,
      method: 'POST',
      headers: { Authorization: question.token, 'Content-Type': 'text/plain' },
      body: Buffer.from(question.receipt).toString('base64'),
    },
    { guard, timeoutMs, mostBytes: MOST_BYTES },
  );
  if (!answer.ok) return { kind: 'unavailable', error: answer.code, retryAfterSeconds: null };
  if (answer.status === 200) {
    const receipt = fromBase64(answer.body.toString('latin1').trim());
    return receipt === undefined
      ? { kind: 'unavailable', error: 'apple_answer_malformed', retryAfterSeconds: null }
      : { kind: 'receipt', receipt };
  }
  return OF_STATUS[answer.status] ?? unavailable(answer.status, answer.headers['retry-after']);
}

const OF_STATUS: Readonly<Record<number, AppleAnswer>> = {
  304: { kind: 'too_early' },
  400: { kind: 'refused', error: 'apple_bad_request' },
  404: { kind: 'refused', error: 'apple_not_found' },
};

const SECONDS = /^\d{1,6}$/;

function unavailable(status: number, retryAfter: string | undefined): AppleAnswer {
  const error =
    status === 401 ? 'apple_unauthorized' : status === 429 ? 'apple_too_many' : 'apple_unavailable';
  const stated = retryAfter !== undefined && SECONDS.test(retryAfter) ? Number(retryAfter) : null;
  return { kind: 'unavailable', error, retryAfterSeconds: stated };
}
