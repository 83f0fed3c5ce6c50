import { formatChange } from '@/components/ui/format';
import { greatestAndChosen } from './filter-state';

/** One thing that is counted. */
export interface BarItem {
  id: string;
  label: string;
  /** Identifier in mono beside the label. */
  code?: string;
  value: number;
  /** The same count in the period before; `null` where that is not known. */
  previous?: number | null;
  href: string;
}

export interface PreparedBar extends BarItem {
  /** Length of the bar, 0..1 of the longest. */
  length: number;
  change: string | null;
  /** Whether it grew so much that it deserves a look: by half and by at least ten. */
  rising: boolean;
}

const RISING_FACTOR = 1.5;
const RISING_AT_LEAST = 10;

/** The greatest `count` items, and those that the page is filtered by, longest bar first. */
export function prepareBars(
  items: readonly BarItem[],
  count = 6,
  selected: readonly string[] = [],
): PreparedBar[] {
  const sorted = items.toSorted((a, b) => b.value - a.value || a.id.localeCompare(b.id));
  const longest = sorted[0]?.value ?? 0;
  return greatestAndChosen(sorted, count, selected).map((item) => {
    const previous = item.previous ?? null;
    return {
      ...item,
      length: longest === 0 ? 0 : item.value / longest,
      change: previous === 0 && item.value > 0 ? 'new' : formatChange(item.value, previous),
      rising:
        previous !== null &&
        item.value >= previous * RISING_FACTOR &&
        item.value - previous >= RISING_AT_LEAST,
    };
  });
}
