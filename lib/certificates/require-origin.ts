import { type Actor, requirePermission, requireSomewhere } from '@/lib/auth';
import type { Permission } from '@/lib/contracts';
import { AppError, type OriginId } from '@/lib/core';
import type { Executor, Tx } from '@/lib/db';
import { findOrigin, lockApp, type OriginRow } from './store/origins';

/**
 * The origin, for whoever may do this to its app.
 * @throws AppError `permission_denied`, `origin_not_found`
 */
export async function requireOrigin(
  db: Executor,
  actor: Actor,
  permission: Permission,
  id: string,
): Promise<OriginRow> {
  requireSomewhere(actor, permission);
  const origin = await findOrigin(db, id as OriginId);
  if (!origin) throw new AppError('origin_not_found');
  requirePermission(actor, permission, origin.appId);
  return origin;
}

/**
 * The origin as it stands once its app is locked, with the app's configuration version: nobody else changes either until
 * the transaction ends.
 * @throws AppError `origin_not_found`
 */
export async function lockOrigin(
  tx: Tx,
  { id, appId }: Pick<OriginRow, 'id' | 'appId'>,
): Promise<{ origin: OriginRow; version: number }> {
  const version = await lockApp(tx, appId);
  const origin = await findOrigin(tx, id as OriginId);
  if (version === undefined || !origin) throw new AppError('origin_not_found');
  return { origin, version };
}
