'use client';

import { deferred } from '@/components/ui/deferred';
import type { ViewPage } from './view-address';

const SavedViewsButton = deferred(() => import('./saved-views-button'), {
  placeholder: () => <span className="h-8 w-24" />,
});

export interface SavedViewsMenuProps {
  page: ViewPage;
  /** Whether the signed-in person may save views at all; the server decides again. */
  mayWrite?: boolean;
}

/**
 * The views of a page that were given a name, one's own and shared ones: shows, saves, changes and deletes them. Its script
 * comes after the page's own.
 */
export function SavedViewsMenu({ page, mayWrite = true }: SavedViewsMenuProps) {
  return <SavedViewsButton page={page} mayWrite={mayWrite} />;
}
