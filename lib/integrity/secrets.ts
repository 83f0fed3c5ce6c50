import { createPrivateKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { type PlayResponseKeys, playResponseKeysSchema } from '@/lib/contracts';
import { openSecret, type RowIdentity } from '@/lib/crypto';
import { type PlayKeys, readPlayKeys } from '@/lib/evidence';

/** The row that an app's sealed response keys belong to. */
export function keysIdentity(appId: string): RowIdentity {
  return { table: 'app_integrity.keys', id: appId };
}

/** The row that an app's sealed service account belongs to. */
export function accountIdentity(appId: string): RowIdentity {
  return { table: 'app_integrity.account', id: appId };
}

/** A service account of Google Cloud: whom to be, and what to prove it with. */
export interface ServiceAccount {
  readonly email: string;
  readonly keyId: string | null;
  readonly privateKey: KeyObject;
}

const MIN_RSA_BITS = 2_048;

/** The members of the key file that are used. Where to ask for a token is not taken from it. */
const keyFileSchema = z.object({
  type: z.literal('service_account'),
  client_email: z.email().max(320),
  private_key_id: z.string().max(128).optional(),
  private_key: z.string().max(8_192),
});

/** Reads a service account's key file; `undefined` for anything else, and for a key that is not RSA of 2048 bits. */
export function readServiceAccount(json: string): ServiceAccount | undefined {
  try {
    const file = keyFileSchema.parse(JSON.parse(json));
    const privateKey = createPrivateKey(file.private_key);
    const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? 0;
    if (privateKey.asymmetricKeyType !== 'rsa' || bits < MIN_RSA_BITS) return undefined;
    return { email: file.client_email, keyId: file.private_key_id ?? null, privateKey };
  } catch {
    return undefined;
  }
}

/** What is stored of an app's secrets. */
export interface SealedIntegrity {
  readonly appId: string;
  readonly sealedKeys: string | null;
  readonly sealedAccount: string | null;
  readonly dailyQuota: number;
}

/** An app's secrets as the service holds them in memory; `null` where there are none, or where they do not open. */
export interface OpenedIntegrity {
  readonly keys: PlayKeys | null;
  readonly account: ServiceAccount | null;
  readonly dailyQuota: number;
  /** What is there and cannot be opened or read. */
  readonly unreadable: readonly ('keys' | 'account')[];
}

/** Opens an app's secrets with the vault's private key. Never throws on what was stored. */
export async function openIntegrity(vaultKey: KeyObject, row: SealedIntegrity): Promise<OpenedIntegrity> {
  const keysText = await open(vaultKey, row.sealedKeys, keysIdentity(row.appId));
  const accountText = await open(vaultKey, row.sealedAccount, accountIdentity(row.appId));
  const keys = keysText === null ? null : (readSealedKeys(keysText) ?? null);
  const account = accountText === null ? null : (readServiceAccount(accountText) ?? null);
  const unreadable: ('keys' | 'account')[] = [];
  if (row.sealedKeys !== null && keys === null) unreadable.push('keys');
  if (row.sealedAccount !== null && account === null) unreadable.push('account');
  return { keys, account, dailyQuota: row.dailyQuota, unreadable };
}

async function open(
  vaultKey: KeyObject,
  sealed: string | null,
  identity: RowIdentity,
): Promise<string | null> {
  if (sealed === null) return null;
  const opened = await openSecret(vaultKey, sealed, identity);
  if (!opened.ok) return null;
  const text = Buffer.from(opened.plaintext).toString('utf8');
  opened.plaintext.fill(0);
  return text;
}

/** How response keys are sealed. */
export function keysText(keys: PlayResponseKeys): string {
  return JSON.stringify(keys);
}

function readSealedKeys(text: string): PlayKeys | undefined {
  try {
    const read = readPlayKeys(playResponseKeysSchema.parse(JSON.parse(text)));
    return read.ok ? read.keys : undefined;
  } catch {
    return undefined;
  }
}
