'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { Smartphone } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { columnChoices } from '@/components/data-table/data-column';
import { DataTable } from '@/components/data-table/data-table';
import { exportRows } from '@/components/data-table/export-rows';
import { TableToolbar } from '@/components/data-table/table-toolbar';
import { toApiError } from '@/components/query/api-error';
import { useHiddenColumns } from '@/components/query/url-state';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { cx } from '@/components/ui/cx';
import { formatCount } from '@/components/ui/format';
import { EmptyState } from '@/components/ui/states';
import type { DeviceRow } from '@/lib/contracts';
import { DEVICE_COLUMNS } from './device-columns';
import { isNarrowed } from './device-filter';
import { deviceListQuery } from './device-queries';
import type { DeviceFilterControl } from './use-device-filter';

const rowId = (row: DeviceRow) => row.id;
const HIDDEN_AT_FIRST = ['firstSeen'];
/** How often the first page is read again; a list that was scrolled on stays as it is. */
const READ_AGAIN_MS = 10_000;

export interface DevicesTableProps {
  control: DeviceFilterControl;
  onOpen: (row: DeviceRow) => void;
  /** What to do where there is not a single device. */
  gettingStarted: ReactNode;
}

/** The devices of the filter, last seen first. */
export function DevicesTable({ control, onOpen, gettingStarted }: DevicesTableProps) {
  const query = useInfiniteQuery({
    ...deviceListQuery(control.filter),
    refetchInterval: ({ state }) => (state.data?.pages.length === 1 ? READ_AGAIN_MS : false),
  });
  const rows = useMemo(() => uniqueRows(query.data?.pages.flatMap((page) => page.rows) ?? []), [query.data]);
  const [hidden, setHidden] = useHiddenColumns(HIDDEN_AT_FIRST);
  return (
    <Card aria-label="Devices" className="overflow-hidden">
      <TableToolbar
        columns={{
          choices: columnChoices(DEVICE_COLUMNS),
          hidden,
          onChange: (next) => void setHidden(next),
        }}
        onExport={() => exportRows('devices', DEVICE_COLUMNS, hidden, rows)}
      >
        <h2 className="font-semibold">Devices</h2>
        <span className="text-sm text-dim">
          {query.isSuccess
            ? `${formatCount(rows.length)}${query.hasNextPage ? '+' : ''}, last seen first`
            : null}
        </span>
      </TableToolbar>
      <DataTable
        noun="devices"
        columns={DEVICE_COLUMNS}
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
        empty={<NoDevices control={control} gettingStarted={gettingStarted} />}
        hiddenColumns={hidden}
        onOpen={onOpen}
        className={cx(
          'max-h-[max(22rem,calc(100dvh-15rem))] transition-opacity',
          query.isPlaceholderData && 'opacity-60',
        )}
      />
    </Card>
  );
}

/** A device that was seen between two pages is on both. */
function uniqueRows(rows: readonly DeviceRow[]): DeviceRow[] {
  const seen = new Set<string>();
  return rows.filter(({ id }) => !seen.has(id) && seen.add(id));
}

function NoDevices({ control, gettingStarted }: Omit<DevicesTableProps, 'onOpen'>) {
  if (!isNarrowed(control.filter)) {
    return (
      <EmptyState icon={Smartphone} title="No device has enrolled yet">
        {gettingStarted}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={Smartphone}
      title="No device matches"
      actions={<Button onClick={control.clear}>Clear the search and the filters</Button>}
    >
      Search by the start of an id, a whole reference (K7QF-2M9D), a network prefix, or a part of a model.
    </EmptyState>
  );
}
