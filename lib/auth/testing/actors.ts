import type { Role, RoleGrant } from '@/lib/contracts';
import { newId } from '@/lib/core';
import type { StaffActor } from '../actor';

/** A person with one role, for the organisation or for one app; there is no row for them. */
export function actorWith(role: Role | null, appId: string | null = null): StaffActor {
  const grants: RoleGrant[] = role === null ? [] : [{ role, appId }];
  const name = role ?? 'nobody';
  return {
    kind: 'staff',
    id: newId(Date.now()),
    name,
    email: `${name}@example.test`,
    grants,
    sessionId: newId(Date.now()),
    steppedUpAt: null,
  };
}

/** The same person, who has just proved that it is they. */
export function steppedUp(actor: StaffActor, atMs = Date.now()): StaffActor {
  return { ...actor, steppedUpAt: new Date(atMs) };
}
