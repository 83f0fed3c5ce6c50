import { and, asc, eq, ne, or, sql } from 'drizzle-orm';
import { savedViews } from '@/drizzle/schema';
import type { Executor, Tx } from '@/lib/db';

export type ViewRow = typeof savedViews.$inferSelect;
type ViewPage = ViewRow['page'];

const MOST_VIEWS = 500;

/** The views that somebody sees: their own and shared ones, of one page or of all, by name. */
export async function listViewRows(
  db: Executor,
  readerId: string,
  page: ViewPage | undefined,
): Promise<ViewRow[]> {
  return db
    .select()
    .from(savedViews)
    .where(
      and(
        page === undefined ? undefined : eq(savedViews.page, page),
        or(eq(savedViews.createdBy, readerId), eq(savedViews.shared, true)),
      ),
    )
    .orderBy(asc(savedViews.page), asc(savedViews.name), asc(savedViews.id))
    .limit(MOST_VIEWS);
}

/** A view, locked until the transaction ends. */
export async function lockView(tx: Tx, id: string): Promise<ViewRow | undefined> {
  const [row] = await tx.select().from(savedViews).where(eq(savedViews.id, id)).for('update');
  return row;
}

/** Serialises what one person saves until the transaction ends: names are compared across rows. */
export async function lockViewsOf(tx: Tx, makerId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${makerId}, 7310530))`);
}

export async function insertView(tx: Tx, row: ViewRow): Promise<void> {
  await tx.insert(savedViews).values(row);
}

/** Whether the maker has another view of this name on the page. */
export async function isNameTaken(
  tx: Tx,
  view: Pick<ViewRow, 'id' | 'page' | 'name' | 'createdBy'>,
): Promise<boolean> {
  const [other] = await tx
    .select({ id: savedViews.id })
    .from(savedViews)
    .where(
      and(
        eq(savedViews.createdBy, view.createdBy),
        eq(savedViews.page, view.page),
        eq(savedViews.name, view.name),
        ne(savedViews.id, view.id),
      ),
    );
  return other !== undefined;
}

/** Puts what is saved in place of what a view was. */
export async function updateView(tx: Tx, { id, ...row }: ViewRow): Promise<void> {
  await tx.update(savedViews).set(row).where(eq(savedViews.id, id));
}

export async function deleteViewRow(tx: Tx, id: string): Promise<void> {
  await tx.delete(savedViews).where(eq(savedViews.id, id));
}
