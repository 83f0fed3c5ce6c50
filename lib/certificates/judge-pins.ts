import type { ChainCertificate, OriginView, Pin, PinProblem } from '@/lib/contracts';

const DAY_MS = 86_400_000;

/**
 * What is wrong with pins that devices enforce, held against the chain that was read last (`null`: none was). Fewer than
 * two pins have no backup even where the chain is not known.
 */
export function problemsOf(
  pins: readonly Pick<Pin, 'spkiSha256'>[],
  chain: readonly Pick<ChainCertificate, 'spkiSha256'>[] | null,
): PinProblem[] {
  if (chain === null) return pins.length < 2 ? ['no_backup', 'never_probed'] : ['never_probed'];
  const presented = new Set(chain.map(({ spkiSha256 }) => spkiSha256));
  const matching = pins.filter(({ spkiSha256 }) => presented.has(spkiSha256)).length;
  const problems: PinProblem[] = [];
  if (matching === 0) problems.push('no_match');
  // A backup is a key that is kept somewhere else: one that the server does not present.
  if (pins.length - matching === 0 || pins.length < 2) problems.push('no_backup');
  return problems;
}

/** When the first certificate of a chain expires; `null` where no chain is known. */
export function expiryOf(chain: readonly Pick<ChainCertificate, 'notAfter'>[] | null): string | null {
  if (chain === null || chain.length === 0) return null;
  return new Date(Math.min(...chain.map(({ notAfter }) => Date.parse(notAfter)))).toISOString();
}

/** Which warning an expiry is worth now. */
export function expiryWarning(expiresAt: string | null, nowMs: number): OriginView['expiryWarning'] {
  if (expiresAt === null) return null;
  const days = (Date.parse(expiresAt) - nowMs) / DAY_MS;
  if (days <= 0) return 'expired';
  if (days <= 7) return '7d';
  if (days <= 14) return '14d';
  return days <= 30 ? '30d' : null;
}
