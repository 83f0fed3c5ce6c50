'use client';

import { type KeyboardEvent, type ReactNode, useState } from 'react';
import type { SavedView } from '@/lib/contracts';
import { EditView } from './edit-view';
import { groupViews } from './view-address';
import { ViewRow } from './view-row';

export interface ViewListProps {
  views: readonly SavedView[];
  /** The view that the page shows. */
  shownId: string | undefined;
  /** What the page shows now, with which a view can be overwritten. */
  query: string;
  onApply: (view: SavedView) => void;
  /** Called when the row with the focus has gone. */
  onGone: () => void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** Arrow keys go from view to view, Home and End to the first and the last. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (!(event.target instanceof HTMLElement) || event.target.closest('input, textarea') !== null) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-view]')];
  const at = rows.findIndex((row) => row.parentElement?.contains(event.target as Node) === true);
  const step = STEPS[event.key];
  const next = event.key === 'Home' ? 0 : event.key === 'End' ? rows.length - 1 : at + (step ?? 0);
  if (step === undefined && event.key !== 'Home' && event.key !== 'End') return;
  event.preventDefault();
  rows[Math.min(Math.max(next, 0), rows.length - 1)]?.focus();
}

/** One's own views first, then those that others share. */
export function ViewList({ views, onGone, ...rows }: ViewListProps) {
  const [editing, setEditing] = useState<string>();
  const { own, shared } = groupViews(views);
  if (views.length === 0) {
    return (
      <p className="px-2 py-3 text-dim">
        No view has been saved here. Narrow the page down, then save it under a name.
      </p>
    );
  }
  const stop = () => {
    setEditing(undefined);
    onGone();
  };
  const rowOf = (view: SavedView) => (
    <li key={view.id}>
      {editing === view.id ? (
        <EditView view={view} query={rows.query} onDone={stop} />
      ) : (
        <ViewRow view={view} {...rows} onEdit={() => setEditing(view.id)} onGone={onGone} />
      )}
    </li>
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys move between the buttons inside
    <div onKeyDown={moveFocus}>
      {own.length === 0 ? null : (
        <section aria-label="Yours">
          <GroupLabel>Yours</GroupLabel>
          <ul>{own.map(rowOf)}</ul>
        </section>
      )}
      {shared.length === 0 ? null : (
        <section aria-label="Shared by others">
          <GroupLabel>Shared by others</GroupLabel>
          <ul>{shared.map(rowOf)}</ul>
        </section>
      )}
    </div>
  );
}

function GroupLabel({ children }: { children: ReactNode }) {
  return <h3 className="px-2 pt-1.5 pb-1 font-normal text-faint text-xs">{children}</h3>;
}
