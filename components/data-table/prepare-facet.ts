import type { MarkedVerdict } from '@/components/ui/verdict-mark';

/** One value of a facet and how many rows have it. */
export interface FacetOption {
  value: string;
  /** For people; the value itself where it is absent. */
  label?: string;
  count: number;
  /** What is shown for the count, where it is not the number itself. */
  countText?: string;
  mark?: MarkedVerdict;
}

/** Values that are shown before "Show all". */
export const FACET_FOLD = 6;

/** The options that are shown: the most frequent, and every selected one, even without rows. */
export function shownOptions(
  options: readonly FacetOption[],
  selected: readonly string[],
  unfolded: boolean,
): { shown: FacetOption[]; folded: number } {
  const missing = selected
    .filter((value) => !options.some((option) => option.value === value))
    .map((value): FacetOption => ({ value, count: 0 }));
  const all = [...missing, ...options];
  const shown = all.filter(
    (option, index) => unfolded || index < FACET_FOLD + missing.length || selected.includes(option.value),
  );
  return { shown, folded: all.length - shown.length };
}

/** The options whose value or label contains what was typed, whatever its case. */
export function matchingOptions(options: readonly FacetOption[], search: string): readonly FacetOption[] {
  const text = search.trim().toLowerCase();
  if (text === '') return options;
  return options.filter(({ value, label }) => `${value} ${label ?? ''}`.toLowerCase().includes(text));
}
