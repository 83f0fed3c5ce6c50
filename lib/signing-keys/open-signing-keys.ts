import { createPrivateKey, type KeyObject } from 'node:crypto';
import { openSecret } from '@/lib/crypto';
import type { Executor } from '@/lib/db';
import type { SigningKey } from '@/lib/tokens/signing';
import { selectSealedKeys } from './store';

/** A stored signing key does not open with this vault key. Says which, and nothing of its content. */
export class SigningKeyUnreadableError extends Error {
  constructor(kid: string, code: string) {
    super(`The token-signing key ${kid} cannot be opened (${code}).`);
    this.name = 'SigningKeyUnreadableError';
  }
}

/**
 * Opens the keys that sign: the active one first, then those that are staged, so that the next one can take over at once.
 * @throws SigningKeyUnreadableError
 */
export async function openSigningKeys(db: Executor, vaultPrivateKey: KeyObject): Promise<SigningKey[]> {
  const rows = await selectSealedKeys(db);
  return await Promise.all(
    rows.map(async ({ kid, sealedPrivateKey }) => {
      const identity = { table: 'signing_keys', id: kid };
      const opened = await openSecret(vaultPrivateKey, sealedPrivateKey, identity);
      if (!opened.ok) throw new SigningKeyUnreadableError(kid, opened.code);
      const pkcs8 = Buffer.from(opened.plaintext);
      const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
      pkcs8.fill(0);
      opened.plaintext.fill(0);
      return { kid, privateKey };
    }),
  );
}
