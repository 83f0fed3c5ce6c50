import { type Actor, mayDo, requirePermission } from '@/lib/auth';
import { type CutOffScope, ORGANISATION_TARGET, type Permission } from '@/lib/contracts';
import { AppError, type ErrorCode } from '@/lib/core';
import type { Executor } from '@/lib/db';
import { appsOfTarget } from './store';

const UNKNOWN: Readonly<Record<CutOffScope, ErrorCode>> = {
  organisation: 'request_invalid',
  app: 'app_not_found',
  signing_key: 'signing_key_not_found',
  api: 'api_not_found',
  instance: 'instance_not_found',
};
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whose tokens a cut-off concerns. */
export interface CutOffTarget {
  readonly scope: CutOffScope;
  readonly target: string;
  /** `null` for all apps. */
  readonly apps: readonly string[] | null;
}

type Named = Pick<CutOffTarget, 'scope' | 'target'>;

/**
 * Finds a target for someone who is permitted this to all whom it concerns: to the whole organisation, or to each app.
 * @throws AppError `permission_denied`, or that there is no such target
 */
export async function requireTarget(
  db: Executor,
  actor: Actor,
  permission: Permission,
  named: Named,
): Promise<CutOffTarget> {
  const found = await findTarget(db, named);
  // What belongs to no app is the organisation's.
  const concerned = found.apps?.length ? found.apps : [null];
  for (const appId of concerned) requirePermission(actor, permission, appId);
  return found;
}

/**
 * Finds a target for someone who is permitted this to some whom it concerns, as far as it concerns those: an API may
 * accept tokens of apps that its viewer knows nothing of.
 * @throws AppError `permission_denied`, or that there is no such target
 */
export async function requirePartOfTarget(
  db: Executor,
  actor: Actor,
  permission: Permission,
  named: Named,
): Promise<CutOffTarget> {
  const found = await findTarget(db, named);
  const apps = found.apps?.filter((appId) => mayDo(actor, permission, appId));
  if (apps === undefined || apps.length === 0) requirePermission(actor, permission, found.apps?.[0] ?? null);
  return { ...found, apps: apps ?? null };
}

async function findTarget(db: Executor, { scope, target }: Named): Promise<CutOffTarget> {
  const isReadable =
    scope === 'instance' ? UUID.test(target) : scope !== 'organisation' || target === ORGANISATION_TARGET;
  const apps = isReadable ? await appsOfTarget(db, scope, target) : undefined;
  if (apps === undefined) throw new AppError(UNKNOWN[scope], { fields: { target: 'names nothing' } });
  return { scope, target, apps };
}
