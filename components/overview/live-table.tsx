'use client';

import { type ReactNode, useRef, useState } from 'react';
import type { DataColumn } from '@/components/data-table/data-column';
import { DataTableHead } from '@/components/data-table/data-table-head';
import { DataTableRow } from '@/components/data-table/data-table-row';
import { TableBodyState, type TableLoad } from '@/components/data-table/table-body-state';
import { useRowCursor } from '@/components/data-table/use-row-cursor';

export interface LiveTableProps<Row extends { id: string }> {
  columns: readonly DataColumn<Row>[];
  rows: readonly Row[];
  arrivedIds: ReadonlySet<string>;
  load: TableLoad;
  empty: ReactNode;
  onOpen: (row: Row) => void;
}

const NOTHING_LOADED: readonly string[] = [];

/** A dozen rows, with the keys of the long tables: `j`/`k` move, Enter opens. The cursor stays on its row as others arrive. */
export function LiveTable<Row extends { id: string }>(props: LiveTableProps<Row>) {
  const { columns, rows, load } = props;
  const container = useRef<HTMLDivElement>(null);
  const [cursorId, setCursorId] = useState<string>();
  const cursor = rows.findIndex((row) => row.id === cursorId);
  const open = (index: number) => {
    const row = rows[index];
    if (row !== undefined) props.onOpen(row);
  };
  const focus = (index: number) => setCursorId(rows[index]?.id);
  useRowCursor(container, {
    count: rows.length,
    index: cursor,
    onMove: (index) =>
      container.current
        ?.querySelector<HTMLElement>(`[data-row-index="${index}"]`)
        ?.focus({ preventScroll: false }),
    onOpen: open,
    onToggle: () => {},
  });
  return (
    <div ref={container} className="overflow-x-auto">
      {rows.length === 0 ? null : (
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows can be focused and opened is a grid
          role="grid"
          aria-label="Newest attestations"
          className="w-full min-w-max table-fixed border-separate border-spacing-0 sm:min-w-0 [&_tr:last-child>td]:border-b-0"
        >
          <DataTableHead
            columns={columns}
            loadedIds={NOTHING_LOADED}
            selection={undefined}
            sort={undefined}
            onSort={undefined}
          />
          <tbody>
            {rows.map((row, index) => (
              <DataTableRow
                key={row.id}
                columns={columns}
                row={row}
                index={index}
                selected={undefined}
                active={false}
                focusable={index === Math.max(cursor, 0)}
                arrived={props.arrivedIds.has(row.id)}
                onOpen={open}
                onFocus={focus}
                onToggle={focus}
              />
            ))}
          </tbody>
        </table>
      )}
      <TableBodyState load={load} noun="attestations" empty={props.empty} isEmpty={rows.length === 0} />
    </div>
  );
}
