'use client';

import { Pause, Play } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { ATTESTATION_COLUMNS } from '@/components/attestations/attestation-columns';
import { useSpaceKey } from '@/components/attestations/use-space-key';
import { LiveTable } from '@/components/overview/live-table';
import {
  attestationsHref,
  explainHref,
  isNarrowed,
  type OverviewView,
} from '@/components/overview/overview-links';
import { useNewestAttestations } from '@/components/overview/use-newest-attestations';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Card, CardHeader } from '@/components/ui/card';
import { Kbd } from '@/components/ui/kbd';
import { EmptyState } from '@/components/ui/states';

/** There is no column of checkboxes before the time here, and room for whole names. */
const WIDTHS: Readonly<Record<string, string>> = {
  time: 'w-[118px]',
  app: 'w-[160px] max-sm:hidden',
  device: 'w-[160px] max-sm:hidden',
};
const COLUMNS = ATTESTATION_COLUMNS.filter((column) => column.id !== 'network').map((column) => {
  const className = WIDTHS[column.id];
  return className === undefined ? column : { ...column, className };
});

/** The newest attestations of the view as they happen; a row opens its explanation. */
export function LiveAttestations({ view }: { view: OverviewView }) {
  const router = useRouter();
  const { rows, status, error, retry, arrivedIds, follows, paused, setPaused } = useNewestAttestations(view);
  useSpaceKey(() => {
    if (follows) setPaused(!paused);
  });
  const Icon = paused ? Play : Pause;
  return (
    <Card aria-label="Live attestations" className="overflow-hidden">
      <CardHeader title={follows ? 'Live attestations' : 'Newest attestations'}>
        {follows ? (
          <Button size="sm" variant="ghost" aria-pressed={paused} onClick={() => setPaused(!paused)}>
            <Icon aria-hidden size={12} />
            {paused ? 'Resume' : 'Pause'}
            <span className="max-sm:hidden">
              <Kbd>Space</Kbd>
            </span>
          </Button>
        ) : null}
        <ButtonLink href={attestationsHref(view)} size="sm">
          All attestations
        </ButtonLink>
      </CardHeader>
      <LiveTable
        columns={COLUMNS}
        rows={rows}
        arrivedIds={arrivedIds}
        load={{ status, error, onRetry: retry }}
        empty={
          <EmptyState
            title={
              isNarrowed(view)
                ? 'No attestation that the filters let through'
                : 'Nothing has attested in this period'
            }
          >
            New attestations appear here at once.
          </EmptyState>
        }
        onOpen={(row) => router.push(explainHref(view, row.id))}
      />
    </Card>
  );
}
