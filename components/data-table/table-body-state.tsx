import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState, type ShownError } from '@/components/ui/states';

/** What a table shows instead of rows, or what its rows' query is doing. */
export interface TableLoad {
  /** `pending` before the first page, `error` where it failed, else `success`: the states of a query. */
  status: 'pending' | 'error' | 'success';
  error?: ShownError | null | undefined;
  onRetry?: () => void;
  /** Whether there are rows after those that are loaded, and how to get them. */
  hasMore?: boolean;
  loadingMore?: boolean;
  onLoadMore?: () => void;
}

export interface TableBodyStateProps {
  load: TableLoad;
  /** What the rows are: "attestations". */
  noun: string;
  /** An `EmptyState` that says what to do next. */
  empty: ReactNode;
  isEmpty: boolean;
}

/** Loading, failed or empty; where there are rows, only what keeps them from being current. */
export function TableBodyState({ load, noun, empty, isEmpty }: TableBodyStateProps) {
  if (load.status === 'pending') return <SkeletonRows rows={12} label={`Loading ${noun}…`} />;
  if (load.status === 'error' && isEmpty) {
    return (
      <ErrorState
        title={`The ${noun} could not be loaded`}
        error={load.error ?? { message: 'Nothing more is known.' }}
        onRetry={load.onRetry}
      />
    );
  }
  if (load.status === 'error') {
    return (
      <p role="alert" className="flex flex-wrap items-center gap-2 px-4 py-2 text-sm text-dim">
        The {noun} could not be updated: {load.error?.message ?? 'nothing more is known.'}
        <Button size="sm" onClick={load.onRetry}>
          Try again
        </Button>
      </p>
    );
  }
  return isEmpty ? empty : null;
}
