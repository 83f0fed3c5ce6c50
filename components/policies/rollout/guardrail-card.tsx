import type { ReactNode } from 'react';
import { percent } from '@/components/charts/plot-axes';
import { Card, CardHeader } from '@/components/ui/card';
import { formatCount, formatPoints, plural } from '@/components/ui/format';
import { Table, Td, Th } from '@/components/ui/table';
import { VerdictMark } from '@/components/ui/verdict-mark';
import type { GuardrailFigures, Rollout } from '@/lib/contracts';
import { groupRows, guardrailWords, intervalBar } from './rollout-words';

/** What the guardrail sees: both groups, the difference with its interval, and the limit. */
export function GuardrailCard({ rollout }: { rollout: Rollout }) {
  const { figures, guardrail } = rollout;
  const { text, tone } = guardrailWords(rollout);
  return (
    <Card aria-label="Guardrail">
      <CardHeader
        title="Guardrail"
        note={`judges from ${plural(guardrail.minDevices, 'device')} per group on`}
      />
      <p role="status" className="px-4 pb-3">
        <VerdictMark verdict={tone} className="mr-2" />
        {text}
      </p>
      {figures === null || figures.increase === null ? null : (
        <Interval increase={figures.increase} maxIncrease={guardrail.maxIncrease} />
      )}
      {figures === null ? null : <Groups figures={figures} rollout={rollout} />}
    </Card>
  );
}

interface IntervalProps {
  increase: NonNullable<GuardrailFigures['increase']>;
  maxIncrease: number;
}

/** The interval of the difference on a line, with zero and the limit. The sentence above and the table below say the same. */
function Interval({ increase, maxIncrease }: IntervalProps) {
  const bar = intervalBar(increase, maxIncrease);
  const tone = increase.low > maxIncrease ? 'rejected' : increase.high <= maxIncrease ? 'trusted' : 'flagged';
  const [line, dot] = {
    rejected: ['stroke-rejected', 'fill-rejected'],
    trusted: ['stroke-trusted', 'fill-trusted'],
    flagged: ['stroke-flagged', 'fill-flagged'],
  }[tone] as [string, string];
  return (
    <div className="px-4 pb-2">
      <svg aria-hidden className="h-9 w-full overflow-visible">
        <line x1="0" x2="100%" y1="18" y2="18" className="stroke-line" />
        <line x1={percent(bar.zero)} x2={percent(bar.zero)} y1="4" y2="32" className="stroke-edge" />
        <line
          x1={percent(bar.limit)}
          x2={percent(bar.limit)}
          y1="4"
          y2="32"
          strokeDasharray="3 3"
          strokeWidth="1.5"
          className="stroke-rejected"
        />
        <line
          x1={percent(bar.low)}
          x2={percent(bar.high)}
          y1="18"
          y2="18"
          strokeWidth="4"
          strokeLinecap="round"
          className={line}
        />
        <circle cx={percent(bar.value)} cy="18" r="5.5" className={dot} />
      </svg>
      <div aria-hidden className="relative h-4 text-sm text-dim">
        <AxisLabel at={bar.zero}>±0</AxisLabel>
        <AxisLabel at={bar.limit}>limit {formatPoints(maxIncrease, 0)}</AxisLabel>
      </div>
    </div>
  );
}

/** A label under a place of the line; near the right end it stands left of it. */
function AxisLabel({ at, children }: { at: number; children: ReactNode }) {
  const isLate = at > 0.6;
  return (
    <span
      className="absolute whitespace-nowrap"
      style={isLate ? { right: percent(1 - at) } : { left: percent(at) }}
    >
      {children}
    </span>
  );
}

function Groups({ figures, rollout }: { figures: GuardrailFigures; rollout: Rollout }) {
  return (
    <Table className="border-t">
      <thead>
        <tr>
          <Th>Group</Th>
          <Th numeric>Devices</Th>
          <Th numeric>Rejected</Th>
          <Th numeric>Share</Th>
        </tr>
      </thead>
      <tbody>
        {groupRows(figures, rollout).map((row) => (
          <tr key={row.id}>
            <Td>{row.name}</Td>
            <Td numeric>{formatCount(row.devices)}</Td>
            <Td numeric>{formatCount(row.rejected)}</Td>
            <Td numeric>{row.share}</Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
