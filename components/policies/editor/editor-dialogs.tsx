'use client';

import { deferred } from '@/components/ui/deferred';
import type { PolicyEditor } from '@/lib/contracts';
import type { PolicyTemplates } from './start-from-dialog';
import type { EditorSession } from './use-editor-session';

const StartFromDialog = deferred(() => import('./start-from-dialog'));
const DiscardDialog = deferred(() => import('./discard-dialog'));
const MergeDialog = deferred(() => import('./merge-dialog'));

export interface EditorDialogsProps {
  appId: string;
  editor: PolicyEditor;
  session: EditorSession;
  templates: PolicyTemplates;
}

/** Whichever dialog of the editor is open; the one for publishing belongs to the replay, whose figures it shows. */
export function EditorDialogs({ appId, editor, session, templates }: EditorDialogsProps) {
  const { dialog, setDialog, act, saved, policy, isDirty } = session;
  const { draft, inForce } = editor;
  const close = () => setDialog(null);
  switch (dialog) {
    case 'start':
      return (
        <StartFromDialog
          {...{ appId, templates }}
          baseline={editor.inheritance?.baseline ?? null}
          onClose={close}
          onTake={(next) => {
            act({ kind: 'replace', policy: next });
            close();
          }}
        />
      );
    case 'discard':
      return (
        <DiscardDialog
          {...{ appId, draft, isDirty }}
          changes={session.checked.check?.changes.length ?? 0}
          onClose={close}
          onRevert={() => {
            act({ kind: 'begin', start: saved });
            close();
          }}
          onDiscarded={() => {
            act({ kind: 'begin', start: { revision: 0, basedOn: inForce.version, policy: inForce.policy } });
            close();
          }}
        />
      );
    case 'merge':
      return (
        <MergeDialog
          {...{ appId, draft, saved }}
          base={session.editing.start.policy}
          mine={policy}
          onClose={close}
          onMerged={(merged) => {
            session.forgetSave();
            act({ kind: 'rebase', start: saved, policy: merged });
            close();
          }}
        />
      );
    default:
      return null;
  }
}
