import { plural } from '@/components/ui/format';
import type { MarkedVerdict } from '@/components/ui/verdict-mark';
import type { RelyingPartyView } from '@/lib/contracts';

/** Where a relying party stands, by its processes that live, or by the last word of the last one. */
export function standingOf({ replicas }: RelyingPartyView): {
  mark: MarkedVerdict;
  text: string;
  lastSeenAt: string | null;
} {
  const [newest] = replicas;
  if (newest === undefined) return { mark: 'unknown', text: 'never heard of', lastSeenAt: null };
  const living = replicas.filter(({ alive }) => alive);
  const { lastSeenAt } = newest;
  if (living.length === 0) return { mark: 'rejected', text: 'away', lastSeenAt };
  const behind = living.filter(({ current }) => !current).length;
  const processes = plural(living.length, 'process', 'processes');
  return behind === 0
    ? { mark: 'trusted', text: `up to date, ${processes}`, lastSeenAt }
    : { mark: 'flagged', text: `${behind} of ${processes} behind`, lastSeenAt };
}
