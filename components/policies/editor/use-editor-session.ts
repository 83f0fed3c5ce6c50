import { useState } from 'react';
import { type ApiError, toApiError } from '@/components/query/api-error';
import { notify } from '@/components/ui/toast-queue';
import type { PolicyEditor } from '@/lib/contracts';
import type { EditContext } from './edit-context';
import { useSaveDraft } from './editor-queries';
import { isSamePolicy } from './policy-parts';
import { useCheck } from './use-check';
import { useEditorKeys } from './use-editor-keys';
import { usePolicyEditor } from './use-policy-editor';

export type EditorDialog = 'start' | 'discard' | 'merge' | 'publish';

/** One person's session with an app's policy: what is edited, what the server says of it, and saving it. */
export function useEditorSession(appId: string, editor: PolicyEditor, mayWrite: boolean) {
  const work = usePolicyEditor(appId, editor, mayWrite);
  const { editing, act, isDirty, isOvertaken } = work;
  const policy = editing.history.present;
  const checked = useCheck(appId, policy);
  const save = useSaveDraft(appId, ({ revision }, sent) => {
    act({ kind: 'saved', start: { revision, basedOn: sent.basedOn, policy: sent.policy } });
    notify({ tone: 'done', title: `Draft revision ${revision} is saved` });
  });
  const [dialog, setDialog] = useState<EditorDialog | null>(null);
  const saveError = save.error === null ? null : toApiError(save.error);
  // What was wrong with what was sent says nothing of what was edited since.
  const isRefused = saveError !== null && save.variables?.policy === policy;
  const problems =
    Object.keys(checked.problems).length > 0 || !isRefused ? checked.problems : saveError.fields;
  const isValid = Object.keys(checked.problems).length === 0;
  const { past, future } = editing.history;
  const undo = mayWrite && past.length > 0 ? () => act({ kind: 'undo' }) : null;
  const redo = mayWrite && future.length > 0 ? () => act({ kind: 'redo' }) : null;

  const saveDraft = (then?: () => void) => {
    if (isOvertaken) return setDialog('merge');
    const { basedOn, start } = editing;
    save.mutate(
      { id: appId, revision: start.revision, basedOn, policy },
      {
        onSuccess: () => then?.(),
        onError: (error) => {
          if (isConflict(toApiError(error))) setDialog('merge');
        },
      },
    );
  };
  useEditorKeys({ undo, redo, save: mayWrite && isDirty && isValid ? () => saveDraft() : null });

  const context: EditContext = {
    ...{ policy, inForce: editor.inForce.policy, baseline: editor.inheritance?.baseline.policy ?? null },
    ...{ problems, isReadOnly: !mayWrite },
    set: (path, value, typing = false) => act({ kind: 'set', path, value, typing }),
    settle: () => act({ kind: 'settle' }),
  };
  return {
    ...{ ...work, policy, checked, problems, isValid, undo, redo, context, dialog, setDialog, saveDraft },
    isSaving: save.isPending,
    /** Why it was not saved, unless that is for the merge dialog to settle, or was edited away. */
    saveError: isRefused && !isConflict(saveError) ? saveError : null,
    isChanged: !isSamePolicy(policy, editor.inForce.policy),
    forgetSave: () => save.reset(),
    publish: () => {
      if (isOvertaken || isDirty || editor.draft === null) saveDraft(() => setDialog('publish'));
      else setDialog('publish');
    },
  };
}
export type EditorSession = ReturnType<typeof useEditorSession>;

/** Somebody else saved, published or discarded the draft first. */
function isConflict({ code }: ApiError): boolean {
  return code === 'edit_conflict' || code === 'policy_draft_not_found';
}
