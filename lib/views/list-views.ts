import { requireSomewhere, type VerbContext } from '@/lib/auth';
import type { SavedView, ViewListQuery } from '@/lib/contracts';
import { listViewRows } from './store';
import { savedView } from './view';

/** The actor's own views and those that others share, by name. @throws AppError `permission_denied` */
export async function listViews(
  { db, actor }: VerbContext,
  input: ViewListQuery,
): Promise<{ views: SavedView[] }> {
  requireSomewhere(actor, 'telemetry.read');
  const rows = await listViewRows(db.orm, actor.id, input.page);
  return { views: rows.map((row) => savedView(actor, row)) };
}
