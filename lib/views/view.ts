import { type Actor, mayDo } from '@/lib/auth';
import type { SavedView } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import type { ViewRow } from './store';

/** Whether somebody may change or delete a view: who made it, and for a shared one whoever manages the staff. */
function mayChange(actor: Actor, view: Pick<ViewRow, 'createdBy' | 'shared'>): boolean {
  return view.createdBy === actor.id || (view.shared && mayDo(actor, 'staff.manage', null));
}

/** Refuses to change what the actor does not see, or sees but did not make. @throws AppError `view_not_found`, `permission_denied` */
export function requireChangeable(actor: Actor, view: ViewRow | undefined): ViewRow {
  if (!view || !(view.shared || view.createdBy === actor.id)) throw new AppError('view_not_found');
  if (!mayChange(actor, view)) {
    throw new AppError('permission_denied', { detail: 'Only who made a shared view may change it.' });
  }
  return view;
}

/** A view as its reader sees it. */
export function savedView(actor: Actor, row: ViewRow): SavedView {
  return {
    id: row.id,
    page: row.page,
    name: row.name,
    query: row.query,
    shared: row.shared,
    createdByName: row.createdByName,
    own: mayChange(actor, row),
    updatedAt: row.updatedAt.toISOString(),
  };
}
