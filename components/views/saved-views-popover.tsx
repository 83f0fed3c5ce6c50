'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { type ReactElement, useRef, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { Popover } from '@/components/ui/popover';
import { SkeletonRows } from '@/components/ui/skeleton';
import type { SavedView } from '@/lib/contracts';
import { NewView } from './new-view';
import type { ViewPage } from './view-address';
import { viewHref } from './view-address';
import { ViewList } from './view-list';
import { viewsQuery } from './view-queries';

export interface SavedViewsPopoverProps {
  trigger: ReactElement;
  page: ViewPage;
  /** What the page shows now. */
  query: string;
  /** The view that this is, if it is one. */
  shown: SavedView | undefined;
  mayWrite: boolean;
}

/** The list of views, and the form that saves what is shown now. */
export default function SavedViewsPopover(props: SavedViewsPopoverProps) {
  const { trigger, page, query, shown, mayWrite } = props;
  const [open, setOpen] = useState(true);
  const [naming, setNaming] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const views = useQuery(viewsQuery(page));
  const change = (next: boolean) => {
    setOpen(next);
    setNaming(false);
  };
  const apply = (view: SavedView) => {
    // The router follows, and with it all that reads the address; the page stays as it is.
    history.pushState(null, '', viewHref(view));
    change(false);
  };
  return (
    <Popover trigger={trigger} label="Saved views" align="end" open={open} onOpenChange={change}>
      <div className="w-80 max-w-full">
        <div
          ref={list}
          tabIndex={-1}
          className="max-h-[min(22rem,calc(100dvh-16rem))] overflow-y-auto outline-none"
        >
          {views.data !== undefined ? (
            <ViewList
              views={views.data}
              shownId={shown?.id}
              query={query}
              onApply={apply}
              onGone={() => list.current?.focus()}
            />
          ) : views.isError ? (
            <Notice
              tone="flagged"
              actions={
                <Button size="sm" onClick={() => void views.refetch()}>
                  Try again
                </Button>
              }
            >
              The views could not be loaded: {toApiError(views.error).message}
            </Notice>
          ) : (
            <SkeletonRows rows={3} label="Loading the saved views…" />
          )}
        </div>
        {mayWrite ? (
          <div className="-mx-1 mt-1 border-t px-1 pt-1">
            {naming ? (
              <NewView
                page={page}
                query={query}
                onDone={() => change(false)}
                onCancel={() => setNaming(false)}
              />
            ) : (
              <Button variant="ghost" className="w-full justify-start px-2" onClick={() => setNaming(true)}>
                <Plus aria-hidden size={14} />
                Save what is shown as a view…
              </Button>
            )}
          </div>
        ) : null}
      </div>
    </Popover>
  );
}
