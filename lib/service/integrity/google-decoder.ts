import { sign } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '@/lib/core';
import type { ServiceAccount } from '@/lib/integrity';
import { boundedRequest, type OutboundAnswer } from '@/lib/outbound';

/** Where Google is asked. */
export interface GoogleEndpoints {
  /** Origin of the Play Integrity API, without a trailing slash. */
  readonly apiUrl: string;
  readonly tokenUrl: string;
  /** Allows private addresses, and `http:` with them. */
  readonly allowPrivate: boolean;
}

/** What Google made of a token: a payload, a refusal of this token, or nothing that says anything about it. */
export type Decoded =
  | { readonly kind: 'decoded'; readonly payload: unknown }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unavailable'; readonly why: string };

/** Takes one call of an app's daily quota; says whether there was one left. */
export type TakeCall = (appId: string, dailyQuota: number) => Promise<boolean>;

const SCOPE = 'https://www.googleapis.com/auth/playintegrity';
const TIMEOUT_MS = 4_000;
const MAX_BYTES = 64 * 1024;
const ASSERTION_SECONDS = 600;
/** An access token is asked for anew this long before it ends. */
const MARGIN_SECONDS = 60;

const accessSchema = z.object({
  access_token: z.string().min(1).max(8_192),
  expires_in: z.number().min(0).max(86_400),
});
const answerSchema = z.object({ tokenPayloadExternal: z.unknown() });

interface Access {
  readonly token: string;
  readonly expiresAtMs: number;
}

/**
 * Has standard tokens decoded by Google: `decodeIntegrityToken` with an access token of the app's service account (RFC
 * 7523). Every call is counted against the app's quota before it is made. Never rejects.
 */
export class GoogleDecoder {
  readonly #endpoints: GoogleEndpoints;
  readonly #clock: Clock;
  readonly #takeCall: TakeCall;
  /** By the account's address and key; one question at a time for each. */
  readonly #access = new Map<string, Promise<Access | string>>();

  constructor(endpoints: GoogleEndpoints, clock: Clock, takeCall: TakeCall) {
    this.#endpoints = endpoints;
    this.#clock = clock;
    this.#takeCall = takeCall;
  }

  async decode(request: {
    appId: string;
    packageName: string;
    token: string;
    account: ServiceAccount;
    dailyQuota: number;
  }): Promise<Decoded> {
    const access = await this.#accessOf(request.account);
    if (typeof access === 'string') return { kind: 'unavailable', why: access };
    try {
      if (!(await this.#takeCall(request.appId, request.dailyQuota))) {
        return { kind: 'unavailable', why: 'the daily quota is used up' };
      }
    } catch {
      return { kind: 'unavailable', why: 'the quota cannot be counted' };
    }
    const answer = await boundedRequest(
      {
        url: `${this.#endpoints.apiUrl}/v1/${encodeURIComponent(request.packageName)}:decodeIntegrityToken`,
        method: 'POST',
        headers: { Authorization: `Bearer ${access.token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ integrity_token: request.token }),
      },
      this.#limits(),
    );
    if (!answer.ok && answer.status === 401) this.#access.delete(nameOf(request.account));
    return readDecoded(answer);
  }

  #limits() {
    return { allowPrivate: this.#endpoints.allowPrivate, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES };
  }

  /** A living access token of the account, or why there is none. */
  async #accessOf(account: ServiceAccount): Promise<Access | string> {
    const name = nameOf(account);
    const known = await this.#access.get(name);
    if (typeof known === 'object' && known.expiresAtMs > this.#clock.nowMs()) return known;
    // Whoever comes meanwhile waits for the same question.
    let asked = this.#access.get(name);
    if (asked === undefined || (await asked) === known) {
      asked = this.#askForAccess(account);
      this.#access.set(name, asked);
    }
    const access = await asked;
    if (typeof access === 'string') this.#access.delete(name);
    return access;
  }

  async #askForAccess(account: ServiceAccount): Promise<Access | string> {
    const nowSeconds = Math.floor(this.#clock.nowMs() / 1000);
    const assertion = signAssertion(account, this.#endpoints.tokenUrl, nowSeconds);
    const answer = await boundedRequest(
      {
        url: this.#endpoints.tokenUrl,
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          assertion,
        }).toString(),
      },
      this.#limits(),
    );
    if (!answer.ok) return `Google gave no access token (${whyOf(answer)})`;
    const parsed = accessSchema.safeParse(parseJson(answer.body));
    if (!parsed.success) return 'Google gave no access token (malformed)';
    const { access_token: token, expires_in: seconds } = parsed.data;
    const lifeSeconds = Math.max(0, seconds - MARGIN_SECONDS);
    return { token, expiresAtMs: this.#clock.nowMs() + lifeSeconds * 1000 };
  }
}

function nameOf({ email, keyId }: ServiceAccount): string {
  return `${email}\n${keyId ?? ''}`;
}

function signAssertion({ email, keyId, privateKey }: ServiceAccount, audience: string, nowSeconds: number) {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = part({ alg: 'RS256', typ: 'JWT', ...(keyId === null ? {} : { kid: keyId }) });
  const claims = part({
    iss: email,
    scope: SCOPE,
    aud: audience,
    iat: nowSeconds,
    exp: nowSeconds + ASSERTION_SECONDS,
  });
  const input = `${header}.${claims}`;
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
}

/** Only `400` is Google's word about this token; everything else is about us, or about the moment. */
function readDecoded(answer: OutboundAnswer): Decoded {
  if (!answer.ok) {
    return answer.status === 400
      ? { kind: 'refused' }
      : { kind: 'unavailable', why: `Google did not decode (${whyOf(answer)})` };
  }
  const parsed = answerSchema.safeParse(parseJson(answer.body));
  return parsed.success && parsed.data.tokenPayloadExternal !== undefined
    ? { kind: 'decoded', payload: parsed.data.tokenPayloadExternal }
    : { kind: 'unavailable', why: 'Google answered something else' };
}

function whyOf({ code, status }: Extract<OutboundAnswer, { ok: false }>): string {
  return status === undefined ? code : `${code} ${status}`;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
