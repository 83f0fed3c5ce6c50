import { ListChecks } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/states';
import { countActive } from './attestation-filter';
import type { FilterControl } from './use-attestation-filter';

export interface NoAttestationsProps {
  control: FilterControl;
  /** What to do where there is not a single attestation. */
  gettingStarted: ReactNode;
}

/** Why the list is empty, and what to do about it. */
export function NoAttestations({ control, gettingStarted }: NoAttestationsProps) {
  const { filter, clear } = control;
  if (countActive(filter) === 0) {
    return (
      <EmptyState icon={ListChecks} title="No attestations in this period">
        {gettingStarted}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={ListChecks}
      title="No attestation matches these filters in this period"
      actions={<Button onClick={clear}>Clear the filters</Button>}
    >
      {filter.q === ''
        ? 'Choose a longer period, or take off a filter.'
        : 'A search finds a whole reference (K7QF-2M9D) or the whole id of an instance, in the period above.'}
    </EmptyState>
  );
}
