import type { KeyObject } from 'node:crypto';
import { openSecret } from '@/lib/crypto';
import type { Database } from '@/lib/db';
import { anchorsWith, BUILT_IN_ANCHORS, type ReceiptClaims, verifyReceipt } from '@/lib/evidence';
import type { AddressGuard } from '@/lib/outbound';
import { type AppleAnswer, type AppleEndpoints, askApple, teamToken } from './ask-apple';
import { keyIdentityOf } from './key-identity';
import {
  type DueReceipt,
  databaseNowMs,
  fileRenewal,
  fileRound,
  putOff,
  type RoundResult,
  selectUsableKeys,
  takeDueReceipts,
  type UsableKey,
} from './store/receipts';

/** What renewing receipts needs. */
export interface RenewalContext {
  readonly db: Database;
  readonly vaultPrivateKey: KeyObject;
  readonly guard: AddressGuard;
  readonly endpoints: AppleEndpoints;
  readonly timeoutMs?: number;
}

/** Receipts of one app in one round. */
const BATCH = 20;
const DAY_MS = 86_400_000;
const DAY_SECONDS = 86_400;
/** The metric looks back 30 days, so that a weekly look misses little, and Apple is asked little. */
const RENEW_EVERY_MS = 7 * DAY_MS;
/** Apple: at most five minutes old where it is registered. */
const MAX_AGE_SECONDS = 300;
const FIRST_PAUSE_SECONDS = 30;
const LAST_PAUSE_SECONDS = 3_600;
/** A receipt whose answers do not verify is given up after so many. */
const MOST_ATTEMPTS = 5;

/**
 * One round of renewing receipts: for every app whose team has given a key, some that are due. What Apple answers is
 * verified before it replaces anything. Where Apple does not want to be asked, the app's key pauses, longer each time. A
 * receipt that was taken and not filed, because this process ended, is due again within minutes. Returns how many were
 * renewed.
 */
export async function renewReceipts(context: RenewalContext): Promise<number> {
  let renewed = 0;
  for (const key of await selectUsableKeys(context.db.orm)) {
    const due = await takeDueReceipts(context.db, key.appId, BATCH);
    if (due.length === 0) continue;
    const result = await renewAll(context, key, due);
    await fileRound(context.db.orm, key, result);
    renewed += result.renewed;
  }
  return renewed;
}

async function renewAll(
  context: RenewalContext,
  key: UsableKey,
  due: readonly DueReceipt[],
): Promise<RoundResult> {
  const nowMs = await databaseNowMs(context.db);
  const token = await tokenOf(context, key, nowMs);
  if (token === undefined) {
    return { renewed: 0, refused: 0, pause: pauseFor(key, 'key_unusable', LAST_PAUSE_SECONDS) };
  }
  const counts = { renewed: 0, refused: 0 };
  for (const receipt of due) {
    const endpoint = context.endpoints[receipt.environment];
    const answer = await askApple(
      { receipt: receipt.receipt, token, endpoint },
      context.guard,
      context.timeoutMs,
    );
    if (answer.kind === 'unavailable') {
      // The others were taken and are not asked about: they are due again when their lease ends.
      return { ...counts, pause: pauseFor(key, answer.error, answer.retryAfterSeconds) };
    }
    const isRenewed = await file(context, key, receipt, answer);
    if (isRenewed) counts.renewed += 1;
    else if (answer.kind !== 'too_early') counts.refused += 1;
  }
  return { ...counts, pause: null };
}

async function tokenOf(
  { vaultPrivateKey }: RenewalContext,
  { appId, keyId, sealedKey, teamId }: UsableKey,
  nowMs: number,
): Promise<string | undefined> {
  if (teamId === null) return undefined;
  const opened = await openSecret(vaultPrivateKey, sealedKey, keyIdentityOf(appId, keyId));
  if (!opened.ok) return undefined;
  const privateKeyPem = Buffer.from(opened.plaintext).toString('utf8');
  opened.plaintext.fill(0);
  return await teamToken({ teamId, keyId, privateKeyPem }, nowMs).catch(() => undefined);
}

function pauseFor({ attempts }: UsableKey, error: string, atLeastSeconds: number | null) {
  const grown = Math.min(FIRST_PAUSE_SECONDS * 2 ** Math.min(attempts, 10), LAST_PAUSE_SECONDS);
  // A token that is refused will be refused again: somebody has to look.
  const least = error === 'apple_unauthorized' ? LAST_PAUSE_SECONDS : (atLeastSeconds ?? 0);
  return { error, seconds: Math.min(Math.max(grown, least), DAY_SECONDS) };
}

/** Files what Apple said of one receipt. Returns whether a new one is kept. */
async function file(
  { db }: RenewalContext,
  key: UsableKey,
  due: DueReceipt,
  answer: Exclude<AppleAnswer, { kind: 'unavailable' }>,
): Promise<boolean> {
  if (answer.kind === 'too_early') {
    await putOff(db.orm, due.instanceId, { inSeconds: DAY_SECONDS, error: null });
    return false;
  }
  if (answer.kind === 'refused') {
    await putOff(db.orm, due.instanceId, { inSeconds: null, error: answer.error });
    return false;
  }
  const nowMs = await databaseNowMs(db);
  const verification = verifyReceipt(answer.receipt, {
    nowMs,
    anchors: anchorsOf(key),
    appIds: [due.appleAppId],
    environments: [due.environment],
    publicKey: due.publicKey,
    type: 'renewal',
    clientDataHash: null,
    maxAgeSeconds: MAX_AGE_SECONDS,
  });
  if (!verification.ok) {
    const isLast = due.attempts + 1 >= MOST_ATTEMPTS;
    await putOff(db.orm, due.instanceId, {
      inSeconds: isLast ? null : DAY_SECONDS,
      error: verification.code,
    });
    return false;
  }
  const { claims } = verification;
  return await db.orm.transaction((tx) =>
    fileRenewal(tx, {
      instanceId: due.instanceId,
      receipt: Buffer.from(answer.receipt),
      attestedKeys: claims.attestedKeys,
      createdAt: new Date(claims.createdMs),
      expiresAt: new Date(claims.expiresMs),
      dueAt: new Date(dueMs(claims, nowMs)),
    }),
  );
}

/** In a week; not before Apple allows it, and in any case a day before the receipt ends, after which it is worth nothing. */
function dueMs({ notBeforeMs, expiresMs }: ReceiptClaims, nowMs: number): number {
  const wanted = Math.min(nowMs + RENEW_EVERY_MS, expiresMs - DAY_MS);
  return Math.max(wanted, notBeforeMs ?? 0);
}

/** As the app trusts attestations: its own anchors count in development only. */
function anchorsOf({ appEnvironment, trustAnchors }: UsableKey) {
  return (appEnvironment === 'development' ? anchorsWith(trustAnchors) : BUILT_IN_ANCHORS).appleReceipts;
}
