'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import { toApiError } from '@/components/query/api-error';
import { useFacet, useUrlText } from '@/components/query/url-state';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { cx } from '@/components/ui/cx';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { Table, Th } from '@/components/ui/table';
import type { AuditRow } from '@/lib/contracts';
import { AuditEntry } from './audit-entry';
import { AuditFilters } from './audit-filters';
import { type AuditFilter, auditQuery } from './audit-queries';

/** Who did what, to what, and why, newest first; new acts appear as they happen. */
export function AuditLog() {
  const { filter, ...control } = useAuditFilter();
  const query = useInfiniteQuery(auditQuery(filter));
  const [entry, setEntry] = useUrlText('entry');
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const narrowed = filter.action !== null || filter.targetId !== null;
  return (
    <>
      <AuditFilters filter={filter} {...control} />
      <Card
        aria-label="Audit log"
        className={cx('transition-opacity', query.isPlaceholderData && 'opacity-60')}
      >
        {query.isPending ? <SkeletonRows rows={12} label="Loading the audit log…" /> : null}
        {query.isError && rows.length === 0 ? (
          <ErrorState
            title="The audit log could not be loaded"
            error={toApiError(query.error)}
            onRetry={() => void query.refetch()}
          />
        ) : null}
        {query.isSuccess && rows.length === 0 ? (
          <EmptyState
            icon={ScrollText}
            title={narrowed ? 'No entry matches' : 'Nothing is recorded yet'}
            actions={narrowed ? <Button onClick={control.clear}>Clear the filters</Button> : null}
          >
            {narrowed ? null : 'Each sign-in and each change made by staff will stand here.'}
          </EmptyState>
        ) : null}
        {rows.length === 0 ? null : (
          <AuditTable
            rows={rows}
            open={entry}
            onToggle={(id) => setEntry(entry === id ? null : id)}
            onTarget={control.setTarget}
          />
        )}
        {query.hasNextPage ? (
          <div className="border-t px-2 py-1.5">
            <Button
              variant="ghost"
              size="sm"
              pending={query.isFetchingNextPage ? 'Loading older entries…' : undefined}
              onClick={() => void query.fetchNextPage()}
            >
              Show older entries
            </Button>
          </div>
        ) : null}
      </Card>
    </>
  );
}

interface AuditTableProps {
  rows: readonly AuditRow[];
  /** Id of the entry whose details are open. */
  open: string | null;
  onToggle: (id: string) => void;
  onTarget: (kind: string, id: string) => void;
}

function AuditTable({ rows, open, onToggle, onTarget }: AuditTableProps) {
  return (
    <Table className="table-fixed">
      <thead>
        <tr>
          <Th className="w-24 sm:w-52">When</Th>
          <Th className="w-52 max-sm:w-0 max-sm:px-0">
            <span className="max-sm:hidden">Who</span>
          </Th>
          <Th className="w-auto lg:w-56">What</Th>
          <Th className="w-60 max-lg:w-0 max-lg:px-0">
            <span className="max-lg:hidden">Target</span>
          </Th>
          <Th className="w-auto max-lg:w-0 max-lg:px-0">
            <span className="max-lg:hidden">Reason</span>
          </Th>
          <Th className="w-12">
            <span className="sr-only">Details</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const id = String(row.id);
          return (
            <AuditEntry
              key={id}
              row={row}
              open={open === id}
              onToggle={() => onToggle(id)}
              onTarget={() => onTarget(row.targetKind, row.targetId)}
            />
          );
        })}
      </tbody>
    </Table>
  );
}

/** What the log is narrowed to, kept in the URL. */
function useAuditFilter() {
  const [action, setAction] = useUrlText('action', 'push');
  const [targetKind, setTargetKind] = useUrlText('targetKind', 'push');
  const [targetId, setTargetId] = useUrlText('targetId', 'push');
  const [app] = useFacet('app');
  const filter: AuditFilter = { action, targetKind, targetId, app };
  const setTarget = (kind: string | null, id: string | null) => {
    setTargetKind(kind);
    setTargetId(id);
  };
  const clear = () => {
    setAction(null);
    setTarget(null, null);
  };
  return { filter, setAction, setTarget, clear };
}
