'use client';

import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import type { PolicyEditor } from '@/lib/contracts';
import { useApproveDraft, useInheritBaseline } from './editor-queries';

export interface EditorNoticesProps {
  appId: string;
  editor: PolicyEditor;
  mayWrite: boolean;
  isDirty: boolean;
  /** Whether somebody saved, published or discarded meanwhile what these edits began from. */
  isOvertaken: boolean;
  /** Version that the draft is to be published on top of. */
  basedOn: number;
  onCompare: () => void;
  onBase: () => void;
}

/** What whoever edits must know first. */
export function EditorNotices(props: EditorNoticesProps) {
  const { appId, editor, mayWrite, isDirty, isOvertaken, basedOn, onCompare, onBase } = props;
  const { draft, inForce, settings } = editor;
  return (
    <>
      {mayWrite ? null : (
        <Notice tone="unknown" lead="read only">
          Policies are edited and published by administrators. You see the draft, what it changes and whom it
          would meet.
        </Notice>
      )}
      {isOvertaken ? (
        <Notice
          tone="flagged"
          lead="changed meanwhile"
          actions={
            <Button size="sm" onClick={onCompare}>
              Compare and merge
            </Button>
          }
        >
          {draft === null
            ? 'The draft that you edit was published or discarded meanwhile.'
            : `${draft.updatedBy} saved revision ${draft.revision} while you were editing.`}{' '}
          Nothing of yours is lost.
        </Notice>
      ) : null}
      {basedOn === inForce.version || isOvertaken ? null : (
        <Notice
          tone="flagged"
          lead="out of date"
          actions={
            mayWrite ? (
              <Button size="sm" onClick={onBase}>
                Put it on top of version {inForce.version}
              </Button>
            ) : undefined
          }
        >
          The draft began from version {basedOn}; version {inForce.version} is in force now. Read the changes
          against it before you publish on top of it.
        </Notice>
      )}
      {draft !== null && settings.needsApproval ? (
        <ApprovalNotice appId={appId} editor={editor} mayApprove={mayWrite && !isDirty} />
      ) : null}
      <InheritanceNotice {...props} />
    </>
  );
}

function ApprovalNotice({
  appId,
  editor: { draft },
  mayApprove,
}: {
  appId: string;
  editor: PolicyEditor;
  mayApprove: boolean;
}) {
  const approve = useApproveDraft(appId);
  if (draft === null) return null;
  if (draft.approvedBy !== null) {
    return (
      <Notice tone="trusted" lead="approved">
        {draft.approvedBy} approved revision {draft.revision}. It can be published; an edit needs another
        approval.
      </Notice>
    );
  }
  return (
    <Notice
      tone="unknown"
      lead="approval needed"
      actions={
        mayApprove ? (
          <Button
            size="sm"
            pending={approve.isPending ? 'Approving…' : undefined}
            onClick={() => approve.mutate({ id: appId, revision: draft.revision })}
          >
            Approve revision {draft.revision}
          </Button>
        ) : undefined
      }
    >
      Somebody other than {draft.updatedBy} has to approve revision {draft.revision} before it is published.
      {approve.error === null ? null : (
        <span role="alert" className="block text-rejected-text">
          {toApiError(approve.error).message}
        </span>
      )}
    </Notice>
  );
}

function InheritanceNotice({ appId, editor, mayWrite, isDirty }: EditorNoticesProps) {
  const inherit = useInheritBaseline(appId);
  const { draft, inheritance } = editor;
  if (inheritance === null) return null;
  const { baseline, inheritedVersion } = inheritance;
  if (inheritedVersion === baseline.version) return null;
  return (
    <Notice
      tone="unknown"
      lead="baseline"
      actions={
        mayWrite && draft !== null ? (
          <Button
            size="sm"
            disabled={isDirty}
            data-tooltip={isDirty ? 'Save first' : undefined}
            pending={inherit.isPending ? 'Bringing up…' : undefined}
            onClick={() => inherit.mutate({ id: appId, revision: draft.revision })}
          >
            Bring the draft up to it
          </Button>
        ) : undefined
      }
    >
      {inheritedVersion === null
        ? `This app inherits nothing of the organisation’s baseline yet, whose version is ${baseline.version}.`
        : `Version ${baseline.version} of the organisation’s baseline is newer than the one that this inherits, version ${inheritedVersion}.`}
      {draft === null ? ' Save a draft to bring it up.' : null}
      {inherit.error === null ? null : (
        <span role="alert" className="block text-rejected-text">
          {toApiError(inherit.error).message}
        </span>
      )}
    </Notice>
  );
}
