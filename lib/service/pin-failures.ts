import { isRefused } from '@/lib/block-list';
import { recordPinFailure } from '@/lib/certificates';
import { pinFailureReportSchema } from '@/lib/contracts';
import { AppError, type ErrorCode, type Logger } from '@/lib/core';
import type { Database, DatabaseClock } from '@/lib/db';
import { presentedToken, type RelyingPartyState } from '@/lib/relying-party';
import {
  authenticateToken,
  checkIssuerAndTimes,
  LEEWAY_SECONDS,
  MAX_TOKEN_LENGTH,
  type TokenClaims,
} from '@/lib/tokens';
import type { NetworkReader } from './address';
import { describeError } from './describe-error';
import { type Answer, json } from './http/answer';
import { headerOf } from './http/header';
import { parseAs, readJson } from './http/parse-body';
import type { Exchange, Route } from './http/router';
import type { SnapshotFollower } from './snapshot/follow';

/** What the route works with. */
export interface PinFailureContext {
  readonly db: Database;
  readonly clock: DatabaseClock;
  readonly follower: SnapshotFollower;
  readonly view: RelyingPartyState;
  readonly networks: NetworkReader;
  readonly logger: Logger;
}

const PER_MINUTE = 10;
const MINUTE_MS = 60_000;
const MOST_REMEMBERED = 10_000;

/**
 * `POST /v1/pin-failures`: a device that was refused by its own pins tells so, with the chain that it was shown. Its
 * attestation token vouches for it, bound to another credential or not, because the report gives nothing in return.
 */
export function pinFailureRoute(context: PinFailureContext): Route {
  const limiter = new ReportLimiter();
  return {
    method: 'POST',
    path: '/v1/pin-failures',
    handle: (exchange) => report(context, limiter, exchange),
  };
}

async function report(
  context: PinFailureContext,
  limiter: ReportLimiter,
  { incoming }: Exchange,
): Promise<Answer> {
  const nowMs = context.clock.nowMs();
  const token = presentedToken(
    headerOf(incoming, 'attestation-token'),
    incoming.headers.authorization ?? null,
  );
  const { sub, aud } = requireToken(context.view, token, nowMs);
  if (!limiter.admits(sub, nowMs)) throw new AppError('rate_limited');
  const { host, chain } = parseAs(pinFailureReportSchema, await readJson(incoming));
  const pins = context.follower.snapshot.apps.get(aud)?.app.config.pins ?? [];
  const { prefix, kind, asn, country } = context.networks.read(
    incoming.socket.remoteAddress,
    headerOf(incoming, 'x-forwarded-for'),
  );
  const reported = {
    instanceId: sub,
    appId: aud,
    host,
    chain: chain.map((der) => Buffer.from(der, 'base64url')),
    network: { prefix, kind, asn, country },
  };
  try {
    const failure = await recordPinFailure(context.db, reported, pins, nowMs);
    return json(202, { kind: failure.kind });
  } catch (error) {
    if (error instanceof AppError) throw error;
    context.logger.warn({ error: describeError(error) }, 'a failure of pinning cannot be filed');
    throw new AppError('service_unavailable', { cause: error });
  }
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  malformed: 'token_malformed',
  bad_signature: 'token_bad_signature',
  expired: 'token_expired',
};

/** A report is made to the service itself: no cut-off of a protected API concerns it. */
const NO_API = '';

/** The claims of a token that is good now. @throws AppError with the code of what is wrong with it */
function requireToken(view: RelyingPartyState, token: string | null, nowMs: number): TokenClaims {
  if (token === null) throw new AppError('token_missing');
  if (token.length > MAX_TOKEN_LENGTH) throw new AppError('token_malformed');
  const authentic = authenticateToken(token, view.keys);
  if (!authentic.ok) throw new AppError(CODES[authentic.outcome] ?? 'token_malformed');
  const { claims, kid } = authentic.token;
  if (!view.isKeyAlive(kid) || claims.iat < view.cutOffSeconds(claims.aud, kid, claims.sub, NO_API)) {
    throw new AppError('token_revoked');
  }
  const expectations = { nowMs, issuer: view.issuer, leewaySeconds: LEEWAY_SECONDS };
  const outcome = checkIssuerAndTimes(claims, expectations);
  if (outcome !== null) throw new AppError(CODES[outcome] ?? 'token_malformed');
  if (isRefused(view.blockDecision(claims.sub, claims.aud, null))) throw new AppError('device_blocked');
  return claims;
}

/** At most so many reports a minute of one device; what is remembered is bounded. */
class ReportLimiter {
  #minute = 0;
  #counts = new Map<string, number>();

  admits(instanceId: string, nowMs: number): boolean {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute !== this.#minute || this.#counts.size >= MOST_REMEMBERED) {
      this.#minute = minute;
      this.#counts = new Map();
    }
    const count = (this.#counts.get(instanceId) ?? 0) + 1;
    this.#counts.set(instanceId, count);
    return count <= PER_MINUTE;
  }
}
