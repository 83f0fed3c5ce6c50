import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import {
  completeRotation,
  databaseNowMs,
  endGraces,
  hookIdentityOf,
  selectDueRevocations,
  selectDueRotations,
  settleRevocation,
  settleRotation,
} from '@/lib/api-keys';
import { apiKeySecretSchema } from '@/lib/contracts';
import type { Clock, Logger } from '@/lib/core';
import { openSecret } from '@/lib/crypto';
import type { Database } from '@/lib/db';
import { callHook, type HookAnswer, type HookLimits } from './hook-client';

/** What asking hooks needs. */
export interface HookContext {
  readonly db: Database;
  readonly vaultPrivateKey: KeyObject;
  readonly limits: HookLimits;
  readonly logger: Logger;
}

/** Questions of one round. */
const BATCH = 20;
const FIRST_RETRY_SECONDS = 5;
const LAST_RETRY_SECONDS = 900;
/** A rotation that failed this often is given up, and says so; a revocation never is. */
const MOST_ATTEMPTS = 10;

const rotateAnswerSchema = z.object({
  value: apiKeySecretSchema,
  /** What the endpoint calls the value; without it, it is not told when the value is revoked here. */
  ref: z.string().min(1).max(200).optional(),
});

/**
 * One round of everything about API keys that happens by itself: graces that are over, rotations by hooks, and telling
 * hooks what has been revoked. What fails is due again later; a crash at any step leaves it due.
 */
export async function runKeyRound(context: HookContext): Promise<void> {
  const nowMs = await databaseNowMs(context.db);
  const clock: Clock = { nowMs: () => nowMs };
  await endGraces(context.db, clock);
  for (const due of await selectDueRotations(context.db.orm, BATCH)) await rotate(context, due, clock);
  for (const due of await selectDueRevocations(context.db.orm, BATCH)) await revoke(context, due, nowMs);
}

type DueRotation = Awaited<ReturnType<typeof selectDueRotations>>[number];
type DueRevocation = Awaited<ReturnType<typeof selectDueRevocations>>[number];

async function rotate(context: HookContext, due: DueRotation, clock: Clock): Promise<void> {
  const { rotation, key } = due;
  const answer = await ask(context, due, {
    idempotencyKey: rotation.id,
    nowMs: clock.nowMs(),
    body: { action: 'rotate', rotationId: rotation.id, appId: key.appId, key: key.name },
  });
  const parsed = answer.ok ? rotateAnswerSchema.safeParse(answer.body) : undefined;
  if (parsed?.success === true) {
    const { value, ref } = parsed.data;
    await completeRotation({ db: context.db, clock }, rotation, { value, ref: ref ?? null });
    return;
  }
  const lastError = answer.ok ? 'hook_answer_malformed' : answer.code;
  const isLast = lastError === 'hook_removed' || rotation.attempts + 1 >= MOST_ATTEMPTS;
  context.logger.warn({ keyId: key.id, code: lastError, isLast }, 'a hook returned no new API key');
  await settleRotation(
    context.db.orm,
    rotation.id,
    isLast
      ? { state: 'failed', lastError }
      : { state: 'due', lastError, retryInSeconds: retrySeconds(rotation.attempts) },
  );
}

async function revoke(context: HookContext, due: DueRevocation, nowMs: number): Promise<void> {
  const { key, version, externalRef, attempts } = due;
  const answer = await ask(context, due, {
    idempotencyKey: `${key.id}/${version}`,
    nowMs,
    body: { action: 'revoke', appId: key.appId, key: key.name, ref: externalRef },
  });
  if (!answer.ok) context.logger.warn({ keyId: key.id, version, code: answer.code }, 'a hook did not revoke');
  await settleRevocation(
    context.db.orm,
    { keyId: key.id, version },
    answer.ok ? { done: true } : { done: false, error: answer.code, retryInSeconds: retrySeconds(attempts) },
  );
}

/** Asks the key's hook, if it has one whose secret opens. */
async function ask(
  { vaultPrivateKey, limits }: HookContext,
  { key, sealedHookSecret }: Pick<DueRotation, 'key' | 'sealedHookSecret'>,
  question: { idempotencyKey: string; nowMs: number; body: Readonly<Record<string, unknown>> },
): Promise<HookAnswer> {
  if (key.hookUrl === null || sealedHookSecret === null) return { ok: false, code: 'hook_removed' };
  const opened = await openSecret(vaultPrivateKey, sealedHookSecret, hookIdentityOf(key.id));
  if (!opened.ok) return { ok: false, code: 'hook_secret_unreadable' };
  const secret = Buffer.from(opened.plaintext).toString('utf8');
  opened.plaintext.fill(0);
  return await callHook({ url: key.hookUrl, secret, ...question }, limits);
}

function retrySeconds(attempts: number): number {
  return Math.min(FIRST_RETRY_SECONDS * 2 ** attempts, LAST_RETRY_SECONDS);
}
