'use client';

import { notify } from '@/components/ui/toast-queue';
import type { ViewPage } from './view-address';
import { ViewForm } from './view-form';
import { useCreateView } from './view-queries';

export interface NewViewProps {
  page: ViewPage;
  query: string;
  onDone: () => void;
  onCancel: () => void;
}

/** Saves what the page shows as a new view. */
export function NewView({ page, query, onDone, onCancel }: NewViewProps) {
  const create = useCreateView();
  return (
    <ViewForm
      label="Save what is shown as a view"
      name=""
      shared={false}
      act="Save view"
      actPending="Saving…"
      pending={create.isPending}
      error={create.error}
      onCancel={onCancel}
      onSubmit={({ name, shared }) =>
        create.mutate(
          { page, query, name, shared },
          {
            onSuccess: () => {
              const description = shared ? 'Everybody finds it under Views.' : undefined;
              notify({ tone: 'done', title: `“${name}” was saved`, description });
              onDone();
            },
          },
        )
      }
    />
  );
}
