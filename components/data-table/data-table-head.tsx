'use client';

import { ArrowDown, ArrowUp } from 'lucide-react';
import { cx } from '@/components/ui/cx';
import { Checkbox } from '@/components/ui/input';
import { type DataColumn, nextSort, type TableSort } from './data-column';
import { type RowSelection, selectionState, toggledAll } from './row-selection';

export interface DataTableHeadProps<Row> {
  columns: readonly DataColumn<Row>[];
  loadedIds: readonly string[];
  selection: RowSelection | undefined;
  sort: TableSort | undefined;
  onSort: ((sort: TableSort) => void) | undefined;
}

const HEADING = 'h-8 border-b bg-card px-2 text-left text-sm font-normal text-faint first:pl-4 last:pr-4';

/** The headings; those that the server can sort by are buttons. */
export function DataTableHead<Row>(props: DataTableHeadProps<Row>) {
  const { columns, loadedIds, selection, sort, onSort } = props;
  const selected = selectionState(selection?.ids ?? [], loadedIds);
  return (
    <thead className="sticky top-0 z-10">
      <tr>
        {selection === undefined ? null : (
          <th scope="col" className={cx(HEADING, 'w-10')}>
            <Checkbox
              aria-label="Select all loaded rows"
              checked={selected === 'all'}
              indeterminate={selected === 'some'}
              onChange={() => selection.onChange(toggledAll(selection.ids, loadedIds))}
            />
          </th>
        )}
        {columns.map((column) => (
          <Heading key={column.id} column={column} sort={sort} onSort={onSort} />
        ))}
      </tr>
    </thead>
  );
}

interface HeadingProps<Row> {
  column: DataColumn<Row>;
  sort: TableSort | undefined;
  onSort: ((sort: TableSort) => void) | undefined;
}

function Heading<Row>({ column, sort, onSort }: HeadingProps<Row>) {
  const { label, sortBy, className, align } = column;
  const sorted = sortBy !== undefined && sort?.by === sortBy ? sort : undefined;
  const Arrow = sorted?.descending === true ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={sorted === undefined ? undefined : sorted.descending ? 'descending' : 'ascending'}
      className={cx(HEADING, className, align === 'right' && 'text-right')}
    >
      {sortBy === undefined || onSort === undefined ? (
        <span className="truncate">{label}</span>
      ) : (
        <button
          type="button"
          onClick={() => onSort(nextSort(sortBy, sort))}
          className="inline-flex h-6 items-center gap-1 rounded-[4px] hover:text-ink"
        >
          {label}
          {sorted === undefined ? null : <Arrow aria-hidden size={12} />}
        </button>
      )}
    </th>
  );
}
