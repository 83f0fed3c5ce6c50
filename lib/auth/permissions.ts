import { isPermitted, PERMISSIONS_OF_ROLE, type Permission, type RoleGrant } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import type { Actor } from './actor';

/** What actors that are no staff may do, for every app. What is not listed is refused to them as to anybody. */
const PERMISSIONS_OF_KIND: Readonly<Record<Exclude<Actor['kind'], 'staff'>, readonly Permission[]>> = {
  cli: [
    'apps.read',
    'apps.write',
    'policies.read',
    'policies.write',
    'staff.manage',
    'nodes.read',
    'telemetry.read',
    'signing_keys.read',
    'signing_keys.write',
    'cut_offs.write',
    'api_keys.read',
    'api_keys.rotate',
    'api_keys.write',
    'certificates.read',
    'certificates.write',
  ],
  system: [],
};

/** Whether the actor may do this: to one app, or (`appId` null) to the organisation as a whole. */
export function mayDo(actor: Actor, permission: Permission, appId: string | null): boolean {
  return actor.kind === 'staff'
    ? isPermitted(actor.grants, permission, appId)
    : PERMISSIONS_OF_KIND[actor.kind].includes(permission);
}

/** Whether the actor was granted this at all, for the organisation or for some app. */
export function mayDoSomewhere(actor: Actor, permission: Permission): boolean {
  const ofSome = ({ role }: RoleGrant) => PERMISSIONS_OF_ROLE[role].includes(permission);
  return mayDo(actor, permission, null) || (actor.kind === 'staff' && actor.grants.some(ofSome));
}

/** Refuses whoever was not granted this. @throws AppError `permission_denied` */
export function requirePermission(actor: Actor, permission: Permission, appId: string | null): void {
  if (!mayDo(actor, permission, appId)) throw denied(permission);
}

/**
 * The apps for which the actor was granted this; `null` means every one, also those yet to come.
 * @throws AppError `permission_denied` where there is none.
 */
export function permittedApps(actor: Actor, permission: Permission): readonly string[] | null {
  if (mayDo(actor, permission, null)) return null;
  const apps =
    actor.kind === 'staff'
      ? actor.grants
          .filter((grant) => PERMISSIONS_OF_ROLE[grant.role].includes(permission))
          .flatMap((grant) => grant.appId ?? [])
      : [];
  if (apps.length === 0) throw denied(permission);
  return [...new Set(apps)];
}

/** Refuses whoever was granted this nowhere. What belongs to one app needs `requirePermission` besides. */
export function requireSomewhere(actor: Actor, permission: Permission): void {
  permittedApps(actor, permission);
}

/** The wanted apps as far as the actor may see them; none wanted means all of those, `null` every app there is. */
export function scopeApps(
  actor: Actor,
  permission: Permission,
  wanted: readonly string[],
): readonly string[] | null {
  const permitted = permittedApps(actor, permission);
  if (wanted.length === 0) return permitted;
  return permitted === null ? wanted : wanted.filter((app) => permitted.includes(app));
}

function denied(permission: Permission): AppError {
  return new AppError('permission_denied', { detail: `This needs the permission ${permission}.` });
}
