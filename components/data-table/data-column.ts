import type { ReactNode } from 'react';
import type { CsvValue } from './csv';

/** A column of a table. Make the list of them a constant of the module. */
export interface DataColumn<Row> {
  id: string;
  /** Heading, and name in the column choice and in CSV. */
  label: string;
  /** The plain value: what CSV exports, and what is shown where there is no `cell`. */
  value: (row: Row) => CsvValue;
  cell?: (row: Row) => ReactNode;
  /** Classes of heading and cells: the width (`w-28`), and from which screen on it is shown (`max-sm:hidden`). */
  className?: string;
  align?: 'right';
  /** For identifiers, codes, versions and times. */
  mono?: boolean;
  /** Name that the API sorts by; absent where it cannot. */
  sortBy?: string;
}

/** How a table is ordered by the server. */
export interface TableSort {
  by: string;
  descending: boolean;
}

/** The columns that are not left out, in their order. */
export function shownColumns<Row>(
  columns: readonly DataColumn<Row>[],
  hidden: readonly string[],
): DataColumn<Row>[] {
  return columns.filter((column) => !hidden.includes(column.id));
}

/** The columns that a person may leave out: all but the first. */
export function columnChoices<Row>(columns: readonly DataColumn<Row>[]): { id: string; label: string }[] {
  return columns.slice(1).map(({ id, label }) => ({ id, label }));
}

/** The order after pressing a heading: newest or greatest first, then the other way round. */
export function nextSort(by: string, current: TableSort | undefined): TableSort {
  return { by, descending: current?.by === by ? !current.descending : true };
}
