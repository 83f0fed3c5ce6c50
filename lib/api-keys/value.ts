import { randomBytes } from 'node:crypto';
import { AppError, sha256, toBase64Url } from '@/lib/core';
import { type SealingPublicJwk, sealSecret } from '@/lib/crypto';
import type { Executor } from '@/lib/db';
import { selectVaultPublicKey } from './store/keys';

/** Says what it is where it turns up in a log or a repository, so that scanners for secrets find it. */
const PREFIX = 'csk_';
const VALUE_BYTES = 32;

/** The row that a sealed value belongs to. */
export function identityOf(keyId: string, version: number) {
  return { table: 'api_key_versions', id: `${keyId}/${version}` };
}

/** The row that the sealed secret of a hook belongs to. */
export function hookIdentityOf(keyId: string) {
  return { table: 'api_keys.hook', id: keyId };
}

/** A new managed value: 256 random bits. Nobody is ever shown it but the devices that it is delivered to. */
export function newValue(): string {
  return PREFIX + toBase64Url(randomBytes(VALUE_BYTES));
}

/** What is stored of a value: sealed for its version, and for a managed one its hash. */
export async function sealValue(
  vaultKey: SealingPublicJwk,
  { keyId, version, value, isManaged }: { keyId: string; version: number; value: string; isManaged: boolean },
): Promise<{ sealedValue: string; valueHash: Buffer | null }> {
  const bytes = Buffer.from(value, 'utf8');
  const sealedValue = await sealSecret(vaultKey, bytes, identityOf(keyId, version));
  bytes.fill(0);
  return { sealedValue, valueHash: isManaged ? sha256(value) : null };
}

/** @throws AppError `vault_not_ready` where the service has never started */
export async function requireVaultKey(db: Executor): Promise<SealingPublicJwk> {
  const key = await selectVaultPublicKey(db);
  if (key === undefined) throw new AppError('vault_not_ready');
  return key;
}
