import { z } from 'zod';
import { findDisagreements, threatsOfNetwork } from '@/lib/appraisal';
import type { BlockFacts } from '@/lib/block-list';
import { type Check, type ClientData, enrolRequestSchema } from '@/lib/contracts';
import type { ClientNetwork } from '../address';
import { type Answer, problem } from '../http/answer';
import { headerOf } from '../http/header';
import { parseAs, readJson } from '../http/parse-body';
import type { Exchange } from '../http/router';
import { type IntegrityFacts, verifyIntegrity } from '../integrity/verify-integrity';
import type { AppEntry } from '../snapshot/state';
import type { StatusList } from '../snapshot/status-list';
import { answerTo } from './answer';
import { type Archivist, archivistOf } from './archive';
import { Attempt } from './attempt';
import type { AttemptFacts, ClientFacts } from './attempt-facts';
import { type ReceivedClientData, readClientData, recordSignals } from './client-data';
import { type AttestationContext, inspectChallenge, requireAbleToIssue, requireApp } from './context';
import { revocationOf } from './revocation-of';
import { refused, type VerifiedFacts, withIntegrity } from './verified';

/** What a kind of attestation verifies: a request whose client data was read and whose challenge is good. */
export interface VerificationRequest {
  readonly context: AttestationContext;
  readonly entry: AppEntry;
  readonly data: ClientData;
  readonly received: ReceivedClientData;
  /** The whole body; everything but `clientData` is unchecked. */
  readonly body: unknown;
  readonly nowMs: number;
  /** The list of revoked attestation keys that this request is verified with. */
  readonly statusList: StatusList;
}

/** An enrolment or an attestation: the same road with another verification on it. */
export interface AttestationKind {
  readonly kind: AttemptFacts['kind'];
  verify(request: VerificationRequest): VerifiedFacts | Promise<VerifiedFacts>;
}

/** Client data alone: a body whose evidence does not match its schema is an attestation that fails, not a bad request. */
const envelopeSchema = z.looseObject({ clientData: enrolRequestSchema.shape.clientData });

/**
 * Takes one attestation from its body to its answer: client data, challenge, verification, appraisal, commit, token.
 * Whatever names a known app leaves an event, unless the database cannot commit.
 * @throws AppError for what cannot be read, an unknown app, or a service that cannot commit
 */
export async function processAttestation(
  { kind, verify }: AttestationKind,
  context: AttestationContext,
  exchange: Exchange,
): Promise<Answer> {
  const body = parseAs(envelopeSchema, await readJson(exchange.incoming));
  const received = readClientData(body.clientData);
  const entry = requireApp(context.follower.snapshot, received.appId ?? '');
  requireAbleToIssue(context, entry);
  const nowMs = context.clock.nowMs();
  const common = {
    kind,
    entry,
    network: networkOf(context, exchange),
    receivedAtMs: nowMs,
    startedAtMs: exchange.startedAtMs,
    decideBlocks: (facts: BlockFacts) =>
      context.follower.snapshot.blocks.decide(facts, context.clock.nowMs()),
  };
  if (!received.content.ok) {
    const attempt = unreadableAttempt(common);
    await context.commits.submit(attempt);
    return problem('request_invalid', { fields: received.content.fields, reference: attempt.reference });
  }
  const { data } = received.content;
  const challenge = inspectChallenge(context, entry.app.id, data.challenge, nowMs);
  const { statusList } = context.follower.snapshot;
  const request: VerificationRequest = { context, entry, data, received, body, nowMs, statusList };
  const client = clientFacts(data);
  const { hardware, verified, replay } =
    challenge.use === null ? NOT_LOOKED_AT : await verifyAll(verify, request);
  const disagreements = disagreementsOf(kind, verified, client);
  const attempt = new Attempt({
    ...common,
    client,
    challenge: challenge.use,
    verified: { ...verified, checks: [challenge.check, ...verified.checks, ...disagreements] },
    serverThreats: [
      ...challenge.threats,
      ...threatsOfNetwork(common.network.kind),
      ...(disagreements.length === 0 ? [] : ['sources_disagree']),
    ],
    archivist: archivistFor(kind, request, { hardware, replay, client }),
  });
  await context.commits.submit(attempt);
  context.ruleFailures.observe(entry.app.id, attempt.judgedBy.version, attempt.appraisal, nowMs);
  if (attempt.blocks !== null) context.hits.count('attestations', attempt.blocks, nowMs);
  if (challenge.use === null) return problem('challenge_invalid', { reference: attempt.reference });
  if (verified.isInstanceUnknown || attempt.isInstanceGone)
    return problem('instance_not_found', { reference: attempt.reference });
  return await answerTo(context, { entry, data, attempt });
}

/** What evidence and verdict come to, with what each of them came to by itself. */
interface VerifiedAll {
  readonly hardware: VerifiedFacts;
  readonly verified: VerifiedFacts;
  readonly replay: IntegrityFacts['replay'];
}

const NOT_LOOKED_AT: VerifiedAll = { hardware: refused(null), verified: refused(null), replay: null };

/** Verifies the evidence, and then the Play Integrity token: a key that was proven has a device to ask about. */
async function verifyAll(
  verify: AttestationKind['verify'],
  request: VerificationRequest,
): Promise<VerifiedAll> {
  const hardware = await verify(request);
  if (hardware.claims === null) return { hardware, verified: hardware, replay: null };
  const integrity = await verifyIntegrity(request.context.integrity, {
    entry: request.entry,
    token: integrityTokenOf(request.body),
    claims: hardware.claims,
    clientDataHash: request.received.hash,
    nowMs: request.nowMs,
  });
  return { hardware, verified: withIntegrity(hardware, integrity), replay: integrity.replay };
}

/** The token of a request; what is there and is no text is no token that anybody could verify. */
function integrityTokenOf(body: unknown): string | undefined {
  const { integrityToken } = body as { integrityToken?: unknown };
  if (integrityToken === undefined) return undefined;
  return typeof integrityToken === 'string' ? integrityToken : '';
}

/**
 * What the sources say against each other; nothing where the evidence failed anyway. The newest verdict counts until there
 * is another: a device that stays silent about itself does not become more honest by that.
 */
function disagreementsOf(
  kind: AttemptFacts['kind'],
  { claims, integrity, isIntegrityFresh }: VerifiedFacts,
  { signals }: ClientFacts,
): Check[] {
  if (claims === null) return [];
  return findDisagreements({
    claims,
    isEnrolment: kind === 'enrol' && isIntegrityFresh,
    integrity,
    found: signals.threats,
    clear: signals.clear,
  });
}

/** Who archives the attestation, where its app's owner wants that. */
function archivistFor(
  kind: AttemptFacts['kind'],
  { context, entry, received, body, nowMs, statusList }: VerificationRequest,
  { hardware, replay, client }: Pick<VerifiedAll, 'hardware' | 'replay'> & { client: ClientFacts },
): Archivist | null {
  if (entry.app.archiveDays === 0) return null;
  const keys = context.integrity.ring.of(entry)?.keys ?? null;
  return archivistOf(context.archiveKey, {
    ...{ kind, entry, received, body, hardware, replay },
    receivedAtMs: nowMs,
    signals: client.signals,
    revocation: revocationOf(statusList, kind === 'enrol' ? entry.app.environment : null),
    request: entry.app.integrityRequest,
    verificationKey:
      keys === null ? null : keys.verificationKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  });
}

function networkOf(context: AttestationContext, { incoming }: Exchange): ClientNetwork {
  return context.networks.read(incoming.socket.remoteAddress, headerOf(incoming, 'x-forwarded-for'));
}

/** What is recorded of the client data. */
function clientFacts({ signals, ...data }: ClientData): ClientFacts {
  const { platform, appVersion, osVersion, model, configVersion } = data;
  return { platform, appVersion, osVersion, model, configVersion, signals: recordSignals(signals) };
}

const NOTHING_READABLE: ClientFacts = {
  platform: 'unknown',
  appVersion: '',
  osVersion: '',
  model: '',
  signals: { threats: [], unknown: [], clear: [] },
  configVersion: 0,
};

/** An attestation that names an app, and says nothing else that could be read. */
function unreadableAttempt(
  common: Omit<AttemptFacts, 'client' | 'challenge' | 'verified' | 'serverThreats' | 'archivist'>,
): Attempt {
  return new Attempt({
    ...common,
    client: NOTHING_READABLE,
    challenge: null,
    verified: refused('evidence_malformed', {
      checks: [{ id: 'client_data', outcome: 'fail', detail: 'The client data does not match its schema.' }],
    }),
    serverThreats: [],
    archivist: null,
  });
}
