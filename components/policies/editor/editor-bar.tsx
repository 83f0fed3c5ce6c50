'use client';

import { Redo2, Undo2 } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Time } from '@/components/ui/time';
import type { PolicyDraft } from '@/lib/contracts';

export interface EditorBarProps {
  draft: PolicyDraft | null;
  inForce: number;
  isDirty: boolean;
  isValid: boolean;
  /** Whether a draft says something other than the version in force. */
  isChanged: boolean;
  saving: boolean;
  undo: (() => void) | null;
  redo: (() => void) | null;
  onSave: () => void;
  onDiscard: () => void;
  onStartFrom: () => void;
  onExport: () => void;
  onPublish: () => void;
}

/** What state the work is in, and what can be done with it. It stays in sight. */
export function EditorBar(props: EditorBarProps) {
  const { draft, isDirty, isValid, isChanged, saving, undo, redo } = props;
  const isBusy = saving;
  return (
    <section
      aria-label="Draft"
      className="sticky top-0 z-20 -mx-1 flex flex-wrap items-center gap-2 border-b bg-background px-1 py-2"
    >
      <p role="status" className="min-w-0 flex-1 basis-56">
        <DraftState {...props} />
      </p>
      <Button
        size="icon"
        variant="ghost"
        aria-label="Undo"
        data-tooltip="Undo (Ctrl Z)"
        disabled={undo === null}
        onClick={undo ?? undefined}
      >
        <Undo2 aria-hidden size={15} />
      </Button>
      <Button
        size="icon"
        variant="ghost"
        aria-label="Redo"
        data-tooltip="Redo (Ctrl Shift Z)"
        disabled={redo === null}
        onClick={redo ?? undefined}
      >
        <Redo2 aria-hidden size={15} />
      </Button>
      <Button onClick={props.onStartFrom}>Start from…</Button>
      <Button onClick={props.onExport}>Export</Button>
      {draft === null && !isDirty ? null : (
        <Button variant="ghost" disabled={isBusy} onClick={props.onDiscard}>
          Discard…
        </Button>
      )}
      <Button
        disabled={!isDirty || !isValid}
        data-tooltip={isValid ? undefined : 'It does not validate'}
        pending={saving ? 'Saving…' : undefined}
        onClick={props.onSave}
      >
        Save draft
      </Button>
      <Button
        variant="primary"
        disabled={isBusy || !isValid || !isChanged}
        data-tooltip={isChanged ? undefined : 'It says the same as the version in force'}
        onClick={props.onPublish}
      >
        Publish…
      </Button>
    </section>
  );
}

function DraftState({ draft, inForce, isDirty }: EditorBarProps) {
  const unsaved = isDirty ? (
    <span className="mr-2 font-medium text-flagged-text">Unsaved changes.</span>
  ) : null;
  if (draft === null) {
    return (
      <>
        {unsaved}
        <span className="text-dim">
          There is no saved draft; this began from version {inForce}, in force.
        </span>
      </>
    );
  }
  return (
    <>
      {unsaved}
      <span className="text-dim">
        Draft revision {draft.revision}, saved by {draft.updatedBy} <Time at={draft.updatedAt} />
        {draft.approvedBy === null ? '.' : `, approved by ${draft.approvedBy}.`}
      </span>
    </>
  );
}
