import type { ChainCertificate, PinFailureKind, PinSet } from '@/lib/contracts';
import { findingsOfDates } from './read-chain';

/**
 * What a device's failure was, by the chain that it was shown and the pins that are in force. No pin in the chain is a
 * `mismatch`, whatever else is wrong with it. A pin in it and a date that is past is `expired`. Otherwise the device
 * holds pins that have been replaced since: `outdated_pins`.
 */
export function judgeFailure(
  chain: readonly ChainCertificate[],
  pins: Pick<PinSet, 'spkiSha256'>,
  nowMs: number,
): PinFailureKind {
  if (!chain.some(({ spkiSha256 }) => pins.spkiSha256.includes(spkiSha256))) return 'mismatch';
  return findingsOfDates(chain, nowMs).length > 0 ? 'expired' : 'outdated_pins';
}

/** The pins that hold for a host: its own, else those of the nearest parent that covers its subdomains. */
export function pinsFor(sets: readonly PinSet[], host: string): PinSet | undefined {
  const own = sets.find((set) => set.host === host);
  if (own !== undefined) return own;
  const parents = sets.filter((set) => set.includeSubdomains && host.endsWith(`.${set.host}`));
  return parents.sort((a, b) => b.host.length - a.host.length)[0];
}
