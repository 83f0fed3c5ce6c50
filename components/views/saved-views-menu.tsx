'use client';

import { useQuery } from '@tanstack/react-query';
import { Bookmark, ChevronDown } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { lazy } from 'react';
import { Button } from '@/components/ui/button';
import { DeferredOverlay } from '@/components/ui/deferred-overlay';
import { shownView, type ViewPage, viewQuery } from './view-address';
import { viewsQuery } from './view-queries';

const loadPopover = () => import('./saved-views-popover');
const SavedViewsPopover = lazy(loadPopover);

export interface SavedViewsMenuProps {
  page: ViewPage;
  /** Whether the signed-in person may save views at all; the server decides again. */
  mayWrite?: boolean;
}

/** The views of a page that were given a name, one's own and shared ones: shows, saves, changes and deletes them. */
export function SavedViewsMenu({ page, mayWrite = true }: SavedViewsMenuProps) {
  const query = viewQuery(useSearchParams());
  const views = useQuery(viewsQuery(page));
  const shown = shownView(views.data ?? [], query);
  return (
    <DeferredOverlay
      kind="dialog"
      prefetch={loadPopover}
      trigger={
        <Button
          aria-label={shown === undefined ? 'Saved views' : `Saved views: ${shown.name}`}
          className="max-w-52"
        >
          <Bookmark aria-hidden size={14} className={shown === undefined ? 'text-dim' : 'fill-current'} />
          <span className="truncate">{shown?.name ?? 'Views'}</span>
          <ChevronDown aria-hidden size={13} className="text-faint" />
        </Button>
      }
    >
      {(trigger) => (
        <SavedViewsPopover trigger={trigger} page={page} query={query} shown={shown} mayWrite={mayWrite} />
      )}
    </DeferredOverlay>
  );
}
