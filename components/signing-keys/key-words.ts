import type { BadgeTone } from '@/components/ui/badge';
import { plural } from '@/components/ui/format';
import type { SigningKeyState, SigningKeys, SigningKeyView } from '@/lib/contracts';

/** How each state is called and marked. */
export const STATE_WORDS: Readonly<Record<SigningKeyState, { label: string; tone: BadgeTone }>> = {
  staged: { label: 'staged', tone: 'accent' },
  active: { label: 'active', tone: 'trusted' },
  retiring: { label: 'retiring', tone: 'flagged' },
  retired: { label: 'retired', tone: 'neutral' },
  revoked: { label: 'revoked', tone: 'rejected' },
};

/** Enough of a key id to tell it from the others. */
export function shortKid(kid: string): string {
  return `${kid.slice(0, 8)}…${kid.slice(-4)}`;
}

/** Since when a key is in its state. */
export function stateSince(key: SigningKeyView): string {
  const since: Readonly<Record<SigningKeyState, string | null>> = {
    staged: key.createdAt,
    active: key.activatedAt,
    retiring: key.replacedAt,
    retired: key.retiredAt,
    revoked: key.revokedAt,
  };
  return since[key.state] ?? key.createdAt;
}

/** What a key does, and what still depends on it, in a sentence. */
export function verifiesText({ state, devices, revokeReason, revokedByName }: SigningKeyView): string {
  switch (state) {
    case 'staged':
      return 'Published, and signs nothing yet. It takes over at the next rotation.';
    case 'active':
      return `Signs. ${plural(devices, 'device')} ${devices === 1 ? 'holds' : 'hold'} a token of it.`;
    case 'retiring':
      return devices === 0
        ? 'Signs no more, and no device holds a token of it.'
        : `Signs no more. ${plural(devices, 'device')} still ${devices === 1 ? 'holds' : 'hold'} a token of it.`;
    case 'retired':
      return 'All that it signed has expired. It is published no more.';
    case 'revoked':
      return `Every token of it is refused. Revoked by ${revokedByName ?? 'the system'}${
        revokeReason === null ? '' : `: “${revokeReason}”`
      }.`;
  }
}

/** Whether a key can still be revoked, or its tokens cut off. */
export function isLive(state: SigningKeyState): boolean {
  return state === 'staged' || state === 'active' || state === 'retiring';
}

/** What follows where a key is revoked. */
export function revokeConsequence(state: SigningKeyState): string {
  switch (state) {
    case 'active':
      return 'Its tokens are refused at once, and each of these devices has to attest again. The next key signs from then on.';
    case 'staged':
      return 'It has signed nothing. Another key is published in its place, and a rotation has to wait for that one.';
    default:
      return 'Its tokens are refused at once, and each of these devices has to attest again.';
  }
}

/** Whether the service is about to do something: to rotate, or to put a key in the place of one that was revoked. */
export function isMoving(known: Pick<SigningKeys, 'keys' | 'rotation'> | undefined): boolean {
  if (known === undefined) return false;
  const has = (wanted: SigningKeyState) => known.keys.some(({ state }) => state === wanted);
  return known.rotation?.performedAt === null || !has('active') || !has('staged');
}
