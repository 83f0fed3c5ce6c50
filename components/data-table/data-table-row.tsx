'use client';

import { type MouseEvent, useMemo } from 'react';
import { cx } from '@/components/ui/cx';
import { Checkbox } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import type { DataColumn } from './data-column';

/** Height of a row in pixels. */
export const ROW_PX = 30;

export interface DataTableRowProps<Row> {
  columns: readonly DataColumn<Row>[];
  row: Row;
  index: number;
  /** Whether it is selected; `undefined` where rows cannot be. */
  selected: boolean | undefined;
  /** Whether it is open in a panel. */
  active: boolean;
  /** Whether Tab stops here. */
  focusable: boolean;
  /** Whether it has just arrived. */
  arrived: boolean;
  onOpen: (index: number) => void;
  onFocus: (index: number) => void;
  onToggle: (index: number) => void;
}

/** One row; pressing it anywhere but on a control of its own opens it, as Enter does (`useRowCursor`). */
export function DataTableRow<Row>(props: DataTableRowProps<Row>) {
  const { columns, row, index, selected, active, onOpen, onFocus, onToggle } = props;
  const open = (event: MouseEvent<HTMLTableRowElement>) => {
    const inControl =
      event.target instanceof Element && event.target.closest('a, button, input, label') !== null;
    const selectingText = getSelection()?.isCollapsed === false;
    if (!inControl && !selectingText) onOpen(index);
  };
  // Kept while the screen moves: a row's place changes more often than what it says.
  const cells = useMemo(
    () =>
      columns.map((column) => (
        <td
          key={column.id}
          className={cx(
            'h-[30px] truncate border-b px-2 first:pl-4 last:pr-4',
            column.className,
            column.align === 'right' && 'text-right',
            column.mono === true && 'font-mono text-sm',
          )}
        >
          {column.cell === undefined ? column.value(row) : column.cell(row)}
        </td>
      )),
    [columns, row],
  );
  const marked = active || selected === true;
  return (
    <tr
      data-row-index={index}
      tabIndex={props.focusable ? 0 : -1}
      aria-rowindex={index + 2}
      aria-selected={marked}
      onClick={open}
      onFocus={() => onFocus(index)}
      className={cx(
        'cursor-default outline-offset-[-2px]',
        marked ? 'tint-accent' : 'hover:bg-raised/60',
        props.arrived && 'animate-arrive',
      )}
    >
      {selected === undefined ? null : (
        <td className="border-b pr-2 pl-4">
          <Checkbox
            aria-label="Select this row"
            tabIndex={-1}
            checked={selected}
            onChange={() => onToggle(index)}
          />
        </td>
      )}
      {cells}
    </tr>
  );
}

/** A row that is being read. */
export function AbsentRow({ columns }: { columns: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={columns} className="h-[30px] border-b px-4">
        <Skeleton className="w-2/5" />
      </td>
    </tr>
  );
}
