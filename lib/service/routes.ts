import { appIdSchema, challengeRequestSchema, type SigningKeyState } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { jwksDocument } from '@/lib/tokens';
import { ATTESTATION } from './attestation/attest';
import { type AttestationContext, requireApp } from './attestation/context';
import { ENROLMENT } from './attestation/enrol';
import { processAttestation } from './attestation/process';
import { issueChallenge } from './challenges';
import { type Answer, json } from './http/answer';
import { headerOf } from './http/header';
import { parseAs, readJson } from './http/parse-body';
import type { Exchange, Route } from './http/router';
import { openApiDocument } from './openapi';
import { type Readiness, readinessAnswer } from './ops';

/** How long keys and configuration may be kept by those who fetched them, in seconds. */
const PUBLIC_MAX_AGE_SECONDS = 60;
const CACHEABLE = ['Cache-Control', `public, max-age=${PUBLIC_MAX_AGE_SECONDS}`];

/** The routes that devices, caches and operators use (PROTOCOL §1, §4). */
export function createRoutes(context: AttestationContext, readiness: Readiness): Route[] {
  const openApi = JSON.stringify(openApiDocument({ issuer: context.issuer, build: context.build }));
  return [
    { method: 'POST', path: '/v1/challenges', handle: (exchange) => challenge(context, exchange) },
    {
      method: 'POST',
      path: '/v1/instances',
      handle: (exchange) => processAttestation(ENROLMENT, context, exchange),
    },
    {
      method: 'POST',
      path: '/v1/attestations',
      handle: (exchange) => processAttestation(ATTESTATION, context, exchange),
    },
    { method: 'GET', path: '/v1/apps/:appId/config', handle: (exchange) => config(context, exchange) },
    { method: 'GET', path: '/v1/apps/:appId/jwks.json', handle: (exchange) => appJwks(context, exchange) },
    { method: 'GET', path: '/.well-known/jwks.json', handle: () => jwks(context) },
    {
      method: 'GET',
      path: '/v1/openapi.json',
      handle: () => ({
        status: 200,
        headers: ['Content-Type', 'application/json', ...CACHEABLE],
        body: openApi,
      }),
    },
    { method: 'GET', path: '/healthz', handle: () => json(200, { status: 'ok' }) },
    { method: 'GET', path: '/readyz', handle: () => readinessAnswer(readiness) },
  ];
}

async function challenge(context: AttestationContext, { incoming }: Exchange): Promise<Answer> {
  const { appId } = parseAs(challengeRequestSchema, await readJson(incoming));
  requireApp(context.follower.snapshot, appId);
  const nowMs = context.clock.nowMs();
  const issued = issueChallenge(context.challengeKey, appId, nowMs);
  context.challenges.count(appId, nowMs);
  return json(201, {
    challenge: issued.challenge,
    expiresAt: new Date(issued.expiresAtMs).toISOString(),
  });
}

function config(context: AttestationContext, exchange: Exchange): Answer {
  const { jws, etag } = context.signedConfig(requestedApp(context, exchange));
  const headers = ['ETag', etag, ...CACHEABLE];
  const known = headerOf(exchange.incoming, 'if-none-match');
  if (known !== null && matches(known, etag)) return { status: 304, headers, body: '' };
  return { status: 200, headers: ['Content-Type', 'application/jose', ...headers], body: jws };
}

/** `If-None-Match` (RFC 9110 §13.1.2), by weak comparison. */
function matches(known: string, etag: string): boolean {
  return known.split(',').some((entry) => {
    const tag = entry.trim();
    return tag === '*' || tag === etag || tag === `W/${etag}`;
  });
}

function appJwks(context: AttestationContext, exchange: Exchange): Answer {
  requestedApp(context, exchange);
  return jwks(context);
}

/** States in which a key may vouch for tokens, or soon will. */
const PUBLISHED: ReadonlySet<SigningKeyState> = new Set(['staged', 'active', 'retiring']);

/** Keys that vouch for tokens, and the next one; what was revoked or retired is published no more. */
function jwks({ follower }: AttestationContext): Answer {
  const keys = [...follower.snapshot.keys.values()].filter(({ snapshot }) => PUBLISHED.has(snapshot.state));
  const document = jwksDocument(keys.map(({ snapshot: { kid, publicJwk } }) => ({ ...publicJwk, kid })));
  return {
    status: 200,
    headers: ['Content-Type', 'application/jwk-set+json', ...CACHEABLE],
    body: JSON.stringify(document),
  };
}

function requestedApp(context: AttestationContext, { params }: Exchange) {
  const appId = appIdSchema.safeParse(params.appId);
  if (!appId.success) throw new AppError('app_not_found');
  return requireApp(context.follower.snapshot, appId.data);
}
