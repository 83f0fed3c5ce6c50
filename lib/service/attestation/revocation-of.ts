import type { AppSnapshot } from '@/lib/contracts';
import type { RevocationContext } from '@/lib/evidence';
import type { StatusList } from '../snapshot/status-list';

/**
 * What verification goes by for revoked attestation keys. A production app refuses where the list is missing or too old,
 * unless somebody decided that no age is; a development app, whose evidence comes from elsewhere, is only warned, as is
 * whoever enrolled before (`null`).
 */
export function revocationOf(
  { revocation, maxAgeSeconds }: StatusList,
  environment: AppSnapshot['environment'] | null,
): Omit<RevocationContext, 'nowMs'> {
  return {
    revocation,
    revocationRequired: environment === 'production' && maxAgeSeconds !== null,
    revocationMaxAgeSeconds: maxAgeSeconds,
  };
}
