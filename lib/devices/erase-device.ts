import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, requireSomewhere, type VerbContext } from '@/lib/auth';
import type { DeviceErased } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { deleteDevice, findDevice } from './store';

/**
 * Erases everything that is stored of one device: its attestations, its refused requests, its days, and its enrolment.
 * Blocks stay, so that a blocked device stays blocked, and so do counts, which name nobody. The audit log keeps that
 * it was done, and how much it was.
 * @throws AppError `permission_denied`, `instance_not_found`
 */
export async function eraseDevice(
  { db, actor }: VerbContext,
  input: { id: string; reason: string },
): Promise<DeviceErased> {
  requireSomewhere(actor, 'devices.erase');
  const known = await findDevice(db.orm, input.id);
  if (!known) throw new AppError('instance_not_found');
  requirePermission(actor, 'devices.erase', known.appId);
  return db.orm.transaction(async (tx) => {
    const erased = await deleteDevice(tx, known.id);
    if (!erased) throw new AppError('instance_not_found');
    await recordAudit(tx, auditActorOf(actor), {
      action: 'device.erase',
      targetKind: 'instance',
      targetId: known.id,
      appId: known.appId,
      reason: input.reason,
      detail: { ...erased },
    });
    return { id: known.id, erased };
  });
}
