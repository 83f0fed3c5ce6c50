'use client';

import { Select } from '@/components/ui/input';
import { COMPARISONS } from './choose-comparison';
import type { ComparisonControl } from './use-comparison';

const LABELS: Readonly<Record<(typeof COMPARISONS)[number], string>> = {
  period: 'Compare: the period before',
  appVersion: 'Compare: two app versions',
};

/** What the page is compared with. */
export function CompareControl({ by, compare }: Pick<ComparisonControl, 'by' | 'compare'>) {
  return (
    <span className="w-54">
      <Select
        aria-label="Compare"
        value={by ?? ''}
        onChange={({ target }) => compare(COMPARISONS.find((one) => one === target.value) ?? null)}
      >
        <option value="">Compare: nothing</option>
        {COMPARISONS.map((one) => (
          <option key={one} value={one}>
            {LABELS[one]}
          </option>
        ))}
      </Select>
    </span>
  );
}
