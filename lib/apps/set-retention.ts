import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, type VerbContext } from '@/lib/auth';
import { RETENTION_FIELDS, type Retention, type RetentionChange, type RetentionDays } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { retentionView } from './read-retention';
import { loweredFields, requireAllowedRetention } from './retention-rules';
import { lockRetention, updateRetention } from './store';

/**
 * Sets for how long an app's telemetry is kept. It succeeds only on top of the revision that the editor saw, and asks
 * for a reason where something is kept for less long than before. What is older is deleted by scheduled work, within
 * the hour. The service's nodes need not know, so that there is nothing to propagate.
 * @throws AppError `permission_denied`, `app_not_found`, `edit_conflict`, `request_invalid`
 */
export async function setRetention(
  { db, actor, clock }: VerbContext,
  { id, basedOn, reason, ...after }: RetentionChange & { id: string },
): Promise<Retention> {
  requirePermission(actor, 'apps.write', id);
  return db.orm.transaction(async (tx) => {
    const stored = await lockRetention(tx, id);
    if (!stored) throw new AppError('app_not_found');
    if (stored.revision !== basedOn) throw new AppError('edit_conflict');
    requireAllowedRetention(stored.days, after);
    if (reason === null && loweredFields(stored.days, after).length > 0) {
      const fields = { reason: 'is needed: something is kept for less long than before' };
      throw new AppError('request_invalid', { fields });
    }
    const changed = RETENTION_FIELDS.filter((field) => after[field] !== stored.days[field]);
    if (changed.length === 0) return retentionView(id, stored);
    const revision = await updateRetention(tx, id, after, new Date(clock.nowMs()));
    const only = (days: RetentionDays) => Object.fromEntries(changed.map((field) => [field, days[field]]));
    await recordAudit(tx, auditActorOf(actor), {
      action: 'app.set_retention',
      targetKind: 'app',
      targetId: id,
      appId: id,
      reason,
      detail: { before: only(stored.days), after: only(after) },
    });
    return retentionView(id, { revision, days: after });
  });
}
