import { asc, sql } from 'drizzle-orm';
import { signingKeys } from '@/drizzle/schema';
import type { Executor, Tx } from '@/lib/db';

/** A stored signing key; the private half is sealed to the vault key. */
export interface SigningKeyRow {
  kid: string;
  publicJwk: unknown;
  sealedPrivateKey: string;
  status: 'active' | 'retiring' | 'revoked';
  createdAt: Date;
}

/** Serialises the creation of signing keys over all nodes until the transaction ends. */
const SIGNING_KEYS_LOCK = 7_310_501;

/** Waits for whoever else creates or rotates signing keys. */
export async function lockSigningKeys(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${SIGNING_KEYS_LOCK})`);
}

/** Every signing key, oldest first. */
export async function selectSigningKeys(db: Executor): Promise<SigningKeyRow[]> {
  return await db
    .select({
      kid: signingKeys.kid,
      publicJwk: signingKeys.publicJwk,
      sealedPrivateKey: signingKeys.sealedPrivateKey,
      status: signingKeys.status,
      createdAt: signingKeys.createdAt,
    })
    .from(signingKeys)
    .orderBy(asc(signingKeys.createdAt), asc(signingKeys.kid));
}

/** Stores a new active key, created now by the database's clock. */
export async function insertSigningKey(
  tx: Tx,
  row: Pick<SigningKeyRow, 'kid' | 'publicJwk' | 'sealedPrivateKey'>,
): Promise<void> {
  await tx.insert(signingKeys).values({ ...row, status: 'active', createdAt: sql`clock_timestamp()` });
}
