import { requirePermission, type VerbContext } from '@/lib/auth';
import { MAX_ORIGINS, type OriginRegistration, type PinAct } from '@/lib/contracts';
import { AppError, newId, type OriginId } from '@/lib/core';
import { commitConfig } from './commit-config';
import { requireOrigin } from './require-origin';
import { askForProbe, countOrigins, deleteOrigin, insertOrigin, lockApp } from './store/origins';

/**
 * Has an origin of an app watched. Devices are told that it is protected; it has no pins yet, and its first probe is due.
 * @throws AppError `permission_denied`, `app_not_found`, `origin_already_exists`, `request_invalid`
 */
export async function registerOrigin(
  { db, actor, clock }: VerbContext,
  input: OriginRegistration,
): Promise<PinAct> {
  requirePermission(actor, 'certificates.write', input.appId);
  const now = new Date(clock.nowMs());
  const id = newId<OriginId>(now.getTime());
  return db.orm.transaction(async (tx) => {
    const version = await lockApp(tx, input.appId);
    if (version === undefined) throw new AppError('app_not_found');
    if ((await countOrigins(tx, input.appId)) >= MAX_ORIGINS) {
      throw new AppError('request_invalid', {
        detail: `An app has at most ${MAX_ORIGINS} protected origins.`,
      });
    }
    const made = await insertOrigin(tx, {
      ...input,
      id,
      pinVersion: null,
      createdAt: now,
      createdByName: actor.name,
      probeDueAt: now,
      probeRequestedAt: now,
      probeRequestedByName: actor.name,
    });
    if (!made) throw new AppError('origin_already_exists', { fields: { host: 'is protected already' } });
    await askForProbe(tx, id, null);
    const { host, port, serverName, includeSubdomains } = input;
    const audit = {
      action: 'origin.register',
      targetKind: 'origin',
      targetId: id,
      detail: { host, port, serverName, includeSubdomains },
    };
    return { originId: id, ...(await commitConfig(tx, { actor, appId: input.appId, version, now, audit })) };
  });
}

/**
 * Forgets an origin: devices that fetch the next configuration pin its host no longer. A rotation that is under way ends
 * with it.
 * @throws AppError `permission_denied`, `origin_not_found`
 */
export async function removeOrigin(
  { db, actor, clock }: VerbContext,
  input: { id: string; reason: string },
): Promise<PinAct> {
  const origin = await requireOrigin(db.orm, actor, 'certificates.write', input.id);
  const now = new Date(clock.nowMs());
  const id = origin.id as OriginId;
  return db.orm.transaction(async (tx) => {
    const version = await lockApp(tx, origin.appId);
    if (version === undefined || !(await deleteOrigin(tx, id))) throw new AppError('origin_not_found');
    const audit = {
      action: 'origin.remove',
      targetKind: 'origin',
      targetId: id,
      reason: input.reason,
      detail: { host: origin.host },
    };
    return { originId: id, ...(await commitConfig(tx, { actor, appId: origin.appId, version, now, audit })) };
  });
}
