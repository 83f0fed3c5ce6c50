import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KeyUseCounters } from '@/lib/api-keys';
import type { BlockHits } from '@/lib/blocks';
import type { DecisionOutcome } from '@/lib/contracts';
import { ERROR_CATALOGUE, type ErrorCode, newId } from '@/lib/core';
import type { DatabaseClock } from '@/lib/db';
import {
  type ApiConfig,
  type Decision,
  decide,
  type PresentedKey,
  presentedToken,
} from '@/lib/relying-party';
import type { RequestCounters } from '@/lib/telemetry';
import type { ClientNetwork, NetworkReader } from '../address';
import { problem } from '../http/answer';
import { headerOf } from '../http/header';
import { write } from '../http/router';
import type { SnapshotFollower } from '../snapshot/follow';
import type { RelyingPartyView } from './relying-party-view';

/** Path of the forward-auth endpoint; any method. */
export const AUTHORIZE_PATH = '/v1/authorize';

/** What the endpoint works with. */
export interface AuthorizeContext {
  readonly nodeId: string;
  readonly clock: DatabaseClock;
  readonly follower: SnapshotFollower;
  readonly view: RelyingPartyView;
  readonly networks: NetworkReader;
  readonly counters: RequestCounters;
  readonly keyUses: KeyUseCounters;
  /** Told of every decision that a block or an allowlist entry had a part in. */
  readonly hits: BlockHits;
}

/** Told of every decision, for the metrics. */
export type DecisionObserver = (outcome: DecisionOutcome, isAllowed: boolean) => void;

/** Answers one request of a gateway. */
export type Authorize = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

const TOKEN_HEADER = 'attestation-token';
/** Where a request presents its managed API key. */
const KEY_HEADER = 'x-api-key';
const API_HEADER = 'x-countersign-api';
const USUAL_TARGET = /^\/v1\/authorize\?api=([a-z0-9-]+)$/;

/**
 * The forward-auth endpoint, on `node:http` itself and from memory alone: 200, 401 or 403. Gateways take any other status
 * for a failure of ours, so that a view which is too old to decide is a 403 too; only a gateway that names no known API
 * gets a 404. Each decision is counted.
 */
export function createAuthorize(context: AuthorizeContext, observe: DecisionObserver): Authorize {
  const unknownApi = problem('api_not_found', {}, ['X-Attestation-Code', 'api_not_found']);
  return (incoming, outgoing) => {
    const api = context.follower.snapshot.apis.get(apiIdOf(incoming));
    if (api === undefined) {
      write(incoming, outgoing, unknownApi);
      return;
    }
    const nowMs = context.clock.nowMs();
    const authorization = incoming.headers.authorization ?? null;
    const token = presentedToken(headerOf(incoming, TOKEN_HEADER), authorization);
    const caller = context.networks.read(
      incoming.socket.remoteAddress,
      headerOf(incoming, 'x-forwarded-for'),
    );
    const apiKey = headerOf(incoming, KEY_HEADER);
    const decision = decide(context.view, { api, token, authorization, apiKey, caller }, nowMs);
    record(context, api, decision, caller, nowMs);
    observe(decision.outcome, decision.allow);
    respond(outgoing, context.nodeId, decision);
  };
}

/**
 * The API that the gateway asks for: `?api=`, else the header; empty where there is neither. Behind a path that was
 * appended the query is the client's own, and only the header counts.
 */
function apiIdOf(incoming: IncomingMessage): string {
  const target = incoming.url ?? '';
  const usual = USUAL_TARGET.exec(target)?.[1];
  if (usual !== undefined) return usual;
  const isOwnQuery = target[AUTHORIZE_PATH.length] === '?';
  const named = isOwnQuery ? new URLSearchParams(target.slice(AUTHORIZE_PATH.length + 1)).get('api') : null;
  return named ?? headerOf(incoming, API_HEADER) ?? '';
}

function record(
  { counters, keyUses, hits }: AuthorizeContext,
  api: ApiConfig,
  decision: Decision,
  network: ClientNetwork,
  nowMs: number,
): void {
  const { outcome, claims, apiKey, blocks } = decision;
  if (blocks !== null) hits.count('requests', blocks, nowMs);
  const appId = claims?.aud ?? onlyAppOf(api);
  counters.count({ appId, apiId: api.id, outcome, networkKind: network.kind }, nowMs);
  if (apiKey !== null) countKey(keyUses, apiKey, decision, nowMs);
  if (outcome === 'valid' || !counters.admits(network.prefix, outcome, nowMs)) return;
  counters.keep(refusal({ appId, api, outcome, instanceId: claims?.sub ?? null, network, nowMs }));
}

/** Outcomes of a token that is good, whatever is said of the API key beside it. */
const GOOD_TOKEN: ReadonlySet<DecisionOutcome> = new Set<DecisionOutcome>([
  'valid',
  'api_key_missing',
  'api_key_wrong',
  'api_key_revoked',
]);

/** Counts what was presented of a key; that nothing was, only of requests that lack nothing else. */
function countKey(
  keyUses: KeyUseCounters,
  presented: PresentedKey,
  { outcome, claims }: Decision,
  nowMs: number,
): void {
  if (presented.version === null && !GOOD_TOKEN.has(outcome)) return;
  const instanceId = outcome === 'valid' ? (claims?.sub ?? null) : null;
  keyUses.count({ ...presented, instanceId }, nowMs);
}

/** A request without a token can be told to belong to an app where the API serves one only. */
function onlyAppOf({ appIds }: ApiConfig): string | null {
  if (appIds.size !== 1) return null;
  const [only] = appIds;
  return only ?? null;
}

function refusal(facts: {
  appId: string | null;
  api: ApiConfig;
  outcome: DecisionOutcome;
  instanceId: string | null;
  network: ClientNetwork;
  nowMs: number;
}) {
  const { appId, api, outcome, instanceId, network, nowMs } = facts;
  return {
    receivedAtMs: nowMs,
    id: newId(nowMs),
    appId,
    apiId: api.id,
    instanceId,
    outcome,
    isEnforced: api.mode === 'enforce',
    networkKind: network.kind,
    country: network.country,
    asn: network.asn,
    networkPrefix: network.prefix,
    addressHash: network.addressHash,
  };
}

/** What `X-Attestation-Status` says of a token that is not good: EAR's tiers for "nothing known" and "known bad". */
const STATUS_OF_OUTCOME: Readonly<Partial<Record<DecisionOutcome, string>>> = {
  blocked: 'contraindicated',
  revoked: 'contraindicated',
  replayed: 'contraindicated',
  binding_mismatch: 'contraindicated',
  api_key_wrong: 'contraindicated',
  api_key_revoked: 'contraindicated',
};

function respond(outgoing: ServerResponse, nodeId: string, decision: Decision): void {
  const { outcome, claims } = decision;
  if (outcome !== 'valid' || claims === null) {
    respondRefused(outgoing, nodeId, decision);
    return;
  }
  outgoing.writeHead(200, [
    'X-Attestation-Status',
    claims.submods.app.ear_status,
    'X-Attestation-Instance',
    claims.sub,
    'X-Countersign-Node',
    nodeId,
    'Cache-Control',
    'no-store',
    'Content-Length',
    '0',
  ]);
  outgoing.end();
}

/** A refusal, or under `observe` what it would have been. */
function respondRefused(outgoing: ServerResponse, nodeId: string, decision: Decision): void {
  const code = decision.code ?? 'token_missing';
  const { status, body } = refusalOf(code);
  const headers = [
    'X-Attestation-Status',
    STATUS_OF_OUTCOME[decision.outcome] ?? 'none',
    'X-Attestation-Code',
    code,
    'X-Countersign-Node',
    nodeId,
    'Cache-Control',
    'no-store',
  ];
  if (decision.allow) {
    outgoing.writeHead(200, [...headers, 'Content-Length', '0']);
    outgoing.end();
    return;
  }
  if (status === 401) headers.push('WWW-Authenticate', 'Attestation');
  headers.push('Content-Type', 'application/problem+json', 'Content-Length', String(body.length));
  outgoing.writeHead(status, headers);
  outgoing.end(body);
}

interface Refusal {
  readonly status: 401 | 403;
  readonly body: Buffer;
}

const REFUSALS = new Map<ErrorCode, Refusal>();

/** The refusal of a code, made once. */
function refusalOf(code: ErrorCode): Refusal {
  const known = REFUSALS.get(code);
  if (known !== undefined) return known;
  const { status, title } = ERROR_CATALOGUE[code];
  const answered = status === 401 ? 401 : 403;
  const body = JSON.stringify({ type: 'about:blank', title, status: answered, code });
  const made: Refusal = { status: answered, body: Buffer.from(body) };
  REFUSALS.set(code, made);
  return made;
}
