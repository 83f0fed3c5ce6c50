'use client';

import { useMemo } from 'react';
import { ChartCard } from '@/components/charts/chart-card';
import { PlotPlaceholder } from '@/components/charts/plot-placeholder';
import { deferred } from '@/components/ui/deferred';
import { formatCount } from '@/components/ui/format';
import { EmptyState } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { useTimeZone } from '@/components/ui/use-viewer';
import type { ApiKeyDetail } from '@/lib/contracts';
import { type AdoptionLine, type PreparedAdoption, prepareAdoption } from './prepare-adoption';

const AdoptionPlot = deferred(() => import('./adoption-plot'), { placeholder: PlotPlaceholder });

const TITLE = 'Adoption';

/** How many devices hold which version, over time, as they were given them. It has a table form. */
export function AdoptionChart({ adoption }: Pick<ApiKeyDetail, 'adoption'>) {
  const timeZone = useTimeZone();
  const prepared = useMemo(() => prepareAdoption(adoption, timeZone), [adoption, timeZone]);
  return (
    <ChartCard
      title={TITLE}
      note="devices by the version that they hold"
      legend={<Legend lines={prepared.lines} />}
      chart={
        prepared.lines.length === 0 ? (
          <EmptyState title="No device holds this key yet">
            A device is given it with its next attestation that is trusted or flagged.
          </EmptyState>
        ) : (
          <div className="h-44">
            <AdoptionPlot label="Devices by version over time" prepared={prepared} timeZone={timeZone} />
          </div>
        )
      }
      table={<AdoptionTable prepared={prepared} />}
    />
  );
}

const STROKES: Readonly<Record<AdoptionLine['colour'], string>> = {
  accent: 'stroke-accent',
  flagged: 'stroke-flagged',
  dim: 'stroke-dim',
  faint: 'stroke-faint',
};

function Legend({ lines }: { lines: readonly AdoptionLine[] }) {
  return (
    <ul className="flex flex-wrap gap-x-4 text-sm text-dim">
      {lines.map(({ id, version, colour }) => (
        <li key={id} className="flex items-center gap-1.5">
          <svg aria-hidden viewBox="0 0 14 4" className="h-1 w-3.5 shrink-0">
            <path d="M0 2H14" strokeWidth="1.75" className={STROKES[colour]} />
          </svg>
          version {version}
        </li>
      ))}
    </ul>
  );
}

function AdoptionTable({ prepared: { lines, points } }: { prepared: PreparedAdoption }) {
  return (
    <Table>
      <thead className="sticky top-0 bg-card">
        <tr>
          <Th>At</Th>
          {lines.map(({ id, version }) => (
            <Th key={id} numeric>
              version {version}
            </Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {points.toReversed().map((point) => (
          <tr key={point.atMs}>
            <Td>
              <Time at={point.atMs} format="exact" />
            </Td>
            {lines.map(({ id }) => (
              <Td key={id} numeric>
                {formatCount(point.devices[id] ?? 0)}
              </Td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
