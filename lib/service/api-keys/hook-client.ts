import { createHmac } from 'node:crypto';
import { boundedRequest, type OutboundFailure } from '@/lib/outbound';

/** Why a hook gave no answer. Nothing that it said is part of this. */
export type HookFailure =
  | `hook_${OutboundFailure}`
  | 'hook_removed'
  | 'hook_secret_unreadable'
  | 'hook_answer_malformed';

export type HookAnswer = { ok: true; body: unknown } | { ok: false; code: HookFailure };

/** A question to the customer's endpoint. */
export interface HookCall {
  readonly url: string;
  readonly secret: string;
  /** The same for each repetition of one question, so that the endpoint can answer it in the same way. */
  readonly idempotencyKey: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly nowMs: number;
}

/** How a hook may be reached. */
export interface HookLimits {
  /** Allows private addresses, and `http:` with them. */
  readonly allowPrivate: boolean;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** The value of `Countersign-Signature`: the time in seconds, and HMAC-SHA256 over it, a full stop and the body. */
export function hookSignature(secret: string, body: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${mac}`;
}

/**
 * Asks the customer's endpoint, once: signed, over HTTPS to a public address, without following a redirect, for ten
 * seconds and 64 KiB at most, and without content encoding. Never rejects.
 */
export async function callHook(call: HookCall, limits: HookLimits): Promise<HookAnswer> {
  const body = JSON.stringify(call.body);
  const answer = await boundedRequest(
    {
      url: call.url,
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        'Idempotency-Key': call.idempotencyKey,
        'Countersign-Signature': hookSignature(call.secret, body, call.nowMs),
      },
      body,
    },
    {
      allowPrivate: limits.allowPrivate,
      timeoutMs: limits.timeoutMs ?? TIMEOUT_MS,
      maxBytes: MAX_ANSWER_BYTES,
    },
  );
  return answer.ok ? parseAnswer(answer.body.toString('utf8')) : { ok: false, code: `hook_${answer.code}` };
}

function parseAnswer(text: string): HookAnswer {
  try {
    return { ok: true, body: text === '' ? null : JSON.parse(text) };
  } catch {
    return { ok: false, code: 'hook_answer_malformed' };
  }
}
