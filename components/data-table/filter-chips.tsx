'use client';

import { X } from 'lucide-react';
import { Button } from '@/components/ui/button';

/** One filter that is on: "Verdict: rejected". */
export interface FilterChip {
  id: string;
  facet: string;
  value: string;
  onRemove: () => void;
}

export interface FilterChipsProps {
  chips: readonly FilterChip[];
  /** Takes all of them off. */
  onClear?: () => void;
}

/** The filters that are on, each with a button that takes it off. Nothing where there are none. */
export function FilterChips({ chips, onClear }: FilterChipsProps) {
  if (chips.length === 0) return null;
  return (
    <ul aria-label="Filters that are on" className="flex flex-wrap items-center gap-1.5">
      {chips.map((chip) => (
        <li
          key={chip.id}
          className="inline-flex h-7 max-w-full items-center gap-1 rounded-control border bg-card pl-2 text-sm"
        >
          <span className="text-faint">{chip.facet}</span>
          <span className="truncate">{chip.value}</span>
          <button
            type="button"
            aria-label={`Remove ${chip.facet} ${chip.value}`}
            onClick={chip.onRemove}
            className="inline-flex size-6 items-center justify-center rounded-[5px] text-faint hover:bg-raised hover:text-ink"
          >
            <X aria-hidden size={12} />
          </button>
        </li>
      ))}
      {onClear === undefined ? null : (
        <li>
          <Button variant="ghost" size="sm" onClick={onClear}>
            Clear all
          </Button>
        </li>
      )}
    </ul>
  );
}
