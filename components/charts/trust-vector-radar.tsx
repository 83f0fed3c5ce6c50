'use client';

import { useMemo } from 'react';
import { deferred } from '@/components/ui/deferred';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { TrustVector } from '@/lib/contracts';
import { PlotPlaceholder } from './plot-placeholder';
import { prepareRadar, TIERS } from './prepare-radar';

const RadarPlot = deferred(() => import('./radar-plot'), { placeholder: PlotPlaceholder });

/**
 * A device's trust vector: the shape at a glance, and each claim in words beside it. Further out is better; a member that
 * makes no claim is left out of the shape.
 */
export function TrustVectorRadar({ vector }: { vector: Partial<TrustVector> }) {
  const axes = useMemo(() => prepareRadar(vector), [vector]);
  return (
    <div className="flex flex-wrap items-center justify-center gap-x-4 gap-y-2 px-4 pb-3">
      <div className="aspect-[304/196] w-full max-w-76">
        <RadarPlot axes={axes} />
      </div>
      <dl className="grid min-w-48 flex-1 grid-cols-[1fr_auto] gap-x-4">
        {axes.map(({ member, label, tier }) => (
          <div key={member} className="col-span-2 grid min-h-6 grid-cols-subgrid items-center">
            <dt className="text-dim">{label}</dt>
            <dd>
              <VerdictLabel verdict={TIERS[tier].verdict}>{TIERS[tier].label}</VerdictLabel>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
