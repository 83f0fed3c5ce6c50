'use client';

import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { ApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { deferred } from '@/components/ui/deferred';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { AppView, Retention, RetentionField } from '@/lib/contracts';
import { type FieldProblems, fieldError, otherProblems } from './field-errors';
import { focusFirstInvalid } from './focus-first-invalid';
import { FormSection } from './form-section';
import {
  draftOf,
  FIELDS,
  isChanged,
  isDefault,
  type RetentionDraft,
  rebased,
  withDefaults,
} from './retention-draft';
import { boundsText, RETENTION_WORDS } from './retention-words';
import { useRetentionEditor } from './use-retention-editor';

const RetentionDialog = deferred(() => import('./retention-dialog'));

export interface RetentionFormProps {
  app: AppView;
  retention: Retention;
}

/**
 * Edits for how long an app's telemetry is kept. What would be deleted is shown before it is; what somebody else saved
 * meanwhile is never overwritten unseen.
 */
export function RetentionForm({ app, retention }: RetentionFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [edited, setEdited] = useState<RetentionDraft | null>(null);
  const draft = edited ?? draftOf(retention);
  const editor = useRetentionEditor(app, () => setEdited(null));
  const { problems } = editor;
  const edit = (next: RetentionDraft) => {
    if (editor.isSaving) return;
    setEdited(isChanged(next) ? next : null);
    editor.forget();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (edited !== null) editor.submit(edited);
  };
  // Once the complaints are drawn, the cursor goes to the first.
  useEffect(() => {
    if (Object.keys(problems).length > 0) focusFirstInvalid(form.current);
  }, [problems]);
  return (
    <>
      <form ref={form} method="post" onSubmit={submit} noValidate className="grid max-w-5xl gap-3">
        <FormSection
          title="Retention"
          description="For how many whole days, in UTC, this app’s telemetry is kept. What is older is deleted within the hour; yesterday and today never are."
        >
          <RetentionFields
            draft={draft}
            problems={problems}
            onType={(field, text) => edit({ ...draft, texts: { ...draft.texts, [field]: text } })}
          />
        </FormSection>
        <RetentionNotice
          error={editor.error}
          isOutdated={edited !== null && !editor.isSaving && edited.base.revision !== retention.revision}
          onRebase={() => edit(rebased(draft, retention))}
        />
        <div className="flex flex-wrap justify-end gap-2">
          <Button variant="ghost" disabled={isDefault(draft)} onClick={() => edit(withDefaults(draft))}>
            Use the defaults
          </Button>
          <Button disabled={edited === null} onClick={() => edit(draftOf(retention))}>
            Discard changes
          </Button>
          <Button
            type="submit"
            variant="primary"
            disabled={edited === null}
            pending={editor.isSaving ? 'Saving…' : undefined}
          >
            {editor.isLooking ? 'Working out what goes…' : 'Save'}
          </Button>
        </div>
      </form>
      {editor.asked === null ? null : (
        <RetentionDialog
          appName={app.name}
          effect={editor.asked.effect}
          pending={editor.isSaving}
          error={editor.error}
          onClose={editor.close}
          onConfirm={editor.confirm}
        />
      )}
    </>
  );
}

interface RetentionFieldsProps {
  draft: RetentionDraft;
  problems: FieldProblems;
  onType: (field: RetentionField, text: string) => void;
}

function RetentionFields({ draft, problems, onType }: RetentionFieldsProps) {
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      {FIELDS.map((field) => {
        const { label, what } = RETENTION_WORDS[field];
        const about = draft.base.fields[field];
        return (
          <Field
            key={field}
            label={`${label} (days)`}
            hint={
              <>
                {boundsText(about)} {what}
              </>
            }
            error={fieldError(problems, { path: field, subject: 'This' })}
          >
            {(control) => (
              <Input
                {...control}
                type="number"
                inputMode="numeric"
                step={1}
                min={about.shortestDays}
                max={about.longestDays}
                required
                autoComplete="off"
                value={draft.texts[field]}
                onChange={(event) => onType(field, event.target.value)}
              />
            )}
          </Field>
        );
      })}
    </div>
  );
}

interface RetentionNoticeProps {
  error: ApiError | undefined;
  /** Whether somebody else changed the app since the draft was begun. */
  isOutdated: boolean;
  onRebase: () => void;
}

/** Why nothing was saved, where the fields themselves do not tell. */
function RetentionNotice({ error, isOutdated, onRebase }: RetentionNoticeProps) {
  if (isOutdated) {
    return (
      <Notice
        tone="flagged"
        lead="Changed meanwhile."
        actions={
          <Button size="sm" onClick={onRebase}>
            Go on from what is saved now
          </Button>
        }
      >
        Somebody else changed this app since you began. What you typed stays; the other fields are brought up
        to date.
      </Notice>
    );
  }
  if (error === undefined || FIELDS.some((field) => error.fields[field] !== undefined)) return null;
  const others = otherProblems(error.fields, FIELDS);
  return (
    <Notice tone="rejected" lead="Nothing was saved.">
      {others.length === 0 ? error.message : others.join(' ')}
      {error.requestId === undefined ? null : (
        <span className="ml-2 text-sm text-faint">
          Request <code className="font-mono">{error.requestId}</code>
        </span>
      )}
    </Notice>
  );
}
