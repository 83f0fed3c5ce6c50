'use client';

import { type FormEvent, useEffect, useRef, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { notify } from '@/components/ui/toast-queue';
import type { AppView, IntegritySettings } from '@/lib/contracts';
import { useSetIntegrity } from './app-queries';
import { ChoiceCards } from './choice-cards';
import { type FieldProblems, fieldError, otherProblems } from './field-errors';
import { focusFirstInvalid } from './focus-first-invalid';
import { FormSection } from './form-section';
import { type IntegrityDraft, integrityChangeOf, integrityDraftOf } from './integrity-draft';
import { REQUEST_WORDS } from './integrity-words';

export interface IntegrityFormProps {
  app: AppView;
  settings: IntegritySettings;
  onSaved: (seq: number | null) => void;
}

const CHOICES = (['none', 'classic', 'standard'] as const).map((value) => ({
  value,
  ...REQUEST_WORDS[value],
}));
const NO_PROBLEMS: FieldProblems = {};
const SHOWN = ['keys.decryptionKey', 'keys.verificationKey', 'account', 'dailyQuota'];

/** Sets how verdicts are read. Secrets are entered and never shown again; fields that are left empty keep what is stored. */
export function IntegrityForm({ app, settings, onSaved }: IntegrityFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState<IntegrityDraft>(() => integrityDraftOf(settings));
  const save = useSetIntegrity(app.id, (saved) => {
    notify({ tone: 'done', title: `Play Integrity of ${app.name} was saved` });
    onSaved(saved.seq);
  });
  const error = save.error === null ? undefined : toApiError(save.error);
  const problems = error?.fields ?? NO_PROBLEMS;
  useEffect(() => {
    if (Object.keys(problems).length > 0) focusFirstInvalid(form.current);
  }, [problems]);
  const edit = (change: Partial<IntegrityDraft>) => setDraft({ ...draft, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(integrityChangeOf(draft, settings.revision));
  };
  return (
    <form ref={form} method="post" onSubmit={submit} noValidate className="grid gap-3">
      <FormSection
        title="Reading verdicts"
        description="Which labels are good enough is the policy’s decision, in its requirements. Secrets are sealed to the attestation service and shown to nobody."
      >
        <ChoiceCards
          legend="Requests that the app makes"
          choices={CHOICES}
          value={draft.request}
          onChange={(request) => edit({ request })}
          columns={3}
        />
        <SecretFields draft={draft} settings={settings} problems={problems} onEdit={edit} />
        <FormNotice error={error} />
        <div className="flex justify-end gap-2">
          <Button
            onClick={() => {
              save.reset();
              setDraft(integrityDraftOf(settings));
            }}
          >
            Discard changes
          </Button>
          <Button type="submit" variant="primary" pending={save.isPending ? 'Saving…' : undefined}>
            Save
          </Button>
        </div>
      </FormSection>
    </form>
  );
}

interface SecretFieldsProps {
  draft: IntegrityDraft;
  settings: IntegritySettings;
  problems: FieldProblems;
  onEdit: (change: Partial<IntegrityDraft>) => void;
}

function SecretFields({ draft, settings, problems, onEdit }: SecretFieldsProps) {
  const kept = (at: string | null) => (at === null ? '' : ' Left empty, the one that is stored stays.');
  if (draft.request === 'none') return null;
  if (draft.request === 'classic') {
    return (
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field
          label="Decryption key"
          hint={`From the Play Console, response encryption.${kept(settings.keysSetAt)}`}
          error={fieldError(problems, { path: 'keys.decryptionKey', subject: 'This' })}
        >
          {(control) => (
            <Input
              {...control}
              mono
              type="password"
              autoComplete="new-password"
              data-1p-ignore
              spellCheck={false}
              value={draft.decryptionKey}
              onChange={(event) => onEdit({ decryptionKey: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Verification key"
          hint={`The other key of the same page.${kept(settings.keysSetAt)}`}
          error={fieldError(problems, { path: 'keys.verificationKey', subject: 'This' })}
        >
          {(control) => (
            <Input
              {...control}
              mono
              autoComplete="off"
              spellCheck={false}
              value={draft.verificationKey}
              onChange={(event) => onEdit({ verificationKey: event.target.value })}
            />
          )}
        </Field>
      </div>
    );
  }
  return (
    <>
      <Field
        label="Service account key"
        hint={`The JSON file from Google Cloud.${kept(settings.accountSetAt)}`}
        error={fieldError(problems, { path: 'account', subject: 'This' })}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={4}
            autoComplete="off"
            data-1p-ignore
            spellCheck={false}
            className="font-mono text-sm"
            value={draft.account}
            onChange={(event) => onEdit({ account: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Verdicts per day"
        hint="Google decodes 10,000 per day unless more was agreed. What exceeds it is not asked for."
        error={fieldError(problems, { path: 'dailyQuota', subject: 'This' })}
      >
        {(control) => (
          <Input
            {...control}
            type="number"
            inputMode="numeric"
            min={1}
            className="max-w-40"
            value={draft.dailyQuota}
            onChange={(event) => onEdit({ dailyQuota: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

function FormNotice({ error }: { error: ReturnType<typeof toApiError> | undefined }) {
  if (error === undefined) return null;
  const others = otherProblems(error.fields, SHOWN);
  if (others.length === 0 && Object.keys(error.fields).length > 0) return null;
  return (
    <Notice tone="rejected" lead="Nothing was saved.">
      {others.length === 0 ? error.message : others.join(' ')}
    </Notice>
  );
}
