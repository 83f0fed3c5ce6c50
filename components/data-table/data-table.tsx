'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { cx } from '@/components/ui/cx';
import { type DataColumn, shownColumns, type TableSort } from './data-column';
import { DataTableHead } from './data-table-head';
import { AbsentRow, DataTableRow, ROW_PX } from './data-table-row';
import { type RowSelection, toggledRow } from './row-selection';
import { TableBodyState, type TableLoad } from './table-body-state';
import { useRowCursor } from './use-row-cursor';

/** Rows that are drawn beyond the screen, and how near its end the next page is fetched. */
const OVERSCAN = 8;
const LOAD_AHEAD = 20;
/** What the server takes for the size of the screen. */
const SERVER_RECT = { width: 1_000, height: 720 };
/** Height of the headings, which stand before the rows in what scrolls. */
const HEAD_PX = 32;
const NONE: readonly string[] = [];

export interface DataTableProps<Row> {
  /** What the rows are, in the plural: "attestations". */
  noun: string;
  columns: readonly DataColumn<Row>[];
  /** `undefined` where a row is being read. */
  rows: readonly (Row | undefined)[];
  rowId: (row: Row) => string;
  load: TableLoad;
  /** Called with the first and the last row on the screen, for a list that has only the rows near it in memory. */
  onShown?: (shown: { first: number; last: number }) => void;
  empty: ReactNode;
  hiddenColumns?: readonly string[];
  sort?: TableSort;
  onSort?: (sort: TableSort) => void;
  /** The row that is open in a panel. */
  activeId?: string | null;
  onOpen: (row: Row) => void;
  /** Makes rows selectable. */
  selection?: RowSelection;
  /** Rows that have just arrived: tinted for a second. */
  arrivedIds?: ReadonlySet<string>;
  /** Height of the scrolling part. */
  className?: string;
  /** The scrolling part itself, for a page that follows where it stands. */
  scrollerRef?: RefObject<HTMLDivElement | null>;
}

/**
 * A virtualised, keyset-paginated table: `j`/`k` move, Enter opens, `x` selects. While a row is open, moving opens the
 * next one. Rows, order and filters are the server's, through the caller.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { noun, rows, rowId, load, selection, hiddenColumns = NONE } = props;
  const ownScroller = useRef<HTMLDivElement>(null);
  const scroller = props.scrollerRef ?? ownScroller;
  const columns = useMemo(() => shownColumns(props.columns, hiddenColumns), [props.columns, hiddenColumns]);
  const ids = useMemo(() => rows.map((row) => (row === undefined ? undefined : rowId(row))), [rows, rowId]);
  const loadedIds = useMemo(() => ids.filter((id) => id !== undefined), [ids]);
  const selected = useMemo(() => new Set(selection?.ids), [selection?.ids]);

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    initialRect: SERVER_RECT,
    overscan: OVERSCAN,
    scrollPaddingEnd: HEAD_PX,
    useFlushSync: false,
  });
  const items = virtualizer.getVirtualItems();
  const [before, after] = [items[0]?.start ?? 0, virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0)];
  const shown = { first: items[0]?.index ?? 0, last: items.at(-1)?.index ?? 0 };
  useLoadAhead(load, rows.length, shown.last);
  useShown(shown.first, shown.last, props.onShown);

  const [cursor, setCursor] = useRowPosition(ids, props.activeId);
  const openIndex = (index: number) => {
    const row = rows[index];
    setCursor(index);
    if (row !== undefined) props.onOpen(row);
  };
  const moveTo = (index: number) => {
    setCursor(index);
    virtualizer.scrollToIndex(index);
    requestAnimationFrame(() => focusRow(scroller.current, index));
    if (props.activeId !== undefined && props.activeId !== null) openIndex(index);
  };
  const toggleIndex = (index: number) => {
    const id = ids[index];
    if (id !== undefined) selection?.onChange(toggledRow(selection.ids, id));
  };
  useRowCursor(scroller, {
    count: rows.length,
    index: cursor,
    onMove: moveTo,
    onOpen: openIndex,
    onToggle: toggleIndex,
  });

  // A row that has moved between two pages is on both of them.
  const firstIndex = new Map(items.toReversed().map(({ index }) => [ids[index], index]));
  const firstOf = (id: string, index: number) => firstIndex.get(id) === index;
  const columnCount = columns.length + (selection === undefined ? 0 : 1);
  return (
    <div ref={scroller} className={cx('overflow-auto', props.className ?? 'max-h-[calc(100dvh-11rem)]')}>
      {rows.length === 0 ? null : (
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows can be focused, opened and selected is a grid
          role="grid"
          aria-label={noun}
          aria-rowcount={load.hasMore === true ? -1 : rows.length + 1}
          className="w-full min-w-max table-fixed border-separate border-spacing-0 sm:min-w-232"
        >
          <DataTableHead
            columns={columns}
            loadedIds={loadedIds}
            selection={selection}
            sort={props.sort}
            onSort={props.onSort}
          />
          <tbody>
            <Spacer px={before} columns={columnCount} />
            {items.map(({ index }) => {
              const [row, id] = [rows[index], ids[index]];
              return row === undefined || id === undefined ? (
                <AbsentRow key={index} columns={columnCount} />
              ) : (
                <DataTableRow
                  key={firstOf(id, index) ? id : `${id} ${index}`}
                  columns={columns}
                  row={row}
                  index={index}
                  selected={selection === undefined ? undefined : selected.has(id)}
                  active={id === props.activeId}
                  focusable={index === Math.max(cursor, 0)}
                  arrived={props.arrivedIds?.has(id) === true}
                  onOpen={openIndex}
                  onFocus={setCursor}
                  onToggle={toggleIndex}
                />
              );
            })}
            <Spacer px={after} columns={columnCount} />
          </tbody>
        </table>
      )}
      <TableBodyState load={load} noun={noun} empty={props.empty} isEmpty={rows.length === 0} />
      {load.loadingMore === true ? (
        <p role="status" className="px-4 py-2 text-sm text-dim">
          Loading more {noun}…
        </p>
      ) : null}
    </div>
  );
}

function focusRow(scroller: HTMLElement | null, index: number): void {
  scroller?.querySelector<HTMLElement>(`[data-row-index="${index}"]`)?.focus({ preventScroll: true });
}

/** The row that the keys are on. It stays the same row when others arrive above it; at first it is the open one. */
function useRowPosition(
  ids: readonly (string | undefined)[],
  activeId: string | null | undefined,
): [number, (index: number) => void] {
  const [id, setId] = useState<string>();
  const wanted = id ?? activeId;
  const index = useMemo(() => (wanted ? ids.indexOf(wanted) : -1), [ids, wanted]);
  const moveTo = (next: number) => {
    const nextId = ids[next];
    if (nextId !== undefined) setId(nextId);
  };
  return [index, moveTo];
}

/** Tells the list which of its rows are on the screen. */
function useShown(first: number, last: number, onShown: DataTableProps<never>['onShown']): void {
  useEffect(() => onShown?.({ first, last }), [first, last, onShown]);
}

/** Fetches the next page before the end is in sight. */
function useLoadAhead(load: TableLoad, count: number, lastShown: number): void {
  const ready = load.status === 'success' && load.hasMore === true && load.loadingMore !== true;
  const wanted = ready && lastShown >= count - LOAD_AHEAD;
  const { onLoadMore } = load;
  useEffect(() => {
    if (wanted) onLoadMore?.();
  }, [wanted, onLoadMore]);
}

/** The height of rows that are not drawn. */
function Spacer({ px, columns }: { px: number; columns: number }) {
  if (px <= 0) return null;
  return (
    <tr aria-hidden>
      <td colSpan={columns} style={{ height: px }} />
    </tr>
  );
}
