import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, requireSomewhere, type VerbContext } from '@/lib/auth';
import { appendChange } from '@/lib/changes';
import type { ApiRegistered, ApiRegistration, ApiSnapshot } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { insertApi, knownApps } from './store';

/**
 * Registers an API that relying parties protect, and the apps whose tokens it accepts.
 * @throws AppError `permission_denied`, `app_not_found`, `api_already_exists`
 */
export async function registerApi(
  { db, actor, clock }: VerbContext,
  input: ApiRegistration,
): Promise<ApiRegistered> {
  requireSomewhere(actor, 'apps.write');
  const appIds = [...new Set(input.appIds)];
  for (const appId of appIds) requirePermission(actor, 'apps.write', appId);
  const api: ApiSnapshot = { id: input.id, name: input.name, appIds, mode: input.mode };
  const seq = await db.orm.transaction(async (tx) => {
    const known = await knownApps(tx, appIds);
    const unknown = appIds.find((appId) => !known.has(appId));
    if (unknown !== undefined) {
      throw new AppError('app_not_found', { fields: { appIds: `${unknown} is not registered` } });
    }
    if (!(await insertApi(tx, api, new Date(clock.nowMs())))) {
      throw new AppError('api_already_exists', { fields: { id: 'is taken' } });
    }
    const changeSeq = await appendChange(tx, 'api', api);
    await recordAudit(tx, auditActorOf(actor), {
      action: 'api.register',
      targetKind: 'api',
      targetId: api.id,
      appId: appIds.length === 1 ? (appIds[0] ?? null) : null,
      detail: { name: api.name, appIds, mode: api.mode },
      changeSeq,
    });
    return changeSeq;
  });
  return { ...api, seq };
}
