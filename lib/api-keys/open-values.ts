import type { KeyObject } from 'node:crypto';
import { openSecret } from '@/lib/crypto';
import type { Executor } from '@/lib/db';
import { selectSealedValues } from './store/versions';
import { identityOf } from './value';

/** Values that devices may be given, by `keyId/version`. In the service's memory only. */
export interface OpenedValues {
  readonly values: ReadonlyMap<string, string>;
  /** Versions whose sealed value does not open with this vault key, with the code of why. */
  readonly unreadable: readonly { readonly id: string; readonly code: string }[];
}

/**
 * Opens the values of every version that is active or retiring; those that `known` holds are taken from there, because a
 * version's value never changes. What does not open is named, and the others are opened all the same.
 */
export async function openKeyValues(
  db: Executor,
  vaultPrivateKey: KeyObject,
  known: ReadonlyMap<string, string>,
): Promise<OpenedValues> {
  const values = new Map<string, string>();
  const unreadable: { id: string; code: string }[] = [];
  for (const { keyId, version, sealedValue } of await selectSealedValues(db, [...known.keys()])) {
    const identity = identityOf(keyId, version);
    const held = known.get(identity.id);
    if (held !== undefined) values.set(identity.id, held);
    if (held !== undefined || sealedValue === null) continue;
    const opened = await openSecret(vaultPrivateKey, sealedValue, identity);
    if (!opened.ok) unreadable.push({ id: identity.id, code: opened.code });
    else {
      values.set(identity.id, Buffer.from(opened.plaintext).toString('utf8'));
      opened.plaintext.fill(0);
    }
  }
  return { values, unreadable };
}
