'use client';

import Link from 'next/link';
import { cx } from '@/components/ui/cx';
import { formatCount } from '@/components/ui/format';
import { filterState } from './filter-state';
import { FilterToggle } from './filter-toggle';
import { type HeatLevel, type HeatMapData, prepareHeatMap } from './prepare-heat-map';

const LEVELS: Readonly<Record<HeatLevel, string>> = {
  0: 'bg-raised text-faint',
  1: 'bg-rejected/10 text-dim',
  2: 'bg-rejected/16 text-ink',
  3: 'bg-rejected/24 text-ink',
  4: 'bg-rejected/34 text-ink',
  5: 'bg-rejected/46 text-ink',
  6: 'bg-rejected/58 text-ink font-medium',
};

export interface HeatMapProps {
  data: HeatMapData;
  /** What it shows, for assistive technology: "Threats by app version, % of attestations". */
  label: string;
  /** Heading of the row labels: "Version". */
  rowHeading: string;
  /** Where a cell leads. */
  hrefOf: (rowId: string, columnId: string) => string;
  /** What the page is filtered by, and how to change that, by the ids of rows and of columns. */
  rows: AxisFilter;
  columns: AxisFilter;
}

export interface AxisFilter {
  selected: readonly string[];
  onToggle: (id: string) => void;
}

/** Whether others of its axis are chosen and this one is not: then it has no warmth. */
function isAside({ selected }: AxisFilter, id: string): boolean {
  return filterState(selected, id) === 'aside';
}

/**
 * Shares as warmth and as figures. It is a table, and so its own table form; each cell links to its rows, each heading
 * filters the page.
 */
export function HeatMap({ data, label, rowHeading, hrefOf, rows, columns }: HeatMapProps) {
  return (
    <div className="overflow-x-auto px-4 pb-3">
      <table
        aria-label={label}
        className="w-full table-fixed max-sm:min-w-120 border-separate border-spacing-0.5 text-sm"
      >
        <thead>
          <tr>
            <th scope="col" className="w-18 text-left font-normal">
              <span className="sr-only">{rowHeading}</span>
            </th>
            {data.columns.map((column) => (
              <th key={column.id} scope="col" className="min-w-14 pb-0.5 text-center font-normal text-faint">
                <FilterToggle
                  state={filterState(columns.selected, column.id)}
                  onToggle={() => columns.onToggle(column.id)}
                  name={column.label}
                  className="h-6 w-full truncate rounded-[4px] px-1 hover:bg-raised hover:text-ink"
                >
                  {column.label}
                </FilterToggle>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {prepareHeatMap(data).map((row) => (
            <tr key={row.id}>
              <th scope="row" className="pr-1 text-left font-mono font-normal text-dim">
                <FilterToggle
                  state={filterState(rows.selected, row.id)}
                  onToggle={() => rows.onToggle(row.id)}
                  name={`${row.label}, ${formatCount(row.total)} attestations`}
                  className="h-[26px] w-full truncate rounded-[4px] pr-1 text-left hover:text-ink"
                >
                  {row.label}
                </FilterToggle>
              </th>
              {row.cells.map((cell) => (
                <td key={cell.columnId} className="p-0">
                  <Link
                    prefetch={false}
                    href={hrefOf(row.id, cell.columnId)}
                    className={cx(
                      'flex h-[26px] items-center justify-center rounded-[4px] hover:outline hover:outline-edge',
                      LEVELS[isAside(rows, row.id) || isAside(columns, cell.columnId) ? 0 : cell.level],
                    )}
                  >
                    {cell.text}
                  </Link>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
