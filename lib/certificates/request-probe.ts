import { recordAudit } from '@/lib/audit';
import { auditActorOf, requireSomewhere, type VerbContext } from '@/lib/auth';
import type { PinsRead } from '@/lib/contracts';
import { AppError, type OriginId } from '@/lib/core';
import { readPins } from './read-pins';
import { requireOrigin } from './require-origin';
import { askForProbe } from './store/origins';

/**
 * Asks the service to probe an origin now: it does so within a second or two, and the answer stands with the origin.
 * @throws AppError `permission_denied`, `origin_not_found`
 */
export async function requestProbe(
  { db, actor, clock }: VerbContext,
  input: { id: string },
): Promise<{ done: true }> {
  const origin = await requireOrigin(db.orm, actor, 'certificates.write', input.id);
  return db.orm.transaction(async (tx) => {
    const by = { name: actor.name, at: new Date(clock.nowMs()) };
    if (!(await askForProbe(tx, origin.id as OriginId, by))) throw new AppError('origin_not_found');
    await recordAudit(tx, auditActorOf(actor), {
      action: 'origin.probe',
      targetKind: 'origin',
      targetId: origin.id,
      appId: origin.appId,
      detail: { host: origin.host },
    });
    return { done: true };
  });
}

/**
 * The pins in a pasted text. Nothing is stored, and the text is not in any message.
 * @throws AppError `permission_denied`, `pin_private_key_refused`, `pin_unreadable`
 */
export async function inspectPins({ actor }: VerbContext, input: { material: string }): Promise<PinsRead> {
  requireSomewhere(actor, 'certificates.write');
  return { keys: readPins(input.material) };
}
