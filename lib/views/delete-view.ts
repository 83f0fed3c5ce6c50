import { recordAudit } from '@/lib/audit';
import { auditActorOf, requireSomewhere, type VerbContext } from '@/lib/auth';
import { deleteViewRow, lockView } from './store';
import { requireChangeable } from './view';

/**
 * Deletes a view of the actor's own; whoever manages the staff may delete any shared one.
 * @throws AppError `permission_denied`, `view_not_found`
 */
export async function deleteView(
  { db, actor }: VerbContext,
  { id }: { id: string },
): Promise<{ done: true }> {
  requireSomewhere(actor, 'views.write');
  await db.orm.transaction(async (tx) => {
    const { page, name, shared } = requireChangeable(actor, await lockView(tx, id));
    await deleteViewRow(tx, id);
    await recordAudit(tx, auditActorOf(actor), {
      action: 'view.delete',
      targetKind: 'saved_view',
      targetId: id,
      detail: { page, name, shared },
    });
  });
  return { done: true };
}
