/** Which rows are selected, and what to do when that changes. Selected rows need not be loaded. */
export interface RowSelection {
  ids: readonly string[];
  onChange: (ids: string[]) => void;
}

/** The selection with one row added or taken out. */
export function toggledRow(selected: readonly string[], id: string): string[] {
  return selected.includes(id) ? selected.filter((one) => one !== id) : [...selected, id];
}

/** The selection with all loaded rows added, or taken out where all of them are in it. */
export function toggledAll(selected: readonly string[], loaded: readonly string[]): string[] {
  const known = new Set(loaded);
  const others = selected.filter((id) => !known.has(id));
  return selectionState(selected, loaded) === 'all' ? others : [...others, ...loaded];
}

/** How many of the loaded rows are selected. */
export function selectionState(
  selected: readonly string[],
  loaded: readonly string[],
): 'none' | 'some' | 'all' {
  if (selected.length === 0) return 'none';
  const chosen = new Set(selected);
  const count = loaded.filter((id) => chosen.has(id)).length;
  if (count === 0) return 'none';
  return count === loaded.length ? 'all' : 'some';
}
