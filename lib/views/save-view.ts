import { recordAudit } from '@/lib/audit';
import { auditActorOf, requireSomewhere, type VerbContext } from '@/lib/auth';
import type { SavedView, SaveView } from '@/lib/contracts';
import { AppError, newId } from '@/lib/core';
import type { Tx } from '@/lib/db';
import { insertView, isNameTaken, lockView, lockViewsOf, updateView, type ViewRow } from './store';
import { requireChangeable, savedView } from './view';

/** Saves a new view under a name of the actor's own. @throws AppError `permission_denied`, `view_name_taken` */
export async function saveView({ db, actor, clock }: VerbContext, input: SaveView): Promise<SavedView> {
  requireSomewhere(actor, 'views.write');
  const now = new Date(clock.nowMs());
  const row: ViewRow = {
    ...input,
    id: newId(clock.nowMs()),
    createdBy: actor.id,
    createdByName: actor.name,
    createdAt: now,
    updatedAt: now,
  };
  await db.orm.transaction(async (tx) => {
    await claimName(tx, row);
    await insertView(tx, row);
    await recordAudit(tx, auditActorOf(actor), auditOf(row));
  });
  return savedView(actor, row);
}

/**
 * Renames a view, shares it or not, or puts another query in its place.
 * @throws AppError `permission_denied`, `view_not_found`, `view_name_taken`
 */
export async function updateSavedView(
  { db, actor, clock }: VerbContext,
  { id, ...input }: SaveView & { id: string },
): Promise<SavedView> {
  requireSomewhere(actor, 'views.write');
  return db.orm.transaction(async (tx) => {
    const known = requireChangeable(actor, await lockView(tx, id));
    const row: ViewRow = { ...known, ...input, updatedAt: new Date(clock.nowMs()) };
    await claimName(tx, row);
    await updateView(tx, row);
    await recordAudit(tx, auditActorOf(actor), auditOf(row));
    return savedView(actor, row);
  });
}

async function claimName(tx: Tx, row: ViewRow): Promise<void> {
  await lockViewsOf(tx, row.createdBy);
  if (await isNameTaken(tx, row)) throw new AppError('view_name_taken');
}

function auditOf({ id, page, name, shared }: ViewRow) {
  return { action: 'view.save', targetKind: 'saved_view', targetId: id, detail: { page, name, shared } };
}
