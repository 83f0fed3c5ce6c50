import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, type VerbContext } from '@/lib/auth';
import type { RotationRequest, SigningKeyRotation } from '@/lib/contracts';
import { AppError, newId } from '@/lib/core';
import { insertRotation, selectSigningKeys } from './store';
import { rotationView } from './view';

/**
 * Asks the service to let the next key sign. It does as soon as that one has been published for long enough, at once in
 * most cases; tokens of the key before stay good until they expire. One rotation is on its way at a time.
 * @throws AppError `permission_denied`, `rotation_already_pending`
 */
export async function requestRotation(
  { db, actor, clock }: VerbContext,
  input: RotationRequest,
): Promise<SigningKeyRotation> {
  requirePermission(actor, 'signing_keys.write', null);
  return db.orm.transaction(async (tx) => {
    const rotation = await insertRotation(tx, {
      id: newId(clock.nowMs()),
      reason: input.reason,
      requestedBy: actor.id,
      requestedByName: actor.name,
    });
    if (!rotation) throw new AppError('rotation_already_pending');
    await recordAudit(tx, auditActorOf(actor), {
      action: 'signing_key.request_rotation',
      targetKind: 'signing_key',
      targetId: rotation.id,
      reason: input.reason,
    });
    return rotationView(rotation, await selectSigningKeys(tx));
  });
}
