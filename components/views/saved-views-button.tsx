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

export interface SavedViewsButtonProps {
  page: ViewPage;
  mayWrite: boolean;
}

/** The button that says which view is shown, and opens the list of them. */
export default function SavedViewsButton({ page, mayWrite }: SavedViewsButtonProps) {
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
