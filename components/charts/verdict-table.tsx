'use client';

import { formatCount } from '@/components/ui/format';
import { Table, Td, Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { VERDICT_ORDER, VerdictLabel } from '@/components/ui/verdict-mark';
import type { VerdictPoint } from './prepare-points';

/** Verdicts over time as a table, newest first. */
export function VerdictTable({
  points,
  compared = false,
}: {
  points: readonly VerdictPoint[];
  /** Whether the period before has a column. */
  compared?: boolean;
}) {
  return (
    <Table>
      <thead className="sticky top-0 bg-card">
        <tr>
          <Th>From</Th>
          {VERDICT_ORDER.map((verdict) => (
            <Th key={verdict} numeric>
              <VerdictLabel verdict={verdict} />
            </Th>
          ))}
          <Th numeric>All</Th>
          {compared ? <Th numeric>The period before</Th> : null}
        </tr>
      </thead>
      <tbody>
        {points.toReversed().map((point) => (
          <tr key={point.atMs}>
            <Td>
              <Time at={point.atMs} format="exact" />
              {point.incomplete ? <span className="ml-2 text-faint">still filling</span> : null}
            </Td>
            {VERDICT_ORDER.map((verdict) => (
              <Td key={verdict} numeric>
                {point.counts === null ? '–' : formatCount(point.counts[verdict])}
              </Td>
            ))}
            <Td numeric>{point.total === null ? 'not recorded' : formatCount(point.total)}</Td>
            {compared ? <Td numeric>{point.before === null ? '–' : formatCount(point.before)}</Td> : null}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
