import { lookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { createAddressGuard } from './address-guard';

/** Why a request gave no answer that can be used. Nothing that the other side said is part of this. */
export type OutboundFailure =
  | 'url_refused'
  | 'address_private'
  | 'unreachable'
  | 'timeout'
  | 'redirected'
  | 'status'
  | 'encoding_refused'
  | 'answer_too_large';

/** What came of a request; `status` is that of an answer which was no success. */
export type OutboundAnswer =
  | { readonly ok: true; readonly body: Buffer }
  | { readonly ok: false; readonly code: OutboundFailure; readonly status?: number };

/** A request to be made once. */
export interface OutboundRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How far it may go. */
export interface OutboundLimits {
  /** Allows private addresses, and `http:` with them. */
  readonly allowPrivate: boolean;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

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

/**
 * Makes one request over HTTPS to a public address, without following a redirect, within a time and a size, and without
 * content encoding. Never rejects.
 */
export async function boundedRequest(
  request: OutboundRequest,
  limits: OutboundLimits,
): Promise<OutboundAnswer> {
  const url = URL.canParse(request.url) ? new URL(request.url) : null;
  const isWeb = url?.protocol === 'https:' || (url?.protocol === 'http:' && limits.allowPrivate);
  if (url === null || !isWeb || url.username !== '' || url.password !== '') {
    return { ok: false, code: 'url_refused' };
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // Node resolves no literal address, so that the look-up would not see it.
  if (!limits.allowPrivate && isIP(host) !== 0 && !publicOnly.allows(host)) {
    return { ok: false, code: 'address_private' };
  }
  return await exchange(url, request, limits);
}

function exchange(
  url: URL,
  { method, headers, body }: OutboundRequest,
  limits: OutboundLimits,
): Promise<OutboundAnswer> {
  return new Promise((resolve) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      method,
      agent: false,
      ...(limits.allowPrivate ? {} : { lookup: publicLookup }),
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }),
        'Accept-Encoding': 'identity',
      },
    });
    const finish = (answer: OutboundAnswer) => {
      clearTimeout(timer);
      request.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => finish({ ok: false, code: 'timeout' }), limits.timeoutMs);
    request.on('error', (error) =>
      finish({
        ok: false,
        code: error instanceof PrivateAddressError ? 'address_private' : 'unreachable',
      }),
    );
    request.on('response', (response) => readAnswer(response, limits.maxBytes, finish));
    request.end(body);
  });
}

function readAnswer(
  response: http.IncomingMessage,
  maxBytes: number,
  finish: (answer: OutboundAnswer) => void,
): void {
  const refusal = refusalOf(response);
  if (refusal !== null) {
    finish(refusal);
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) finish({ ok: false, code: 'answer_too_large' });
    else chunks.push(chunk);
  });
  response.on('error', () => finish({ ok: false, code: 'unreachable' }));
  response.on('end', () => finish({ ok: true, body: Buffer.concat(chunks) }));
}

/** What speaks against an answer before its body is read. */
function refusalOf({ statusCode = 0, headers }: http.IncomingMessage): OutboundAnswer | null {
  if (statusCode >= 300 && statusCode < 400) return { ok: false, code: 'redirected', status: statusCode };
  if (statusCode < 200 || statusCode > 299) return { ok: false, code: 'status', status: statusCode };
  const encoding = headers['content-encoding'] ?? 'identity';
  return encoding === 'identity' ? null : { ok: false, code: 'encoding_refused' };
}
