import { formatPercent } from '@/components/ui/format';
import type { Funnel } from '@/lib/contracts';
import { attestationsHref, type OverviewView } from './overview-links';
import { REQUESTS_ID } from './prepare-figures';

type Stage = Funnel['stages'][number]['stage'];

/** What each stage is called, what it means, and its colour. */
const STAGES: Readonly<Record<Stage, { label: string; meaning: string; fill: string }>> = {
  challenged: {
    label: 'Challenged',
    meaning: 'A challenge was handed out to an app.',
    fill: 'fill-accent/60',
  },
  evidence: { label: 'Sent evidence', meaning: 'The app answered with evidence.', fill: 'fill-accent/60' },
  trusted: { label: 'Trusted', meaning: 'The verdict was trusted.', fill: 'fill-trusted' },
  token: {
    label: 'Got a token',
    meaning: 'Every verdict but a rejection gets a token, which says what was found.',
    fill: 'fill-accent/60',
  },
  accepted: {
    label: 'Accepted requests',
    meaning: 'Requests that a gateway let in by a valid token; one token serves many.',
    fill: 'fill-accent/60',
  },
};

/** One stage as the card shows it. */
export interface FunnelStep {
  stage: Stage;
  label: string;
  meaning: string;
  fill: string;
  /** `null` where the stage is not counted under the filters. */
  count: number | null;
  /** Length of its bar, 0 to 1 of the first stage that was counted. */
  length: number;
  /** The same in words: "97.2 %", or "× 3.1" where there is more than one of it for each at the beginning. */
  share: string;
  /** What was counted. */
  href: string;
}

/** Prepares the stages in their order, each measured against the first one that was counted. */
export function prepareFunnel({ stages }: Funnel, view: OverviewView): FunnelStep[] {
  const first = stages.find(({ count }) => count !== null && count > 0)?.count ?? 0;
  return stages.map(({ stage, count }, index) => {
    const ratio = first === 0 || count === null ? 0 : count / first;
    return {
      stage,
      ...STAGES[stage],
      count,
      length: Math.min(ratio, 1),
      share: count === null || first === 0 || index === 0 ? '' : shareText(ratio),
      href: hrefOf(stage, view),
    };
  });
}

/** A challenge is answered a moment after it was counted, so that a little more than all is all. */
const ALL = 1.05;

function shareText(ratio: number): string {
  return ratio > ALL ? `× ${ratio.toFixed(ratio < 10 ? 1 : 0)}` : formatPercent(Math.min(ratio, 1));
}

function hrefOf(stage: Stage, view: OverviewView): string {
  if (stage === 'accepted') return `#${REQUESTS_ID}`;
  return attestationsHref(view, stage === 'trusted' ? { verdict: 'trusted' } : {});
}
