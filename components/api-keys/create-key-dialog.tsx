'use client';

import { type FormEvent, useId, useState } from 'react';
import { type ApiError, toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Checkbox, Input, Select } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { ApiKeyAct, ApiKeyCreation, ApiKeyKind } from '@/lib/contracts';
import { useCreateKey } from './key-queries';
import { KIND_WORDS } from './key-words';
import { SecretField } from './secret-field';

/** An app that a key may be made for, with the APIs that accept its tokens. */
export interface KeyApp {
  id: string;
  name: string;
  apis: readonly { id: string; name: string }[];
}

export interface CreateKeyDialogProps {
  apps: readonly KeyApp[];
  onClose: () => void;
  onCreated: (act: ApiKeyAct) => void;
}

interface Draft {
  appId: string;
  name: string;
  kind: ApiKeyKind;
  apiIds: readonly string[];
  value: string;
  hookUrl: string;
  hookSecret: string;
}

/** Asks for a new key: whose it is, and whether it is made here or comes from a third party. */
export default function CreateKeyDialog({ apps, onClose, onCreated }: CreateKeyDialogProps) {
  const formId = useId();
  const [draft, setDraft] = useState<Draft>({
    ...{ appId: apps[0]?.id ?? '', name: '', kind: 'managed', apiIds: [] },
    ...{ value: '', hookUrl: '', hookSecret: '' },
  });
  const create = useCreateKey();
  const error = create.error === null ? undefined : toApiError(create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(requestOf(draft), { onSuccess: onCreated });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Add an API key"
      description="Devices are given it when they have attested, and at no other time."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            pending={create.isPending ? 'Adding…' : undefined}
          >
            Add the key
          </Button>
        </>
      }
    >
      <form id={formId} method="post" onSubmit={submit} className="grid gap-4">
        <KeyFields
          apps={apps}
          draft={draft}
          set={(change) => setDraft({ ...draft, ...change })}
          error={error}
        />
        {error === undefined || Object.keys(error.fields).length > 0 ? null : (
          <Notice tone="rejected">{error.message}</Notice>
        )}
      </form>
    </Dialog>
  );
}

function requestOf({ appId, name, kind, apiIds, value, hookUrl, hookSecret }: Draft): ApiKeyCreation {
  if (kind === 'managed') return { appId, name, kind, apiIds: [...apiIds] };
  const hook = hookUrl === '' ? {} : { hook: { url: hookUrl, secret: hookSecret } };
  return { appId, name, kind, apiIds: [], value, ...hook };
}

interface FieldsProps {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  error: ApiError | undefined;
}

function complaint(error: ApiError | undefined, path: string, subject: string): string | undefined {
  const message = error?.fields[path];
  return message === undefined ? undefined : `${subject} ${message}.`;
}

function KeyFields({ apps, draft, set, error }: FieldsProps & { apps: readonly KeyApp[] }) {
  const app = apps.find(({ id }) => id === draft.appId);
  return (
    <>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="App">
          {(control) => (
            <Select
              {...control}
              value={draft.appId}
              onChange={(event) => set({ appId: event.target.value, apiIds: [] })}
            >
              {apps.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field
          label="Id"
          hint="By which the app knows it. Small letters, digits and hyphens."
          error={complaint(error, 'name', 'The id')}
        >
          {(control) => (
            <Input
              {...control}
              mono
              required
              maxLength={40}
              placeholder="payments"
              spellCheck={false}
              value={draft.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Field label="Kind" hint={KIND_WORDS[draft.kind].meaning}>
        {(control) => (
          <Select
            {...control}
            value={draft.kind}
            onChange={(event) => set({ kind: event.target.value === 'external' ? 'external' : 'managed' })}
          >
            <option value="managed">{KIND_WORDS.managed.label}</option>
            <option value="external">{KIND_WORDS.external.label}</option>
          </Select>
        )}
      </Field>
      {draft.kind === 'managed' ? (
        <ApiChoice apis={app?.apis ?? []} draft={draft} set={set} error={error} />
      ) : (
        <ExternalFields draft={draft} set={set} error={error} />
      )}
    </>
  );
}

function ApiChoice({ apis, draft, set, error }: FieldsProps & { apis: KeyApp['apis'] }) {
  const groupId = useId();
  const problem = complaint(error, 'apiIds', 'The list of APIs:');
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1 text-sm font-medium text-dim">APIs that check it</legend>
      {apis.length === 0 ? <p className="text-dim">No API accepts this app’s tokens yet.</p> : null}
      {apis.map(({ id, name }) => (
        <label key={id} htmlFor={`${groupId}-${id}`} className="flex items-center gap-2.5">
          <Checkbox
            id={`${groupId}-${id}`}
            checked={draft.apiIds.includes(id)}
            onChange={(event) =>
              set({
                apiIds: event.target.checked
                  ? [...draft.apiIds, id]
                  : draft.apiIds.filter((one) => one !== id),
              })
            }
          />
          {name} <code className="font-mono text-sm text-faint">{id}</code>
        </label>
      ))}
      <p className="text-sm text-faint">
        At first they only count who presents it. Require it once your app sends it.
      </p>
      {problem === undefined ? null : (
        <p role="alert" className="text-sm text-rejected-text">
          {problem}
        </p>
      )}
    </fieldset>
  );
}

function ExternalFields({ draft, set, error }: FieldsProps) {
  return (
    <>
      <SecretField
        label="Value"
        hint="It is sealed at once and cannot be shown again."
        value={draft.value}
        onChange={(value) => set({ value })}
        error={complaint(error, 'value', 'The value')}
      />
      <Field
        label="Rotation hook"
        optional
        hint="An HTTPS address of yours that returns a new value when the key is rotated."
        error={complaint(error, 'hook.url', 'The address')}
      >
        {(control) => (
          <Input
            {...control}
            mono
            type="url"
            placeholder="https://keys.example.com/rotate"
            value={draft.hookUrl}
            onChange={(event) => set({ hookUrl: event.target.value })}
          />
        )}
      </Field>
      {draft.hookUrl === '' ? null : (
        <SecretField
          label="Secret of the hook"
          hint="Signs what it is asked. At least 32 characters; it cannot be shown again."
          value={draft.hookSecret}
          onChange={(hookSecret) => set({ hookSecret })}
          error={complaint(error, 'hook.secret', 'The secret')}
        />
      )}
    </>
  );
}
