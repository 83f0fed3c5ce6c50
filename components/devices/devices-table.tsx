'use client';

import { useQuery } from '@tanstack/react-query';
import { Smartphone } from 'lucide-react';
import { type ReactNode, useCallback } from 'react';
import { columnChoices } from '@/components/data-table/data-column';
import { DataTable } from '@/components/data-table/data-table';
import { exportRows } from '@/components/data-table/export-rows';
import { TableToolbar } from '@/components/data-table/table-toolbar';
import { useKeysetRows } from '@/components/data-table/use-keyset-rows';
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
import { deviceHeadQuery, devicePageQuery } from './device-queries';
import { LookFurther } from './look-further';
import type { DeviceFilterControl } from './use-device-filter';

const rowId = (row: DeviceRow) => row.id;
const HIDDEN_AT_FIRST = ['appVersion', 'firstSeen'];
/** How often the head of the list is read again. */
const READ_AGAIN_MS = 10_000;

export interface DevicesTableProps {
  control: DeviceFilterControl;
  onOpen: (row: DeviceRow) => void;
  /** What can be done about every device of the filter. */
  acts: ReactNode;
  /** What to do where there is not a single device. */
  gettingStarted: ReactNode;
}

/** The devices of the filter, last seen first. */
export function DevicesTable({ control, onOpen, acts, gettingStarted }: DevicesTableProps) {
  const { filter, begin, beginAt } = control;
  const headQuery = deviceHeadQuery(filter, begin);
  const head = useQuery({ ...headQuery, refetchInterval: READ_AGAIN_MS });
  const list = useKeysetRows({
    head: head.data,
    pageQuery: useCallback((cursor: string) => devicePageQuery(filter, cursor), [filter]),
    listKey: JSON.stringify(headQuery.queryKey),
  });
  const error = head.error ?? list.error;
  const [hidden, setHidden] = useHiddenColumns(HIDDEN_AT_FIRST);
  return (
    <Card aria-label="Devices" className="overflow-hidden">
      <TableToolbar
        columns={{
          choices: columnChoices(DEVICE_COLUMNS),
          hidden,
          onChange: setHidden,
        }}
        onExport={() =>
          exportRows(
            'devices',
            DEVICE_COLUMNS,
            hidden,
            list.rows.filter((row) => row !== undefined),
          )
        }
      >
        <h2 className="font-semibold">Devices</h2>
        <span className="text-sm text-dim">
          {head.isSuccess
            ? `${formatCount(list.rows.length)}${list.hasMore ? '+' : ''}, roughly last seen first`
            : null}
        </span>
        <span className="ml-auto flex items-center">{acts}</span>
      </TableToolbar>
      <DataTable
        noun="devices"
        columns={DEVICE_COLUMNS}
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
        empty={
          list.further === null && begin === null ? (
            <NoDevices control={control} gettingStarted={gettingStarted} />
          ) : null
        }
        hiddenColumns={hidden}
        onOpen={onOpen}
        className={cx(
          'max-h-[max(22rem,calc(100dvh-15rem))] transition-opacity',
          head.isPlaceholderData && 'opacity-60',
        )}
      />
      {head.isSuccess ? (
        <LookFurther found={list.rows.length} further={list.further} begin={begin} onBegin={beginAt} />
      ) : null}
    </Card>
  );
}

function NoDevices({ control, gettingStarted }: Omit<DevicesTableProps, 'onOpen' | 'acts'>) {
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
