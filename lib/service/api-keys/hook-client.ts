import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { createAddressGuard } from '@/lib/outbound';

/** Why a hook gave no answer. Nothing that it said is part of this. */
export type HookFailure =
  | 'hook_removed'
  | 'hook_url_refused'
  | 'hook_secret_unreadable'
  | 'hook_address_private'
  | 'hook_unreachable'
  | 'hook_timeout'
  | 'hook_redirected'
  | 'hook_status'
  | 'hook_encoding_refused'
  | 'hook_answer_too_large'
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

/** No exceptions: an operator allows private addresses as a whole, or not at all. */
const publicOnly = createAddressGuard([]);

class PrivateAddressError extends Error {}

/** Resolves names as usual, and refuses a private address where it is used: what is looked up is what is connected to. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error !== null) callback(error, []);
    else if (first === undefined || addresses.some(({ address }) => !publicOnly.allows(address))) {
      callback(new PrivateAddressError('private'), []);
    } else if (options.all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

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
  const url = URL.canParse(call.url) ? new URL(call.url) : null;
  const isWeb = url?.protocol === 'https:' || (url?.protocol === 'http:' && limits.allowPrivate);
  if (url === null || !isWeb || url.username !== '' || url.password !== '') {
    return { ok: false, code: 'hook_url_refused' };
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // Node resolves no literal address, so that the look-up would not see it.
  if (!limits.allowPrivate && isIP(host) !== 0 && !publicOnly.allows(host)) {
    return { ok: false, code: 'hook_address_private' };
  }
  return await exchange(url, call, limits);
}

function exchange(url: URL, call: HookCall, limits: HookLimits): Promise<HookAnswer> {
  const body = JSON.stringify(call.body);
  return new Promise((resolve) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      method: 'POST',
      agent: false,
      ...(limits.allowPrivate ? {} : { lookup: publicLookup }),
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        Accept: 'application/json',
        'Accept-Encoding': 'identity',
        'Idempotency-Key': call.idempotencyKey,
        'Countersign-Signature': hookSignature(call.secret, body, call.nowMs),
      },
    });
    const finish = (answer: HookAnswer) => {
      clearTimeout(timer);
      request.destroy();
      resolve(answer);
    };
    const timer = setTimeout(
      () => finish({ ok: false, code: 'hook_timeout' }),
      limits.timeoutMs ?? TIMEOUT_MS,
    );
    request.on('error', (error) =>
      finish({
        ok: false,
        code: error instanceof PrivateAddressError ? 'hook_address_private' : 'hook_unreachable',
      }),
    );
    request.on('response', (response) => readAnswer(response, finish));
    request.end(body);
  });
}

function readAnswer(response: http.IncomingMessage, finish: (answer: HookAnswer) => void): void {
  const fail = (code: HookFailure) => finish({ ok: false, code });
  const refusal = refusalOf(response);
  if (refusal !== null) {
    fail(refusal);
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) fail('hook_answer_too_large');
    else chunks.push(chunk);
  });
  response.on('error', () => fail('hook_unreachable'));
  response.on('end', () => finish(parseAnswer(Buffer.concat(chunks).toString('utf8'))));
}

/** What speaks against an answer before its body is read. */
function refusalOf({ statusCode = 0, headers }: http.IncomingMessage): HookFailure | null {
  if (statusCode >= 300 && statusCode < 400) return 'hook_redirected';
  if (statusCode < 200 || statusCode > 299) return 'hook_status';
  const encoding = headers['content-encoding'] ?? 'identity';
  return encoding === 'identity' ? null : 'hook_encoding_refused';
}

function parseAnswer(text: string): HookAnswer {
  try {
    return { ok: true, body: text === '' ? null : JSON.parse(text) };
  } catch {
    return { ok: false, code: 'hook_answer_malformed' };
  }
}
