import { createPrivateKey } from 'node:crypto';
import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, type VerbContext } from '@/lib/auth';
import type { EndorsementDone, TeamKeyInput } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { sealSecret } from '@/lib/crypto';
import { keyIdentityOf } from './key-identity';
import { deleteKey, replaceKey, selectTeam, selectVaultKey } from './store/keys';

/**
 * Gives an app the key with which its Apple team asks about receipts, in the place of any other. It is sealed at once; the
 * console cannot read it again.
 * @throws AppError `permission_denied`, `app_not_found`, `request_invalid`, `vault_not_ready`
 */
export async function setTeamKey(
  { db, actor, clock }: VerbContext,
  { id: appId, keyId, privateKey, reason }: TeamKeyInput & { id: string },
): Promise<EndorsementDone> {
  requirePermission(actor, 'endorsements.write', appId);
  const pem = requireSigningKey(privateKey);
  await db.orm.transaction(async (tx) => {
    const team = await selectTeam(tx, appId);
    if (team === undefined) throw new AppError('app_not_found');
    if (team.teamId === null) {
      throw new AppError('request_invalid', { fields: { privateKey: 'needs an app with an Apple team id' } });
    }
    const vaultKey = await selectVaultKey(tx);
    if (vaultKey === undefined) throw new AppError('vault_not_ready');
    const bytes = Buffer.from(pem, 'utf8');
    const sealedKey = await sealSecret(vaultKey, bytes, keyIdentityOf(appId, keyId));
    bytes.fill(0);
    await replaceKey(tx, {
      appId,
      keyId,
      sealedKey,
      createdAt: new Date(clock.nowMs()),
      createdByName: actor.name,
    });
    await recordAudit(tx, auditActorOf(actor), {
      action: 'app_attest_key.set',
      targetKind: 'app',
      targetId: appId,
      appId,
      reason,
      detail: { keyId },
    });
  });
  return { done: true };
}

/**
 * Takes an app's key away: its receipts are renewed no more.
 * @throws AppError `permission_denied`, `app_attest_key_not_found`
 */
export async function removeTeamKey(
  { db, actor }: VerbContext,
  { id: appId, reason }: { id: string; reason: string },
): Promise<EndorsementDone> {
  requirePermission(actor, 'endorsements.write', appId);
  await db.orm.transaction(async (tx) => {
    if (!(await deleteKey(tx, appId))) throw new AppError('app_attest_key_not_found');
    await recordAudit(tx, auditActorOf(actor), {
      action: 'app_attest_key.remove',
      targetKind: 'app',
      targetId: appId,
      appId,
      reason,
    });
  });
  return { done: true };
}

/** PKCS #8 of a P-256 key, spelled anew; nothing of it is in the message. @throws AppError `request_invalid` */
function requireSigningKey(text: string): string {
  const refusal = new AppError('request_invalid', {
    fields: { privateKey: 'is not the P-256 key in PEM (.p8) that Apple gives' },
  });
  try {
    const key = createPrivateKey({ key: text, format: 'pem' });
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw refusal;
    return key.export({ format: 'pem', type: 'pkcs8' }).toString();
  } catch {
    throw refusal;
  }
}
