import type { Editing } from './editing';

/*
 * Edits that are not saved, by app. They outlive the editor, so that a look at the history or at the attestations loses
 * nothing; closing the tab asks first.
 */
const kept = new Map<string, Editing>();

function askFirst(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** What somebody left unsaved. */
export function keptEdits(id: string): Editing | undefined {
  return kept.get(id);
}

/** Keeps what is not saved; `null` where all is. */
export function keepEdits(id: string, editing: Editing | null): void {
  if (editing === null) kept.delete(id);
  else kept.set(id, editing);
  if (kept.size === 0) window.removeEventListener('beforeunload', askFirst);
  else window.addEventListener('beforeunload', askFirst);
}
