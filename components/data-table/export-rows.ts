import { saveFile, toCsv } from './csv';
import { type DataColumn, shownColumns } from './data-column';

/** What a table shows, as CSV: its visible columns and loaded rows. */
export function rowsToCsv<Row>(
  columns: readonly DataColumn<Row>[],
  hidden: readonly string[],
  rows: readonly Row[],
): string {
  const shown = shownColumns(columns, hidden);
  return toCsv(
    shown.map((column) => column.label),
    rows.map((row) => shown.map((column) => column.value(row))),
  );
}

/** Saves what a table shows as `<name>.csv`. */
export function exportRows<Row>(
  name: string,
  columns: readonly DataColumn<Row>[],
  hidden: readonly string[],
  rows: readonly Row[],
): void {
  saveFile(`${name}.csv`, rowsToCsv(columns, hidden, rows));
}
