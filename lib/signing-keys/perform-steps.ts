import { recordAudit } from '@/lib/audit';
import { appendChange } from '@/lib/changes';
import { signingKeySnapshotSchema } from '@/lib/contracts';
import { type SealingPublicJwk, sealSecret } from '@/lib/crypto';
import type { Database, Tx } from '@/lib/db';
import { createSigningKeyPair } from '@/lib/tokens/signing';
import { type KeyStep, nextStep, VERIFIES_AFTER_SIGNING_MS } from './plan';
import {
  databaseNowMs,
  insertSigningKey,
  lockSigningKeys,
  moveKey,
  pendingRotation,
  type RotationRow,
  type SigningKeyRow,
  selectSigningKeys,
  setKeySeq,
  setRotationPerformed,
} from './store';

/** The service, as the audit log names it. */
export const SYSTEM = { kind: 'system', id: 'attestation-service', name: 'Attestation service' } as const;

/** More steps than this in a row are none that anybody asked for. */
const MOST_STEPS = 20;

/**
 * Performs every step that is due, each in a transaction of its own. It may run in any number of processes at once, and
 * end anywhere: what is left follows from what has committed. Gives what it did.
 */
export async function advanceSigningKeys(
  db: Database,
  vaultKey: SealingPublicJwk,
): Promise<KeyStep['kind'][]> {
  const done: KeyStep['kind'][] = [];
  while (done.length < MOST_STEPS) {
    const step = await performNextStep(db, vaultKey);
    if (step === null) return done;
    done.push(step.kind);
  }
  throw new Error('The signing keys do not come to rest.');
}

/** Makes sure that there is a key that signs, and that one only: what else is due waits. */
export async function ensureSigningKey(db: Database, vaultKey: SealingPublicJwk): Promise<void> {
  const hasActive = async () => (await selectSigningKeys(db.orm)).some(({ state }) => state === 'active');
  while (!(await hasActive())) await performNextStep(db, vaultKey);
}

/** Performs the one step that is due next, with its audit row and its changes, in one transaction; `null` for none. */
export async function performNextStep(db: Database, vaultKey: SealingPublicJwk): Promise<KeyStep | null> {
  // Most of the time there is nothing to do, and nobody has to wait to find that out.
  if ((await planOf(db.orm)).step === null) return null;
  return await db.orm.transaction(async (tx) => {
    await lockSigningKeys(tx);
    const { step, rotation, nowMs } = await planOf(tx);
    if (step === null) return null;
    switch (step.kind) {
      case 'create':
        await create(tx, vaultKey, step.state);
        break;
      case 'activate':
        await activate(tx, step, rotation, nowMs);
        break;
      case 'retire':
        await retire(tx, step.kid, nowMs);
    }
    return step;
  });
}

async function planOf(db: Database['orm'] | Tx) {
  const [keys, rotation, nowMs] = [
    await selectSigningKeys(db),
    await pendingRotation(db),
    await databaseNowMs(db),
  ];
  return { step: nextStep(keys, rotation !== undefined, nowMs), rotation, nowMs };
}

async function create(tx: Tx, vaultKey: SealingPublicJwk, state: 'staged' | 'active'): Promise<void> {
  const { kid, privateKey, publicJwk } = createSigningKeyPair();
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  const sealedPrivateKey = await sealSecret(vaultKey, pkcs8, { table: 'signing_keys', id: kid });
  pkcs8.fill(0);
  const made = await insertSigningKey(tx, { kid, publicJwk, sealedPrivateKey, state });
  await tell(tx, made, { action: 'signing_key.create', detail: { state } });
}

async function activate(
  tx: Tx,
  { kid, replaces }: Extract<KeyStep, { kind: 'activate' }>,
  rotation: RotationRow | undefined,
  nowMs: number,
): Promise<void> {
  const now = new Date(nowMs);
  for (const replaced of replaces) {
    const retiresAt = new Date(nowMs + VERIFIES_AFTER_SIGNING_MS);
    await announce(tx, await moveKey(tx, replaced, { state: 'retiring', replacedAt: now, retiresAt }));
  }
  const active = await moveKey(tx, kid, { state: 'active', activatedAt: now });
  const seq = await tell(tx, active, {
    action: 'signing_key.activate',
    reason: rotation?.reason ?? null,
    detail: { replaces: [...replaces], askedBy: rotation?.requestedByName ?? null },
  });
  if (rotation) await setRotationPerformed(tx, rotation.id, { kid, seq });
}

async function retire(tx: Tx, kid: string, nowMs: number): Promise<void> {
  const retired = await moveKey(tx, kid, { state: 'retired', retiredAt: new Date(nowMs) });
  await tell(tx, retired, { action: 'signing_key.retire' });
}

/** Tells every node of a key's new state; gives the position in the change feed. */
export async function announce(tx: Tx, key: SigningKeyRow): Promise<number> {
  const seq = await appendChange(tx, 'signing_key', signingKeySnapshotSchema.parse(key));
  await setKeySeq(tx, key.kid, seq);
  return seq;
}

async function tell(
  tx: Tx,
  key: SigningKeyRow,
  entry: { action: string; reason?: string | null; detail?: Record<string, unknown> },
): Promise<number> {
  const changeSeq = await announce(tx, key);
  await recordAudit(tx, SYSTEM, { ...entry, targetKind: 'signing_key', targetId: key.kid, changeSeq });
  return changeSeq;
}
