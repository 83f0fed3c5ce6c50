import { randomInt } from 'node:crypto';
import { type Outcome, outcomeOf } from '@/lib/appraisal';
import type { AttestationResponse, ClientData, Verdict } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import type { CutOffSubject } from '@/lib/relying-party';
import { buildClaims, jwkThumbprint } from '@/lib/tokens';
import { signToken } from '@/lib/tokens/signing';
import { type Answer, json, problem } from '../http/answer';
import type { AppEntry } from '../snapshot/state';
import type { Attempt } from './attempt';
import type { AttestationContext } from './context';

/** Devices come back when 65 to 80 % of their token's life has passed, so that a fleet does not come at once. */
const REFRESH_PER_MILLE = { from: 650, to: 800 } as const;

/** The answer to an attestation that has committed: a token, or the one refusal that tells nothing of its reasons. */
export async function answerTo(
  context: AttestationContext,
  { entry, data, attempt }: { entry: AppEntry; data: ClientData; attempt: Attempt },
): Promise<Answer> {
  const { verdict } = attempt.appraisal;
  const instanceId = attempt.claim?.id ?? null;
  const { policy } = attempt.judgedBy.compiled;
  if (verdict === 'rejected' || instanceId === null || policy === null) return refusal(entry, attempt);
  const outcome = outcomeOf(policy, verdict);
  const kind = attempt.kind === 'enrol' ? 201 : 200;
  const apiKeys = await context.keyDelivery.deliver({
    appId: entry.app.id,
    instanceId,
    withheld: outcome.withholdsApiKeys,
    held: data.apiKeys,
    isEnrolment: attempt.kind === 'enrol',
  });
  const granted = grant(context, { entry, data, attempt, instanceId, verdict, outcome });
  return json(kind, apiKeys.length === 0 ? granted : { ...granted, apiKeys });
}

function refusal(entry: AppEntry, { appraisal, reference }: Attempt): Answer {
  const isBlock = appraisal.matched.some(({ threat }) => threat === 'blocked');
  const code = isBlock && entry.app.tellBlocked ? 'device_blocked' : 'attestation_rejected';
  return problem(code, { reference });
}

/**
 * When a token is issued: now, or at the start of the next second where a cut-off was rounded up to that, because the
 * token comes after it and would be refused otherwise. Never more than a second ahead, which every leeway covers.
 */
export function issuedAtMs(
  { clock, follower }: Pick<AttestationContext, 'clock' | 'follower'>,
  subject: CutOffSubject,
): number {
  const nowMs = clock.nowMs();
  const cutOffMs = follower.snapshot.cutOffs.secondsFor(subject) * 1000;
  return cutOffMs > nowMs && cutOffMs - nowMs <= 1000 ? cutOffMs : nowMs;
}

function grant(
  context: AttestationContext,
  {
    entry,
    data,
    attempt,
    instanceId,
    verdict,
    outcome,
  }: {
    entry: AppEntry;
    data: ClientData;
    attempt: Attempt;
    instanceId: string;
    verdict: Exclude<Verdict, 'rejected'>;
    outcome: Outcome;
  },
): AttestationResponse {
  const key = context.signingKey();
  if (key === undefined) throw new AppError('service_unavailable');
  const nowMs = issuedAtMs(context, { appId: entry.app.id, kid: key.kid, instanceId });
  const ttlSeconds = outcome.tokenTtlSeconds;
  const claims = buildClaims({
    issuer: context.issuer,
    appId: entry.app.id,
    instanceId,
    tokenId: attempt.tokenId,
    nowMs,
    ttlSeconds,
    verifier: { developer: 'countersign', build: context.build },
    verdict,
    vector: attempt.appraisal.vector,
    policyIds: attempt.judgedBy.policyIds,
    annotations: attempt.appraisal.annotations,
    bindingHash: data.bindingHash,
    sessionKeyThumbprint: data.sessionKey && jwkThumbprint(data.sessionKey),
  });
  const refreshAfterMs = nowMs + ttlSeconds * randomInt(REFRESH_PER_MILLE.from, REFRESH_PER_MILLE.to);
  return {
    token: signToken(key, claims),
    expiresAt: new Date(claims.exp * 1000).toISOString(),
    refreshAfter: new Date(refreshAfterMs).toISOString(),
    status: verdict,
    instanceId,
    ...(data.configVersion < entry.app.configVersion ? { config: context.signedConfig(entry).jws } : {}),
  };
}
