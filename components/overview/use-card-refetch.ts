'use client';

import { useLiveStatus } from '@/components/query/live-provider';
import type { OverviewView } from './overview-links';
import { CARDS_EVERY_MS } from './overview-queries';

/**
 * How often a card is read again: every few seconds while the page is live, never where its period stands still. One that
 * failed stays so until somebody tries again, or its failure could not be read.
 */
export function useCardRefetch({ range }: Pick<OverviewView, 'range'>, everyMs = CARDS_EVERY_MS) {
  const live = useLiveStatus() === 'live';
  const follows = live && range.kind === 'named';
  return (query: { state: { status: string } }): number | false =>
    follows && query.state.status !== 'error' ? everyMs : false;
}
