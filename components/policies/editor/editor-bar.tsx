'use client';

import { Redo2, Undo2 } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Time } from '@/components/ui/time';
import type { PolicyDraft } from '@/lib/contracts';
import type { EditorSession } from './use-editor-session';

export interface EditorBarProps {
  session: EditorSession;
  draft: PolicyDraft | null;
  inForce: number;
  onExport: () => void;
}

/** What state the work is in, and what can be done with it. It stays in sight where there is room. */
export function EditorBar({ session, draft, inForce, onExport }: EditorBarProps) {
  const { isDirty, isValid, isChanged, isSaving, undo, redo, setDialog, saveDraft } = session;
  return (
    <section
      aria-label="Draft"
      className="sticky top-13 z-20 -mx-1 flex flex-wrap items-center gap-2 border-b bg-background px-1 py-2 max-sm:static"
    >
      <p role="status" className="min-w-0 flex-1 basis-56">
        <DraftState {...{ draft, inForce, isDirty }} />{' '}
        <a href="#replay" className="text-accent-text underline-offset-2 hover:underline xl:hidden">
          Whom it meets
        </a>
      </p>
      <Button
        size="icon"
        variant="ghost"
        aria-label="Undo"
        data-tooltip="Undo (Ctrl Z)"
        disabled={undo === null}
        onClick={() => undo?.()}
      >
        <Undo2 aria-hidden size={15} />
      </Button>
      <Button
        size="icon"
        variant="ghost"
        aria-label="Redo"
        data-tooltip="Redo (Ctrl Shift Z)"
        disabled={redo === null}
        onClick={() => redo?.()}
      >
        <Redo2 aria-hidden size={15} />
      </Button>
      <Button onClick={() => setDialog('start')}>Start from…</Button>
      <Button onClick={onExport}>Export</Button>
      {draft === null && !isDirty ? null : (
        <Button variant="ghost" disabled={isSaving} onClick={() => setDialog('discard')}>
          Discard…
        </Button>
      )}
      <Button
        disabled={!isDirty || !isValid}
        data-tooltip={isValid ? undefined : 'It does not validate'}
        pending={isSaving ? 'Saving…' : undefined}
        onClick={() => saveDraft()}
      >
        Save draft
      </Button>
      <Button
        variant="primary"
        disabled={isSaving || !isValid || !isChanged}
        data-tooltip={isChanged ? undefined : 'It says the same as the version in force'}
        onClick={session.publish}
      >
        Publish…
      </Button>
    </section>
  );
}

interface DraftStateProps {
  draft: PolicyDraft | null;
  inForce: number;
  isDirty: boolean;
}

function DraftState({ draft, inForce, isDirty }: DraftStateProps) {
  return (
    <>
      {isDirty ? <span className="mr-2 font-medium text-flagged-text">Unsaved changes.</span> : null}
      <span className="text-dim">
        {draft === null ? (
          `There is no saved draft; this began from version ${inForce}, in force.`
        ) : (
          <>
            Draft revision {draft.revision}, saved by {draft.updatedBy} <Time at={draft.updatedAt} />
            {draft.approvedBy === null ? '.' : `, approved by ${draft.approvedBy}.`}
          </>
        )}
      </span>
    </>
  );
}
