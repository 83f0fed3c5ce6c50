import { randomInt } from 'node:crypto';
import type { AttestationResponse, ClientData, Verdict } from '@/lib/contracts';
import { AppError } from '@/lib/core';
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
  if (verdict === 'rejected' || instanceId === null) return refusal(entry, attempt);
  const kind = attempt.kind === 'enrol' ? 201 : 200;
  const apiKeys = await context.keyDelivery.deliver({
    appId: entry.app.id,
    instanceId,
    verdict,
    held: data.apiKeys,
    isEnrolment: attempt.kind === 'enrol',
  });
  const granted = grant(context, { entry, data, attempt, instanceId, verdict });
  return json(kind, apiKeys.length === 0 ? granted : { ...granted, apiKeys });
}

function refusal(entry: AppEntry, { appraisal, reference }: Attempt): Answer {
  const isBlock = appraisal.matched.some(({ threat }) => threat === 'blocked');
  const code = isBlock && entry.app.tellBlocked ? 'device_blocked' : 'attestation_rejected';
  return problem(code, { reference });
}

function grant(
  context: AttestationContext,
  {
    entry,
    data,
    attempt,
    instanceId,
    verdict,
  }: {
    entry: AppEntry;
    data: ClientData;
    attempt: Attempt;
    instanceId: string;
    verdict: Exclude<Verdict, 'rejected'>;
  },
): AttestationResponse {
  const key = context.signingKey();
  if (key === undefined) throw new AppError('service_unavailable');
  const nowMs = context.clock.nowMs();
  const ttlSeconds = entry.app.policy.tokenTtlSeconds;
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
    policyIds: entry.policyIds,
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
