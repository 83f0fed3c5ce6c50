import { z } from 'zod';
import { threatsOfNetwork } from '@/lib/appraisal';
import type { BlockFacts } from '@/lib/block-list';
import { type ClientData, enrolRequestSchema } from '@/lib/contracts';
import type { ClientNetwork } from '../address';
import { type Answer, problem } from '../http/answer';
import { headerOf } from '../http/header';
import { parseAs, readJson } from '../http/parse-body';
import type { Exchange } from '../http/router';
import type { AppEntry } from '../snapshot/state';
import { answerTo } from './answer';
import { Attempt, type AttemptFacts, type ClientFacts } from './attempt';
import { type ReceivedClientData, readClientData, recordSignals } from './client-data';
import { type AttestationContext, inspectChallenge, requireAbleToIssue, requireApp } from './context';
import { refused, type VerifiedFacts } from './verified';

/** What a kind of attestation verifies: a request whose client data was read and whose challenge is good. */
export interface VerificationRequest {
  readonly context: AttestationContext;
  readonly entry: AppEntry;
  readonly data: ClientData;
  readonly received: ReceivedClientData;
  /** The whole body; everything but `clientData` is unchecked. */
  readonly body: unknown;
  readonly nowMs: number;
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
  const verified =
    challenge.use === null ? refused(null) : await verify({ context, entry, data, received, body, nowMs });
  const attempt = new Attempt({
    ...common,
    client: clientFacts(data),
    challenge: challenge.use,
    verified: { ...verified, checks: [challenge.check, ...verified.checks] },
    serverThreats: [...challenge.threats, ...threatsOfNetwork(common.network.kind)],
  });
  await context.commits.submit(attempt);
  context.ruleFailures.observe(entry.app.id, attempt.judgedBy.version, attempt.appraisal, nowMs);
  if (attempt.blocks !== null) context.hits.count('attestations', attempt.blocks, nowMs);
  if (challenge.use === null) return problem('challenge_invalid', { reference: attempt.reference });
  if (verified.isInstanceUnknown || attempt.isInstanceGone)
    return problem('instance_not_found', { reference: attempt.reference });
  return await answerTo(context, { entry, data, attempt });
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
  common: Omit<AttemptFacts, 'client' | 'challenge' | 'verified' | 'serverThreats'>,
): Attempt {
  return new Attempt({
    ...common,
    client: NOTHING_READABLE,
    challenge: null,
    verified: refused('evidence_malformed', {
      checks: [{ id: 'client_data', outcome: 'fail', detail: 'The client data does not match its schema.' }],
    }),
    serverThreats: [],
  });
}
