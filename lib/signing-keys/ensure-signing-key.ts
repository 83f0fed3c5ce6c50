import { recordAudit } from '@/lib/audit';
import { appendChange } from '@/lib/changes';
import { signingKeySnapshotSchema } from '@/lib/contracts';
import { type SealingPublicJwk, sealSecret } from '@/lib/crypto';
import type { Database } from '@/lib/db';
import { createSigningKeyPair } from '@/lib/tokens/signing';
import { insertSigningKey, lockSigningKeys, selectSigningKeys } from './store';

const SYSTEM = { kind: 'system', id: 'attestation-service', name: 'Attestation service' } as const;

/**
 * Makes sure that there is an active token-signing key, creating the first one sealed to the vault key. Of several
 * nodes that start at once exactly one creates it. Key, audit row and change commit together.
 */
export async function ensureSigningKey(db: Database, vaultKey: SealingPublicJwk): Promise<void> {
  await db.orm.transaction(async (tx) => {
    await lockSigningKeys(tx);
    const keys = await selectSigningKeys(tx);
    if (keys.some((key) => key.status === 'active')) return;
    const { kid, privateKey, publicJwk } = createSigningKeyPair();
    const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
    const sealedPrivateKey = await sealSecret(vaultKey, pkcs8, { table: 'signing_keys', id: kid });
    pkcs8.fill(0);
    await insertSigningKey(tx, { kid, publicJwk, sealedPrivateKey });
    const change = signingKeySnapshotSchema.parse({ kid, publicJwk, status: 'active' });
    const changeSeq = await appendChange(tx, 'signing_key', change);
    await recordAudit(tx, SYSTEM, {
      action: 'signing_key.create',
      targetKind: 'signing_key',
      targetId: kid,
      changeSeq,
    });
  });
}
