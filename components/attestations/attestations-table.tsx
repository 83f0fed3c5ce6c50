'use client';

import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useRef } from 'react';
import { columnChoices } from '@/components/data-table/data-column';
import { DataTable } from '@/components/data-table/data-table';
import { TableToolbar } from '@/components/data-table/table-toolbar';
import { useKeysetRows } from '@/components/data-table/use-keyset-rows';
import { toApiError } from '@/components/query/api-error';
import { useHiddenColumns } from '@/components/query/url-state';
import { Card } from '@/components/ui/card';
import { cx } from '@/components/ui/cx';
import { deferred } from '@/components/ui/deferred';
import type { AttestationRow } from '@/lib/contracts';
import { ATTESTATION_COLUMNS } from './attestation-columns';
import { attestationHeadQuery, attestationPageQuery } from './attestation-queries';
import type { FilterControl } from './use-attestation-filter';
import { useLiveTail } from './use-live-tail';
import { useSelectedRows } from './use-selected-rows';
import { useSpaceKey } from './use-space-key';

const ExportMenu = deferred(() => import('./export-menu').then((module) => module.ExportMenu), {
  placeholder: () => <span className="h-7 w-8 sm:w-17" />,
});
const NoAttestations = deferred(() => import('./no-attestations').then((module) => module.NoAttestations), {
  onServer: true,
});
const HeldPill = deferred(() => import('./held-pill').then((module) => module.HeldPill), { onServer: true });
const TailControl = deferred(() => import('./tail-control').then((module) => module.TailControl), {
  placeholder: () => <span className="h-7" />,
});
const SelectionActs = deferred(() => import('./selection-acts'));
const rowId = (row: AttestationRow) => row.id;

export interface AttestationsTableProps {
  control: FilterControl;
  /** The attestation that is open in the panel: its id. */
  activeId: string | null;
  onOpen: (row: AttestationRow) => void;
  /** What can be done about every attestation of the filter. */
  acts: ReactNode;
  /** What to do where there is not a single attestation. */
  gettingStarted: ReactNode;
}

/** The attestations of the filter, newest first, new ones on top as they come. */
export function AttestationsTable({
  control,
  activeId,
  onOpen,
  acts,
  gettingStarted,
}: AttestationsTableProps) {
  const { filter } = control;
  const headQuery = attestationHeadQuery(filter);
  const head = useQuery(headQuery);
  const list = useKeysetRows({
    head: head.data,
    pageQuery: useCallback((cursor: string) => attestationPageQuery(filter, cursor), [filter]),
    listKey: JSON.stringify(headQuery.queryKey),
  });
  const scroller = useRef<HTMLDivElement>(null);
  const follows = filter.range.kind === 'named';
  const loaded = head.isSuccess && !head.isPlaceholderData && !head.isFetching;
  const tail = useLiveTail({ filter, scroller, enabled: follows, loaded });
  useSpaceKey(() => tail.setPaused(!tail.paused));
  const [hidden, setHidden] = useHiddenColumns();
  const selected = useSelectedRows(list.rows);
  const error = head.error ?? list.error;

  return (
    <Card aria-label="Attestations" className="relative overflow-hidden">
      <TableToolbar
        columns={{
          choices: columnChoices(ATTESTATION_COLUMNS),
          hidden,
          onChange: setHidden,
        }}
      >
        {selected.ids.length === 0 ? (
          <>
            <h2 className="font-semibold">Attestations</h2>
            <TailControl tail={tail} follows={follows} />
          </>
        ) : (
          <SelectionActs rows={selected.rows} hidden={hidden} onClear={selected.clear} />
        )}
        <span className="ml-auto flex items-center">
          {acts}
          <ExportMenu filter={filter} />
        </span>
      </TableToolbar>
      {list.rows.length === 0 || tail.held.count === 0 ? null : <HeldPill tail={tail} />}
      <DataTable
        noun="attestations"
        columns={ATTESTATION_COLUMNS}
        rows={list.rows}
        rowId={rowId}
        load={{
          status: error === null ? head.status : 'error',
          error: error === null ? null : toApiError(error),
          onRetry: head.isError ? () => void head.refetch() : list.retry,
          hasMore: list.hasMore,
          loadingMore: list.loadingMore,
        }}
        onShown={list.onShown}
        empty={<NoAttestations control={control} gettingStarted={gettingStarted} />}
        hiddenColumns={hidden}
        activeId={activeId}
        onOpen={onOpen}
        selection={{ ids: selected.ids, onChange: selected.change }}
        arrivedIds={tail.arrivedIds}
        scrollerRef={scroller}
        className={cx(
          'max-h-[max(22rem,calc(100dvh-19.5rem))] transition-opacity',
          head.isPlaceholderData && 'opacity-60',
        )}
      />
    </Card>
  );
}
