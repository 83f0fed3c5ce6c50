import { and, sql } from 'drizzle-orm';
import { attestationEvents } from '@/drizzle/schema';
import { scopeApps, type VerbContext } from '@/lib/auth';
import type { AttestationExport, Permission } from '@/lib/contracts';
import { EVENT_FACETS, facetConditions, instant } from './conditions';
import { appCondition, onlyCondition } from './events';
import { searched } from './list-attestations';
import { readsOf } from './reads';
import { eventScope } from './scope';

/**
 * Devices that made the attestations of a query, in the order of their ids, no more than `most`: of the apps for which
 * `permission` was granted. @throws AppError `permission_denied`, `request_invalid`
 */
export async function listAttestingDevices(
  ctx: VerbContext,
  query: Omit<AttestationExport, 'format'>,
  permission: Permission,
  most: number,
): Promise<{ instanceId: string; appId: string }[]> {
  const apps = scopeApps(ctx.actor, permission, query.app);
  const scope = searched({ ...eventScope(ctx, query), apps }, query.q);
  if (!scope) return [];
  const rows = await readsOf(ctx)
    .selectDistinct({ instanceId: attestationEvents.instanceId, appId: attestationEvents.appId })
    .from(attestationEvents)
    .where(
      and(
        appCondition(scope.apps),
        sql`${attestationEvents.receivedAt} >= ${instant(scope.fromMs)}`,
        sql`${attestationEvents.receivedAt} < ${instant(scope.toMs)}`,
        sql`${attestationEvents.instanceId} is not null`,
        facetConditions(EVENT_FACETS, scope.filter),
        onlyCondition(scope.only),
      ),
    )
    .orderBy(attestationEvents.instanceId)
    .limit(most);
  return rows.flatMap(({ instanceId, appId }) => (instanceId === null ? [] : [{ instanceId, appId }]));
}
