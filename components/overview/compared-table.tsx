import { cx } from '@/components/ui/cx';
import { VerdictMark } from '@/components/ui/verdict-mark';
import type { ComparedRow } from './prepare-comparison';

export interface ComparedTableProps {
  label: string;
  heading: string;
  /** What the sides are called. */
  a: string;
  b: string;
  rows: readonly ComparedRow[];
}

const HEAD = 'h-8 px-2 text-right text-sm font-normal text-faint last:pr-4';
const CELL = 'h-[29px] px-2 text-right last:pr-4';

/** One figure a row: the first side, the second side, and by how much they differ. */
export function ComparedTable({ label, heading, a, b, rows }: ComparedTableProps) {
  return (
    <table aria-label={label} className="mb-2 w-full table-fixed">
      <thead>
        <tr>
          <th scope="col" className="w-[38%] truncate pl-4 text-left text-sm font-normal text-faint">
            {heading}
          </th>
          <th scope="col" className={cx(HEAD, 'truncate')}>
            {a}
          </th>
          <th scope="col" className={cx(HEAD, 'truncate')}>
            {b}
          </th>
          <th scope="col" className={cx(HEAD, 'w-[20%]')}>
            Difference
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} className="border-t">
            <th scope="row" className="truncate pl-4 text-left font-normal">
              {row.mark === undefined ? null : <VerdictMark verdict={row.mark} className="mr-2" />}
              {row.label}
            </th>
            <td className={CELL}>{row.a}</td>
            <td className={cx(CELL, 'text-dim')}>{row.b}</td>
            <td className={cx(CELL, 'text-sm', row.worse ? 'text-rejected-text' : 'text-faint')}>
              {row.difference}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
