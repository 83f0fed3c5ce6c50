'use client';

import { useState } from 'react';
import type { SavedView } from '@/lib/contracts';
import { LabelledCheckbox } from './labelled-checkbox';
import { viewQuery } from './view-address';
import { ViewForm } from './view-form';
import { useUpdateView } from './view-queries';

export interface EditViewProps {
  view: SavedView;
  /** What the page shows now. */
  query: string;
  onDone: () => void;
}

/** Changes a view's name, who sees it, and, if so chosen, what it shows. */
export function EditView({ view, query, onDone }: EditViewProps) {
  const update = useUpdateView();
  const [overwrite, setOverwrite] = useState(false);
  const differs = viewQuery(view.query) !== query;
  return (
    <ViewForm
      label={`Change “${view.name}”`}
      name={view.name}
      shared={view.shared}
      act="Save changes"
      actPending="Saving…"
      pending={update.isPending}
      error={update.error}
      onCancel={onDone}
      onSubmit={({ name, shared }) =>
        update.mutate(
          {
            id: view.id,
            view: { page: view.page, name, shared, query: overwrite && differs ? query : view.query },
          },
          { onSuccess: onDone },
        )
      }
    >
      {differs ? (
        <LabelledCheckbox
          label="Make it show what the page shows now"
          checked={overwrite}
          onChange={setOverwrite}
        />
      ) : null}
    </ViewForm>
  );
}
