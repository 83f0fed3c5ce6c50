'use client';

import { useState } from 'react';
import { problemBeside, toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { CheckList } from '@/components/ui/check-list';
import { FormDialog } from '@/components/ui/form-dialog';
import { Notice } from '@/components/ui/notice';
import { ReasonField } from '@/components/ui/reason-field';
import type { ApiKeyView } from '@/lib/contracts';
import type { ActDialogProps } from './act-dialog';
import { draftOf, type EditDraft, editOf, isChanged, movedApis } from './edit-draft';
import { complaint, HookFields } from './hook-fields';
import { useEditKey } from './key-queries';

export interface EditDialogProps extends ActDialogProps {
  /** The APIs that accept the app's tokens. */
  apis: readonly { id: string; name: string }[];
}

/**
 * Edits which APIs check a key, or where its new values come from. Where somebody else was quicker, both are shown, and
 * the person decides which one it is to be.
 */
export default function EditDialog({ apiKey, apis, onClose, onDone }: EditDialogProps) {
  const [base, setBase] = useState<ApiKeyView>(apiKey);
  const [draft, setDraft] = useState<EditDraft>(() => draftOf(apiKey));
  const [reason, setReason] = useState('');
  const edit = useEditKey(apiKey.id);
  const error = edit.error === null ? undefined : toApiError(edit.error);
  const isManaged = apiKey.kind === 'managed';
  const isOutrun = apiKey.revision !== base.revision;
  const goOnWith = (next: EditDraft) => {
    setBase(apiKey);
    setDraft(next);
    edit.reset();
  };
  return (
    <FormDialog
      title={`Edit ${apiKey.name}`}
      description={
        isManaged
          ? 'Which APIs check it. Its versions, and the devices that hold them, stay as they are.'
          : 'Where its new values come from. Its versions, and the devices that hold them, stay as they are.'
      }
      act="Save"
      actPending="Saving…"
      disabled={isOutrun || !isChanged(base, draft)}
      pending={edit.isPending}
      problem={isOutrun ? undefined : problemBeside(error, ['apiIds', 'hook.url', 'hook.secret', 'reason'])}
      onClose={onClose}
      onSubmit={() => edit.mutate(editOf(base, draft, reason), { onSuccess: ({ seq }) => onDone(seq) })}
    >
      {isOutrun ? (
        <Outrun
          theirs={textOf(apiKey.kind, draftOf(apiKey))}
          mine={textOf(apiKey.kind, draft)}
          onTheirs={() => goOnWith(draftOf(apiKey))}
          onMine={() => goOnWith(draft)}
        />
      ) : null}
      {isManaged ? (
        <>
          <CheckList
            legend="APIs that check it"
            choices={apis}
            chosen={draft.apiIds}
            onChange={(apiIds) => setDraft({ ...draft, apiIds })}
            none="No API accepts this app’s tokens yet."
            error={complaint(error, 'apiIds', 'The list of APIs:')}
          />
          <Consequence apiKey={base} draft={draft} />
        </>
      ) : (
        <HookFields
          url={draft.hookUrl}
          secret={draft.hookSecret}
          onChange={({ url, secret }) => setDraft({ ...draft, hookUrl: url, hookSecret: secret })}
          keepsSecret={base.hookUrl !== null && draft.hookUrl === base.hookUrl}
          secretHint={
            base.hookUrl !== null && draft.hookUrl === base.hookUrl
              ? 'Leave it empty to keep the present one.'
              : 'Signs what it is asked. At least 32 characters; a new address needs a new one.'
          }
          error={error}
        />
      )}
      <ReasonField
        hint="Kept in the audit log."
        error={complaint(error, 'reason', 'Please')}
        value={reason}
        onChange={setReason}
      />
    </FormDialog>
  );
}

/** What of a key is edited, in words. */
function textOf(kind: ApiKeyView['kind'], { apiIds, hookUrl }: EditDraft): string {
  if (kind === 'managed') return apiIds.length === 0 ? 'no API' : apiIds.toSorted().join(', ');
  return hookUrl === '' ? 'no hook' : hookUrl;
}

interface OutrunProps {
  theirs: string;
  mine: string;
  onTheirs: () => void;
  onMine: () => void;
}

function Outrun({ theirs, mine, onTheirs, onMine }: OutrunProps) {
  return (
    <div className="grid gap-3 rounded-card border border-flagged/35 p-3">
      <Notice tone="flagged" lead="edited meanwhile">
        Somebody else has saved this key since you opened it.
      </Notice>
      <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-3 gap-y-1.5">
        <dt className="text-dim">Saved now</dt>
        <dd className="break-all font-mono text-sm">{theirs}</dd>
        <dt className="text-dim">Yours</dt>
        <dd className="break-all font-mono text-sm">{mine}</dd>
      </dl>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onClick={onTheirs}>
          Take what is saved
        </Button>
        <Button size="sm" onClick={onMine}>
          Go on with mine
        </Button>
      </div>
    </div>
  );
}

/** What the APIs do differently from now on. */
function Consequence({ apiKey, draft }: { apiKey: ApiKeyView; draft: EditDraft }) {
  const { added, removed } = movedApis(apiKey, draft);
  if (added.length + removed.length === 0) return null;
  const begin = apiKey.isRequired ? 'refuses the app’s requests without it' : 'counts who presents it';
  return (
    <Notice tone={apiKey.isRequired && added.length > 0 ? 'flagged' : 'unknown'}>
      {added.length === 0 ? '' : `From now on ${added.join(', ')} ${begin}. `}
      {removed.length === 0 ? '' : `${removed.join(', ')} lets the app’s requests pass without it.`}
    </Notice>
  );
}
