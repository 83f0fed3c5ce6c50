import { hkdfSync, type KeyObject } from 'node:crypto';
import { fromBase64Url } from '@/lib/core';
import {
  createSealingKeyPair,
  type SealingPublicJwk,
  sealingPublicJwk,
  unwrapPrivateKey,
  wrapPrivateKey,
} from '@/lib/crypto';
import type { Database } from '@/lib/db';
import { insertVaultKey, selectVaultKey } from './store';

/** The vault cannot be opened. The message tells the operator what to do, and nothing of any key. */
export class VaultError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'VaultError';
  }
}

/** The service's secrets, in memory only. */
export interface Vault {
  readonly publicJwk: SealingPublicJwk;
  readonly privateKey: KeyObject;
  /** Key of the MAC in challenges: the same on every node, so that each accepts the others'. */
  readonly challengeKey: Buffer;
  /** Key under which client addresses are hashed. */
  readonly addressKey: Buffer;
  /** Key under which raw evidence is archived. */
  readonly archiveKey: Buffer;
}

const VAULT_KEY_ID = 'default';
const IDENTITY = { table: 'vault_keys', id: VAULT_KEY_ID };
const DERIVED_KEY_BYTES = 32;

const UNREADABLE: Readonly<Record<string, string>> = {
  master_key_mismatch:
    'COUNTERSIGN_MASTER_KEY is not the key that this database was set up with. Start with the original master key ' +
    '(or its file in the data directory); nothing was changed.',
};

/** @throws VaultError unless it is 32 bytes in base64url */
export function parseMasterKey(text: string | undefined): Buffer {
  if (text === undefined)
    throw new VaultError('COUNTERSIGN_MASTER_KEY is not set; the service keeps no key without it.');
  const key = fromBase64Url(text);
  if (key?.length !== DERIVED_KEY_BYTES)
    throw new VaultError('COUNTERSIGN_MASTER_KEY is not 32 bytes in base64url.');
  return key;
}

/**
 * Opens the vault, making its key pair on the first start. Of several nodes that start at once one makes it and all use
 * it; what is stored is never overwritten.
 * @throws VaultError where the stored key does not open with this master key
 */
export async function openVault(db: Database, masterKey: Buffer): Promise<Vault> {
  const stored = (await selectVaultKey(db, VAULT_KEY_ID)) ?? (await createVaultKey(db, masterKey));
  const opened = unwrapPrivateKey(masterKey, stored.wrappedPrivateKey, IDENTITY);
  if (!opened.ok) {
    throw new VaultError(
      UNREADABLE[opened.code] ?? `The vault key in the database is damaged (${opened.code}).`,
    );
  }
  return {
    publicJwk: await sealingPublicJwk(opened.privateKey),
    privateKey: opened.privateKey,
    challengeKey: derive(masterKey, 'countersign/challenge-mac/v1'),
    addressKey: derive(masterKey, 'countersign/address-hash/v1'),
    archiveKey: derive(masterKey, 'countersign/evidence-archive/v1'),
  };
}

async function createVaultKey(db: Database, masterKey: Buffer) {
  const { publicJwk, privateKey } = await createSealingKeyPair();
  const wrappedPrivateKey = wrapPrivateKey(masterKey, privateKey, IDENTITY);
  await insertVaultKey(db, VAULT_KEY_ID, { publicJwk, wrappedPrivateKey });
  const stored = await selectVaultKey(db, VAULT_KEY_ID);
  if (stored === undefined) throw new VaultError('The vault key could not be stored.');
  return stored;
}

function derive(masterKey: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, '', purpose, DERIVED_KEY_BYTES));
}
