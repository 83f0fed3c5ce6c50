import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, type VerbContext } from '@/lib/auth';
import type { SigningKeySchedule } from '@/lib/contracts';
import { selectRotateEveryDays, setRotateEveryDays } from './store';

/**
 * Has a rotation asked for whenever a key has signed for so many days, or (`null`) never.
 * @throws AppError `permission_denied`
 */
export async function scheduleRotation(
  { db, actor }: VerbContext,
  input: SigningKeySchedule,
): Promise<{ rotateEveryDays: number | null }> {
  requirePermission(actor, 'signing_keys.write', null);
  const { rotateEveryDays, reason } = input;
  return db.orm.transaction(async (tx) => {
    const before = await selectRotateEveryDays(tx);
    await setRotateEveryDays(tx, rotateEveryDays, actor.name);
    await recordAudit(tx, auditActorOf(actor), {
      action: 'signing_key.schedule',
      targetKind: 'signing_key',
      targetId: 'schedule',
      reason,
      detail: { rotateEveryDays, before },
    });
    return { rotateEveryDays };
  });
}
