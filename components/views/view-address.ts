import type { SavedView } from '@/lib/contracts';

export type ViewPage = SavedView['page'];

/** Where each page whose views can be saved is. */
const PATHS: Readonly<Record<ViewPage, string>> = {
  overview: '/overview',
  attestations: '/attestations',
  devices: '/devices',
};

/** What of an address is no part of a view: the row that happens to be open, and where in a list somebody is. */
const NOT_SAVED: ReadonlySet<string> = new Set(['event', 'begin']);

/** The part of a page's query that makes a view, in one order whatever the order it was chosen in. */
export function viewQuery(search: URLSearchParams | string): string {
  const kept = [...new URLSearchParams(search)].filter(([name]) => !NOT_SAVED.has(name));
  const sorted = kept.toSorted(([a, x], [b, y]) => a.localeCompare(b) || x.localeCompare(y));
  return new URLSearchParams(sorted).toString();
}

/** The address that shows a view. */
export function viewHref({ page, query }: Pick<SavedView, 'page' | 'query'>): string {
  return query === '' ? PATHS[page] : `${PATHS[page]}?${query}`;
}

/** The view that an address shows; one's own before a shared one of the same content. */
export function shownView(views: readonly SavedView[], query: string): SavedView | undefined {
  const same = views.filter((view) => viewQuery(view.query) === query);
  return same.find(({ own }) => own) ?? same[0];
}

/** One's own views and those that others share, each by name. */
export function groupViews(views: readonly SavedView[]): { own: SavedView[]; shared: SavedView[] } {
  const byName = views.toSorted((a, b) => a.name.localeCompare(b.name));
  return { own: byName.filter(({ own }) => own), shared: byName.filter(({ own }) => !own) };
}
