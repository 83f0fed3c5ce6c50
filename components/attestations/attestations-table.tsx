'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { ListChecks } from 'lucide-react';
import dynamic from 'next/dynamic';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { columnChoices } from '@/components/data-table/data-column';
import { DataTable } from '@/components/data-table/data-table';
import { exportRows } from '@/components/data-table/export-rows';
import { TableToolbar } from '@/components/data-table/table-toolbar';
import { toApiError } from '@/components/query/api-error';
import { useHiddenColumns } from '@/components/query/url-state';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { cx } from '@/components/ui/cx';
import { formatCount, plural } from '@/components/ui/format';
import { EmptyState } from '@/components/ui/states';
import type { AttestationRow } from '@/lib/contracts';
import { ATTESTATION_COLUMNS } from './attestation-columns';
import { countActive } from './attestation-filter';
import { attestationListQuery } from './attestation-queries';
import { loadedRows } from './attestation-rows';
import { TailControl } from './tail-control';
import type { FilterControl } from './use-attestation-filter';
import { type LiveTail, useLiveTail } from './use-live-tail';
import { useSpaceKey } from './use-space-key';

const ExportMenu = dynamic(() => import('./export-menu').then((module) => module.ExportMenu), {
  ssr: false,
  loading: () => <span className="h-7 w-8 sm:w-17" />,
});
const NONE: readonly string[] = [];
const rowId = (row: AttestationRow) => row.id;

export interface AttestationsTableProps {
  control: FilterControl;
  /** The attestation that is open in the panel: its id. */
  activeId: string | null;
  onOpen: (row: AttestationRow) => void;
  /** What to do where there is not a single attestation. */
  gettingStarted: ReactNode;
}

/** The attestations of the filter, newest first, new ones on top as they come. */
export function AttestationsTable({ control, activeId, onOpen, gettingStarted }: AttestationsTableProps) {
  const { filter } = control;
  const query = useInfiniteQuery(attestationListQuery(filter));
  const rows = useMemo(() => loadedRows(query.data), [query.data]);
  const scroller = useRef<HTMLDivElement>(null);
  const follows = filter.range.kind === 'named';
  const loaded = query.isSuccess && !query.isPlaceholderData && !query.isFetching;
  const tail = useLiveTail({ filter, scroller, enabled: follows, loaded });
  useSpaceKey(() => tail.setPaused(!tail.paused));
  const [hidden, setHidden] = useHiddenColumns();
  const [selected, setSelected] = useState<readonly string[]>(NONE);

  return (
    <Card aria-label="Attestations" className="relative overflow-hidden">
      <TableToolbar
        columns={{
          choices: columnChoices(ATTESTATION_COLUMNS),
          hidden,
          onChange: (next) => void setHidden(next.length === 0 ? null : next),
        }}
      >
        {selected.length === 0 ? (
          <>
            <h2 className="font-semibold">Attestations</h2>
            <TailControl tail={tail} follows={follows} />
          </>
        ) : (
          <SelectionActs
            rows={rows.filter((row) => selected.includes(row.id))}
            hidden={hidden}
            onClear={() => setSelected(NONE)}
          />
        )}
        <span className="ml-auto flex items-center">
          <ExportMenu filter={filter} />
        </span>
      </TableToolbar>
      {rows.length === 0 ? null : <HeldPill tail={tail} />}
      <DataTable
        noun="attestations"
        columns={ATTESTATION_COLUMNS}
        rows={rows}
        rowId={rowId}
        load={{
          status: query.status,
          error: query.error === null ? null : toApiError(query.error),
          onRetry: () => void query.refetch(),
          hasMore: query.hasNextPage,
          loadingMore: query.isFetchingNextPage,
          onLoadMore: () => void query.fetchNextPage(),
        }}
        empty={<NoAttestations control={control} gettingStarted={gettingStarted} />}
        hiddenColumns={hidden}
        activeId={activeId}
        onOpen={onOpen}
        selection={{ ids: selected, onChange: setSelected }}
        arrivedIds={tail.arrivedIds}
        scrollerRef={scroller}
        className={cx(
          'max-h-[max(22rem,calc(100dvh-19.5rem))] transition-opacity',
          query.isPlaceholderData && 'opacity-60',
        )}
      />
    </Card>
  );
}

/** "37 new" over the rows while they are held back. */
function HeldPill({ tail }: { tail: LiveTail }) {
  const { count, more } = tail.held;
  if (count === 0) return null;
  return (
    <div className="pointer-events-none absolute inset-x-0 top-21 z-20 flex justify-center">
      <Button
        variant="primary"
        size="sm"
        onClick={tail.release}
        className="pointer-events-auto rounded-full px-3 shadow-overlay"
      >
        {formatCount(count)}
        {more ? '+' : ''} new
      </Button>
    </div>
  );
}

interface SelectionActsProps {
  rows: readonly AttestationRow[];
  hidden: readonly string[];
  onClear: () => void;
}

/** What can be done with the selected rows. */
function SelectionActs({ rows, hidden, onClear }: SelectionActsProps) {
  const devices = new Set(rows.map((row) => row.instanceId).filter((id) => id !== null)).size;
  return (
    <>
      <h2 className="font-semibold">{formatCount(rows.length)} selected</h2>
      <span className="text-sm text-dim">of {plural(devices, 'device')}</span>
      <Button
        size="sm"
        onClick={() => exportRows('attestations-selected', ATTESTATION_COLUMNS, hidden, rows)}
      >
        Save as CSV
      </Button>
      <Button
        size="sm"
        onClick={() => void navigator.clipboard.writeText(rows.map((row) => row.reference).join('\n'))}
      >
        Copy references
      </Button>
      <Button variant="ghost" size="sm" onClick={onClear}>
        Clear
      </Button>
    </>
  );
}

interface NoAttestationsProps {
  control: FilterControl;
  gettingStarted: ReactNode;
}

function NoAttestations({ control, gettingStarted }: NoAttestationsProps) {
  const { filter, clear } = control;
  if (countActive(filter) === 0) {
    return (
      <EmptyState icon={ListChecks} title="No attestations in this period">
        {gettingStarted}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={ListChecks}
      title="No attestation matches these filters in this period"
      actions={<Button onClick={clear}>Clear the filters</Button>}
    >
      {filter.q === ''
        ? 'Choose a longer period, or take off a filter.'
        : 'A search finds a whole reference (K7QF-2M9D) or the whole id of an instance, in the period above.'}
    </EmptyState>
  );
}
