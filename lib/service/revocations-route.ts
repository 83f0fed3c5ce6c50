import type { IncomingMessage } from 'node:http';
import { revocationQuerySchema } from '@/lib/contracts';
import { AppError, sha256, toBase64Url } from '@/lib/core';
import { STALE_AFTER_MS } from '@/lib/relying-party';
import type { Acknowledgements } from './acknowledgements';
import { type Answer, json, NO_STORE } from './http/answer';
import { headerOf } from './http/header';
import { parseAs } from './http/parse-body';
import type { Exchange, Route } from './http/router';
import type { RevocationFeed } from './revocations';
import type { SnapshotFollower } from './snapshot/follow';

interface Parts {
  readonly follower: SnapshotFollower;
  readonly revocations: RevocationFeed;
  readonly acknowledgements: Acknowledgements;
}

/** The revocation feed for relying parties that verify locally (PROTOCOL §3). */
export function revocationsRoute(parts: Parts): Route {
  return { method: 'GET', path: '/v1/revocations', handle: (exchange) => readRevocations(parts, exchange) };
}

/**
 * What is revoked; `204` where nothing is new. A list that may have missed something is none: 503. Whoever names itself
 * acknowledges with the question that everything up to its position is in force there; who it is, is known from memory.
 */
async function readRevocations(
  { follower, revocations, acknowledgements }: Parts,
  { incoming }: Exchange,
): Promise<Answer> {
  const search = new URLSearchParams((incoming.url ?? '').split('?', 2)[1] ?? '');
  const { epoch, after, waitSeconds, replica } = parseAs(revocationQuerySchema, Object.fromEntries(search));
  const cursor = epoch === undefined || after === undefined ? null : { epoch, after };
  const partyId = namedParty(incoming, follower.snapshot.relyingParties);
  if (partyId !== null) {
    acknowledgements.heard({ partyId, replica, epoch: cursor?.epoch ?? null, seq: cursor?.after ?? 0 });
  }
  const news = await revocations.read(cursor, waitSeconds * 1000);
  if (follower.ageMs > STALE_AFTER_MS) throw new AppError('snapshot_stale');
  return news === null ? { status: 204, headers: NO_STORE, body: '' } : json(200, news);
}

/**
 * The relying party whose credential this is; `null` where none is given.
 * @throws AppError `relying_party_unknown`: whoever means to be known is told that it is not
 */
function namedParty(incoming: IncomingMessage, parties: ReadonlyMap<string, string>): string | null {
  const header = headerOf(incoming, 'authorization');
  if (header === null) return null;
  const credential = /^Bearer (\S{1,128})$/i.exec(header)?.[1];
  const partyId = credential && parties.get(toBase64Url(sha256(credential)));
  if (!partyId) throw new AppError('relying_party_unknown');
  return partyId;
}
