import { expect, it } from 'vitest';
import { columnChoices, type DataColumn, nextSort, shownColumns } from './data-column';
import { rowsToCsv } from './export-rows';

interface Row {
  name: string;
  count: number;
  model: string | null;
}
const COLUMNS: readonly DataColumn<Row>[] = [
  { id: 'name', label: 'Name', value: (row) => row.name },
  { id: 'count', label: 'Count', value: (row) => row.count },
  { id: 'model', label: 'Model', value: (row) => row.model },
];
const ROWS: Row[] = [{ name: '=evil()', count: -1, model: 'Pixel 9, XL' }];

it('exports the columns that are shown, safely', () => {
  expect(rowsToCsv(COLUMNS, [], ROWS)).toBe(`Name,Count,Model\r\n'=evil(),-1,"Pixel 9, XL"\r\n`);
  expect(rowsToCsv(COLUMNS, ['count', 'model'], ROWS)).toBe(`Name\r\n'=evil()\r\n`);
});

it('lets every column be left out but the first', () => {
  expect(columnChoices(COLUMNS).map((choice) => choice.id)).toEqual(['count', 'model']);
  expect(shownColumns(COLUMNS, ['count', 'gone']).map((column) => column.id)).toEqual(['name', 'model']);
});

it('sorts by the greatest first, and turns round at the second press', () => {
  expect(nextSort('at', undefined)).toEqual({ by: 'at', descending: true });
  expect(nextSort('at', { by: 'at', descending: true })).toEqual({ by: 'at', descending: false });
  expect(nextSort('at', { by: 'name', descending: true })).toEqual({ by: 'at', descending: true });
});
