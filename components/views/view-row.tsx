'use client';

import { Check, Pencil, Trash2, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { toApiError } from '@/components/query/api-error';
import { buttonClass } from '@/components/ui/button';
import { cx } from '@/components/ui/cx';
import type { SavedView } from '@/lib/contracts';
import { useDeleteView } from './view-queries';

export interface ViewRowProps {
  view: SavedView;
  shownId: string | undefined;
  onApply: (view: SavedView) => void;
  onEdit: () => void;
  onGone: () => void;
}

/** One view: pressing it shows it; whoever made it can change and delete it. */
export function ViewRow({ view, shownId, onApply, onEdit, onGone }: ViewRowProps) {
  const remove = useDeleteView();
  const shown = view.id === shownId;
  return (
    <>
      <div className="group flex items-center rounded-[6px] focus-within:bg-raised hover:bg-raised">
        <button
          type="button"
          data-view={view.id}
          aria-current={shown ? 'true' : undefined}
          onClick={() => onApply(view)}
          className="flex min-h-8 min-w-0 flex-1 items-center gap-2 rounded-[6px] px-2 text-left focus-visible:outline-offset-[-2px]"
        >
          <span className="w-4 shrink-0">{shown ? <Check aria-hidden size={14} /> : null}</span>
          <span className="truncate">{view.name}</span>
          <SharedBy view={view} />
        </button>
        {view.own ? (
          <>
            <IconButton label={`Change “${view.name}”`} onClick={onEdit}>
              <Pencil aria-hidden size={13} />
            </IconButton>
            <IconButton
              label={`Delete “${view.name}”`}
              disabled={remove.isPending}
              onClick={() => remove.mutate(view, { onSuccess: onGone })}
            >
              <Trash2 aria-hidden size={13} />
            </IconButton>
          </>
        ) : null}
      </div>
      {remove.isError ? (
        <p role="alert" className="px-2 pb-1 text-rejected-text text-sm">
          Not deleted: {toApiError(remove.error).message}
        </p>
      ) : null}
    </>
  );
}

function SharedBy({ view }: { view: SavedView }) {
  if (!view.own) return <span className="ml-auto shrink-0 text-faint text-sm">{view.createdByName}</span>;
  return view.shared ? (
    <span className="ml-auto inline-flex shrink-0 items-center gap-1 text-faint text-sm">
      <Users aria-hidden size={12} />
      shared
    </span>
  ) : null;
}

interface IconButtonProps {
  label: string;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function IconButton({ label, disabled = false, onClick, children }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      data-tooltip={label}
      disabled={disabled}
      onClick={onClick}
      className={cx(buttonClass('ghost', 'sm'), 'w-7 justify-center px-0')}
    >
      {children}
    </button>
  );
}
