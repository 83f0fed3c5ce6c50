/** How a value stands to what the page is filtered by: `aside` where others are chosen and this one is not. */
export type FilterState = 'open' | 'chosen' | 'aside';

/** How a value stands to the chosen ones. */
export function filterState(selected: readonly string[], id: string): FilterState {
  if (selected.includes(id)) return 'chosen';
  return selected.length === 0 ? 'open' : 'aside';
}

/** The first `count` of what comes greatest first, and those of the rest that the page is filtered by. */
export function greatestAndChosen<Item extends { id: string }>(
  items: readonly Item[],
  count: number,
  selected: readonly string[],
): Item[] {
  return items.filter(({ id }, index) => index < count || selected.includes(id));
}
