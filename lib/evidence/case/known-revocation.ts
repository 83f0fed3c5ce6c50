import { z } from 'zod';
import type { Evidence, EvidenceClaims } from '@/lib/contracts';
import { fromBase64Url } from '@/lib/core';
import { findRevocation, type RevocationContext } from '../android/revocation';
import { serialsOfChain } from '../android/verify-key-attestation';

/** What was known of revoked attestation keys, as far as it concerns one attestation's certificates. */
export const knownRevocationSchema = z.object({
  /** The list that was held; `null` where there was none. */
  list: z
    .object({
      fetchedAtMs: z.number(),
      entries: z.array(z.object({ serial: z.string(), status: z.string(), reason: z.string().nullable() })),
    })
    .nullable(),
  required: z.boolean(),
  maxAgeSeconds: z.number().nullable(),
});
export type KnownRevocation = z.infer<typeof knownRevocationSchema>;

/** Of a list of thousands, the entries of the certificates that were presented or enrolled. */
export function knownRevocation(
  { evidence, enrolled }: { evidence: Evidence | null; enrolled: EvidenceClaims | null },
  { revocation, revocationRequired, revocationMaxAgeSeconds }: Omit<RevocationContext, 'nowMs'>,
): KnownRevocation {
  const serials = new Set(enrolled?.certificateSerials ?? presentedSerials(evidence));
  return {
    list: revocation && {
      fetchedAtMs: revocation.fetchedAt,
      entries: [...serials].flatMap((serial) => {
        const entry = findRevocation(revocation.entries, serial);
        return entry === undefined ? [] : [{ serial, status: entry.status, reason: entry.reason }];
      }),
    },
    required: revocationRequired,
    maxAgeSeconds: revocationMaxAgeSeconds,
  };
}

function presentedSerials(evidence: Evidence | null): string[] {
  if (evidence?.format !== 'android-key-attestation') return [];
  const certificates = evidence.certificateChain.map(fromBase64Url);
  return serialsOfChain(certificates.filter((der) => der !== undefined));
}

/** What a second verification goes by: the same as the first. */
export function revocationContextOf({
  list,
  required,
  maxAgeSeconds,
}: KnownRevocation): Omit<RevocationContext, 'nowMs'> {
  return {
    revocation: list && {
      fetchedAt: list.fetchedAtMs,
      entries: new Map(list.entries.map(({ serial, status, reason }) => [serial, { status, reason }])),
    },
    revocationRequired: required,
    revocationMaxAgeSeconds: maxAgeSeconds,
  };
}
