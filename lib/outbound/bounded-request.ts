import { type AddressGuard, createAddressGuard } from './address-guard';
import { type ExchangeFailure, type ExchangeRequest, exchange } from './exchange';

/** Why a request gave no answer that can be used. Nothing that the other side said is part of this. */
export type OutboundFailure = Exclude<ExchangeFailure, 'address_refused'> | 'address_private' | 'status';

/** What came of a request; `status` is that of an answer which was no success. */
export type OutboundAnswer =
  | { readonly ok: true; readonly body: Buffer }
  | { readonly ok: false; readonly code: OutboundFailure; readonly status?: number };

/** How far a request may go. */
export interface OutboundLimits {
  /** Allows private addresses, and `http:` with them. */
  readonly allowPrivate: boolean;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** No exceptions: an operator allows private addresses as a whole, or not at all. */
const PUBLIC: AddressGuard = createAddressGuard([]);
const ANY: AddressGuard = { allows: () => true };

/**
 * Makes one request over HTTPS to a public address, for an answer that is a success: without following a redirect, within
 * a time and a size, and without content encoding. Never rejects.
 */
export async function boundedRequest(
  request: ExchangeRequest,
  { allowPrivate, timeoutMs, maxBytes }: OutboundLimits,
): Promise<OutboundAnswer> {
  const outcome = await exchange(request, {
    guard: allowPrivate ? ANY : PUBLIC,
    plainHttp: allowPrivate ? 'anywhere' : 'nowhere',
    readsFailures: false,
    timeoutMs,
    mostBytes: maxBytes,
  });
  if (!outcome.ok) {
    const { code } = outcome;
    return { ok: false, code: code === 'address_refused' ? 'address_private' : code };
  }
  const { status, body } = outcome;
  return status >= 200 && status < 300 ? { ok: true, body } : { ok: false, code: 'status', status };
}
