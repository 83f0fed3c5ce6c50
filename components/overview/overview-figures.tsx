'use client';

import { useQuery } from '@tanstack/react-query';
import { FiguresStrip } from '@/components/console/figures-strip';
import { nodesQuery } from '@/components/query/console-queries';
import type { Overview } from '@/lib/contracts';
import type { OverviewView } from './overview-links';
import { nextExpiryQuery } from './overview-queries';
import { prepareExpiry, prepareFigures } from './prepare-figures';

/** The figures above the chart; how many nodes enforce the blocks comes from the live stream. */
export function OverviewFigures({ overview, view }: { overview: Overview; view: OverviewView }) {
  const { data: nodes } = useQuery(nodesQuery());
  const { data: expiry } = useQuery(nextExpiryQuery(view));
  const figures = [...prepareFigures(overview, nodes, view), ...prepareExpiry(expiry)];
  return <FiguresStrip label="Key figures" figures={figures} />;
}
