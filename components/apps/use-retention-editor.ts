'use client';

import { useState } from 'react';
import { type ApiError, toApiError } from '@/components/query/api-error';
import { notify } from '@/components/ui/toast-queue';
import type { AppView, RetentionDays, RetentionEffect } from '@/lib/contracts';
import { usePreviewRetention, useSetRetention } from './app-queries';
import type { FieldProblems } from './field-errors';
import { type RetentionDraft, readDraft } from './retention-draft';

const NO_PROBLEMS: FieldProblems = {};

type Change = RetentionDays & { basedOn: number };

/** How far the saving of a draft is, and what can be done about it. */
export interface RetentionEditor {
  problems: FieldProblems;
  error: ApiError | undefined;
  /** Whether what would be deleted is being found out. */
  isLooking: boolean;
  isSaving: boolean;
  /** What would be deleted, while somebody is asked about it. */
  asked: { effect: RetentionEffect; change: Change } | null;
  submit: (draft: RetentionDraft) => void;
  confirm: (reason: string) => void;
  close: () => void;
  /** Forgets what was wrong, because something else is typed. */
  forget: () => void;
}

/**
 * Saves a draft in two steps: what it would delete is found out first, and asked about where something is kept for less
 * long. `onSaved` is called when the server has it.
 */
export function useRetentionEditor(app: AppView, onSaved: () => void): RetentionEditor {
  const [unread, setUnread] = useState<FieldProblems>(NO_PROBLEMS);
  const [asked, setAsked] = useState<RetentionEditor['asked']>(null);
  const preview = usePreviewRetention(app.id);
  const save = useSetRetention(app.id);
  const failure = save.error ?? preview.error;
  const error = failure === null ? undefined : toApiError(failure);
  const forget = () => {
    setUnread(NO_PROBLEMS);
    preview.reset();
    save.reset();
  };
  const put = (change: Change, reason: string | null) => {
    save.mutate(
      { ...change, reason },
      {
        onSuccess: () => {
          setAsked(null);
          onSaved();
          notify({
            tone: 'done',
            title: `Retention of ${app.name} was saved`,
            description:
              reason === null
                ? 'What was deleted before does not come back.'
                : 'What is older is deleted within the hour.',
          });
        },
      },
    );
  };
  return {
    problems: unread === NO_PROBLEMS ? (error?.fields ?? NO_PROBLEMS) : unread,
    error,
    isLooking: preview.isPending,
    isSaving: save.isPending,
    asked,
    submit: (draft) => {
      if (preview.isPending || save.isPending) return;
      forget();
      const read = readDraft(draft);
      if ('problems' in read) {
        setUnread(read.problems);
        return;
      }
      const change = { ...read.days, basedOn: draft.base.revision };
      preview.mutate(change, {
        onSuccess: (effect) => {
          if (effect.lowered.length === 0) put(change, null);
          else setAsked({ effect, change });
        },
      });
    },
    confirm: (reason) => {
      if (asked !== null) put(asked.change, reason);
    },
    close: () => {
      if (!save.isPending) setAsked(null);
    },
    forget,
  };
}
