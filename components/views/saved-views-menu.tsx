'use client';

import dynamic from 'next/dynamic';
import type { ViewPage } from './view-address';

const SavedViewsButton = dynamic(() => import('./saved-views-button'), {
  ssr: false,
  loading: () => <span className="h-8 w-24" />,
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
