import { formatPercent } from '@/components/ui/format';

/** Shares by row and column, each 0 to 1; `null` where nothing was counted. */
export interface HeatMapData {
  columns: readonly { id: string; label: string }[];
  rows: readonly { id: string; label: string; total: number; shares: readonly (number | null)[] }[];
}

/** How warm a cell is: 0 (none) to 6. */
export type HeatLevel = 0 | 1 | 2 | 3 | 4 | 5 | 6;

export interface PreparedCell {
  columnId: string;
  level: HeatLevel;
  text: string;
  share: number | null;
}

export interface PreparedHeatRow {
  id: string;
  label: string;
  total: number;
  cells: readonly PreparedCell[];
}

/** Upper bounds of the levels 0 to 5: fixed, so that a colour means the same on every day. */
const LEVEL_ENDS = [0.003, 0.01, 0.02, 0.04, 0.08, 0.2];

function levelOf(share: number | null): HeatLevel {
  if (share === null) return 0;
  const level = LEVEL_ENDS.findIndex((end) => share < end);
  return (level === -1 ? 6 : level) as HeatLevel;
}

/** Prepares a heat map of shares. */
export function prepareHeatMap(data: HeatMapData): PreparedHeatRow[] {
  return data.rows.map(({ shares, ...row }) => ({
    ...row,
    cells: data.columns.map((column, index) => {
      const share = shares[index] ?? null;
      return { columnId: column.id, share, level: levelOf(share), text: cellText(share) };
    }),
  }));
}

/** The share in per cent, without the sign that the heading has already. */
function cellText(share: number | null): string {
  return share === null ? '–' : formatPercent(share).replace(/\s%$/u, '');
}
