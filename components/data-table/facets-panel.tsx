'use client';

import { SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { cx } from '@/components/ui/cx';
import { FacetGroup, type FacetGroupData } from './facet-group';
import { FacetSkeleton } from './facet-skeleton';

export interface FacetsPanelProps {
  groups: readonly FacetGroupData[];
  /** Selected values by facet; a value that is selected is shown even where it has no rows. */
  selected: Readonly<Record<string, readonly string[]>>;
  onToggle: (facet: string, value: string) => void;
  onClear: () => void;
  /** Before the first counts are there. */
  loading?: boolean;
}

/** Filters with counts. On a narrow screen they fold into one button. */
export function FacetsPanel({ groups, selected, onToggle, onClear, loading = false }: FacetsPanelProps) {
  const [open, setOpen] = useState(false);
  const active = Object.values(selected).reduce((sum, values) => sum + values.length, 0);
  return (
    <section aria-label="Filters">
      <div className="flex min-h-8 items-center gap-2">
        <Button className="lg:hidden" aria-expanded={open} onClick={() => setOpen(!open)}>
          <SlidersHorizontal aria-hidden size={14} />
          Filters{active === 0 ? '' : ` (${active})`}
        </Button>
        <h2 className="flex-1 font-semibold max-lg:hidden">Filters</h2>
        {active === 0 ? null : (
          <Button variant="ghost" size="sm" onClick={onClear}>
            Clear
          </Button>
        )}
      </div>
      <div className={cx('mt-2 grid content-start gap-4 max-lg:sm:grid-cols-3', open ? '' : 'max-lg:hidden')}>
        {loading && groups.length === 0 ? <FacetSkeleton /> : null}
        {groups.map((group) => (
          <FacetGroup
            key={group.facet}
            group={group}
            selected={selected[group.facet] ?? []}
            onToggle={(value) => onToggle(group.facet, value)}
          />
        ))}
      </div>
    </section>
  );
}
