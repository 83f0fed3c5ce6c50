import type { SigningKeyRotation, SigningKeyView } from '@/lib/contracts';
import { maySignAtMs } from './plan';
import type { RotationRow, SigningKeyRow } from './store';

const iso = (at: Date | null) => at?.toISOString() ?? null;

/** A signing key as the console shows it, with how many devices hold a token of it. */
export function signingKeyView(key: SigningKeyRow, devices: number): SigningKeyView {
  return {
    kid: key.kid,
    state: key.state,
    createdAt: key.createdAt.toISOString(),
    activatedAt: iso(key.activatedAt),
    replacedAt: iso(key.replacedAt),
    retiresAt: iso(key.retiresAt),
    retiredAt: iso(key.retiredAt),
    revokedAt: iso(key.revokedAt),
    revokedByName: key.revokedByName,
    revokeReason: key.revokeReason,
    seq: key.seq,
    devices,
  };
}

/** A rotation as the console shows it: while it is pending with the time from which the next key may sign. */
export function rotationView(
  { requestedBy: _, requestedAt, performedAt, ...row }: RotationRow,
  keys: readonly SigningKeyRow[],
): SigningKeyRotation {
  const next = keys.filter(({ state }) => state === 'staged').at(-1);
  const possibleAtMs = next ? Math.max(maySignAtMs(next), requestedAt.getTime()) : null;
  return {
    ...row,
    requestedAt: requestedAt.toISOString(),
    performedAt: iso(performedAt),
    possibleAt: performedAt === null && possibleAtMs !== null ? new Date(possibleAtMs).toISOString() : null,
  };
}
