import { lookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { AddressGuard } from './address-guard';

/** Why an exchange gave no answer. Nothing that the other side said is part of this. */
export const EXCHANGE_FAILURES = [
  'url_refused',
  'address_refused',
  'unreachable',
  'timeout',
  'redirected',
  'encoding_refused',
  'answer_too_large',
] as const;
export type ExchangeFailure = (typeof EXCHANGE_FAILURES)[number];

/** A request to a server that an operator, or this build, names. */
export interface ExchangeRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What an exchange may cost, and where it may go. */
export interface ExchangeLimits {
  readonly guard: AddressGuard;
  /** Of the whole exchange. */
  readonly timeoutMs: number;
  readonly mostBytes: number;
  /** Where `http:` may go; absent: to this machine itself, where nobody listens in between. */
  readonly plainHttp?: 'nowhere' | 'loopback' | 'anywhere';
  /** Whether the body of an answer that is no success is read; absent: it is. */
  readonly readsFailures?: boolean;
}

export interface ExchangeAnswer {
  readonly ok: true;
  /** Any but a redirect, which is a failure; 304 is an answer. */
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export type ExchangeOutcome = ExchangeAnswer | { readonly ok: false; readonly code: ExchangeFailure };

class RefusedAddressError extends Error {}

/** Resolves names as usual, and refuses where an address is used: what is looked up is what is connected to. */
function guardedLookup(guard: AddressGuard): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null) callback(error, []);
      else if (first === undefined || addresses.some(({ address }) => !guard.allows(address))) {
        callback(new RefusedAddressError('refused'), []);
      } else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** Whether a literal address may be connected to: Node resolves none, so that the look-up would not see it. */
function isAllowedHost({ hostname }: URL, guard: AddressGuard): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 || guard.allows(host);
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** HTTPS; and plain HTTP as far as it may go. */
function isAllowedScheme({ protocol, hostname }: URL, plainHttp: ExchangeLimits['plainHttp']): boolean {
  if (protocol !== 'http:' || plainHttp === 'nowhere') return protocol === 'https:';
  return plainHttp === 'anywhere' || LOOPBACK.has(hostname);
}

/**
 * One request and its answer: to addresses that the guard allows, without credentials in the URL, without following a
 * redirect, within bounds of time and size, and without content encoding. Never rejects.
 */
export async function exchange(request: ExchangeRequest, limits: ExchangeLimits): Promise<ExchangeOutcome> {
  const url = URL.canParse(request.url) ? new URL(request.url) : null;
  if (url === null || !isAllowedScheme(url, limits.plainHttp) || url.username !== '' || url.password !== '')
    return { ok: false, code: 'url_refused' };
  if (!isAllowedHost(url, limits.guard)) return { ok: false, code: 'address_refused' };
  return await send(url, request, limits);
}

function send(url: URL, request: ExchangeRequest, limits: ExchangeLimits): Promise<ExchangeOutcome> {
  return new Promise((resolve) => {
    const outgoing = (url.protocol === 'https:' ? https : http).request(url, {
      method: request.method,
      agent: false,
      lookup: guardedLookup(limits.guard),
      headers: {
        ...request.headers,
        'Accept-Encoding': 'identity',
        ...(request.body === undefined ? {} : { 'Content-Length': Buffer.byteLength(request.body) }),
      },
    });
    const finish = (outcome: ExchangeOutcome) => {
      clearTimeout(timer);
      outgoing.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => finish({ ok: false, code: 'timeout' }), limits.timeoutMs);
    outgoing.on('error', (error) =>
      finish({ ok: false, code: error instanceof RefusedAddressError ? 'address_refused' : 'unreachable' }),
    );
    outgoing.on('response', (response) => receive(response, limits, finish));
    outgoing.end(request.body);
  });
}

const NOT_MODIFIED = 304;

/** What speaks against an answer before its body is read. */
function refusalOf(status: number, headers: http.IncomingHttpHeaders): ExchangeFailure | null {
  if (status >= 300 && status < 400 && status !== NOT_MODIFIED) return 'redirected';
  return (headers['content-encoding'] ?? 'identity') === 'identity' ? null : 'encoding_refused';
}

function receive(
  response: http.IncomingMessage,
  { mostBytes, readsFailures = true }: ExchangeLimits,
  finish: (outcome: ExchangeOutcome) => void,
): void {
  const fail = (code: ExchangeFailure) => finish({ ok: false, code });
  const { statusCode: status = 0, headers } = response;
  const isSuccess = status >= 200 && status < 300;
  const isRedirect = status >= 300 && status < 400;
  if (!(readsFailures || isSuccess || isRedirect)) {
    finish({ ok: true, status, headers, body: Buffer.alloc(0) });
    return;
  }
  const refusal = refusalOf(status, headers);
  if (refusal !== null) {
    fail(refusal);
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > mostBytes) fail('answer_too_large');
    else chunks.push(chunk);
  });
  response.on('aborted', () => fail('unreachable'));
  response.on('error', () => fail('unreachable'));
  response.on('end', () => {
    // A body that was cut off ends without an error where its length was not said.
    if (response.complete) finish({ ok: true, status, headers, body: Buffer.concat(chunks) });
    else fail('unreachable');
  });
}
