import { useEffect, useReducer } from 'react';
import type { PolicyEditor } from '@/lib/contracts';
import { beginEditing, type Editing, editingReducer, isDirty, isUpToDate, startOf } from './editing';
import { keepEdits, keptEdits } from './kept-edits';

/** One person's work on an app's policy, on top of what is saved. What nobody has edited follows what others save. */
export function usePolicyEditor(id: string, editor: PolicyEditor, mayWrite: boolean) {
  const saved = startOf(editor);
  const [editing, act] = useReducer(
    editingReducer,
    undefined,
    (): Editing => (mayWrite ? keptEdits(id) : undefined) ?? beginEditing(saved),
  );
  const dirty = isDirty(editing);
  const upToDate = isUpToDate(editing, saved);
  if (!dirty && !upToDate) act({ kind: 'begin', start: saved });
  useEffect(() => keepEdits(id, dirty ? editing : null), [id, dirty, editing]);
  return { editing, act, saved, isDirty: dirty, isOvertaken: dirty && !upToDate };
}
