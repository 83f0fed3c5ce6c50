import { loadApps } from '@/lib/apps';
import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, type VerbContext } from '@/lib/auth';
import { appendChange } from '@/lib/changes';
import type { IntegrityChange, IntegritySettings } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { type RowIdentity, sealSecret } from '@/lib/crypto';
import type { Tx } from '@/lib/db';
import { readPlayKeys } from '@/lib/evidence';
import { settingsView } from './read-integrity';
import { accountIdentity, keysIdentity, keysText, readServiceAccount } from './secrets';
import { findSettings, lockApp, type StoredSettings, selectVaultPublicKey, writeSettings } from './store';

/**
 * Sets how an app's Play Integrity verdicts are read. Secrets are looked at, sealed to the service at once, and shown to
 * nobody; those that are left out stay. It succeeds only on top of the revision that the editor saw.
 * @throws AppError `permission_denied`, `app_not_found`, `edit_conflict`, `request_invalid`, `vault_not_ready`
 */
export async function setIntegrity(
  ctx: VerbContext,
  { id, ...change }: IntegrityChange & { id: string },
): Promise<IntegritySettings> {
  const { db, actor, clock } = ctx;
  requirePermission(actor, 'apps.write', id);
  const email = requireReadable(change);
  const seq = await db.orm.transaction(async (tx) => {
    await lockApp(tx, id);
    const stored = await findSettings(tx, id);
    if (stored === undefined) throw new AppError('app_not_found');
    if (stored.revision !== change.basedOn) throw new AppError('edit_conflict');
    requireUsable(stored, change);
    await writeSettings(tx, id, {
      request: change.request,
      ...(change.keys === undefined
        ? {}
        : { sealedKeys: await seal(tx, keysText(change.keys), keysIdentity(id)) }),
      ...(change.account === undefined
        ? {}
        : { account: { sealed: await seal(tx, change.account, accountIdentity(id)), email } }),
      dailyQuota: change.dailyQuota,
      byName: actor.name,
      now: new Date(clock.nowMs()),
    });
    const [app] = await loadApps(tx, [id]);
    if (app === undefined) throw new AppError('app_not_found');
    const changeSeq = await appendChange(tx, 'app', app.snapshot);
    await recordAudit(tx, auditActorOf(actor), {
      action: 'app.set_integrity',
      targetKind: 'app',
      targetId: id,
      appId: id,
      detail: {
        request: { before: stored.request, after: change.request },
        keysReplaced: change.keys !== undefined,
        accountReplaced: change.account !== undefined,
        dailyQuota: change.dailyQuota,
      },
      changeSeq,
    });
    return changeSeq;
  });
  return await settingsView(ctx, id, seq);
}

/** What is wrong with secrets that cannot be read, by field; gives the account's address. */
function requireReadable({ keys, account }: Omit<IntegrityChange, 'basedOn'>): string {
  const fields: Record<string, string> = {};
  const read = keys === undefined ? null : readPlayKeys(keys);
  if (read?.ok === false) fields[`keys.${read.wrong}`] = WHAT_A_KEY_IS[read.wrong];
  const known = account === undefined ? null : readServiceAccount(account);
  if (known === undefined) fields.account = 'is not the key file of a service account with an RSA key';
  if (Object.keys(fields).length > 0) throw new AppError('request_invalid', { fields });
  return known?.email ?? '';
}

const WHAT_A_KEY_IS = {
  decryptionKey: 'is not an AES-256 key in base64',
  verificationKey: 'is not a P-256 public key, base64 of DER',
} as const;

/** A kind of request without what opens its verdicts would refuse every one of them. */
function requireUsable(stored: StoredSettings, change: Omit<IntegrityChange, 'basedOn'>): void {
  if (change.request === 'classic' && change.keys === undefined && stored.keysSetAt === null) {
    throw new AppError('request_invalid', {
      fields: { 'keys.decryptionKey': 'is needed to read classic requests' },
    });
  }
  if (change.request === 'standard' && change.account === undefined && stored.accountSetAt === null) {
    throw new AppError('request_invalid', { fields: { account: 'is needed to read standard requests' } });
  }
}

async function seal(tx: Tx, text: string, identity: RowIdentity): Promise<string> {
  const vaultKey = await selectVaultPublicKey(tx);
  if (vaultKey === undefined) throw new AppError('vault_not_ready');
  const bytes = Buffer.from(text, 'utf8');
  try {
    return await sealSecret(vaultKey, bytes, identity);
  } finally {
    bytes.fill(0);
  }
}
