'use client';

import { useState } from 'react';
import { type ApiError, problemBeside, toApiError } from '@/components/query/api-error';
import { CheckList } from '@/components/ui/check-list';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { Input, Select } from '@/components/ui/input';
import type { ApiKeyAct, ApiKeyCreation, ApiKeyKind } from '@/lib/contracts';
import { complaint, HookFields } from './hook-fields';
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
  const [draft, setDraft] = useState<Draft>({
    ...{ appId: apps[0]?.id ?? '', name: '', kind: 'managed', apiIds: [] },
    ...{ value: '', hookUrl: '', hookSecret: '' },
  });
  const create = useCreateKey();
  const error = create.error === null ? undefined : toApiError(create.error);
  return (
    <FormDialog
      title="Add an API key"
      description="Devices are given it when they have attested, and at no other time."
      act="Add the key"
      actPending="Adding…"
      pending={create.isPending}
      problem={problemBeside(error, ['name', 'apiIds', 'value', 'hook.url', 'hook.secret'])}
      onClose={onClose}
      onSubmit={() => create.mutate(requestOf(draft), { onSuccess: onCreated })}
    >
      <KeyFields
        apps={apps}
        draft={draft}
        set={(change) => setDraft({ ...draft, ...change })}
        error={error}
      />
    </FormDialog>
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
        <CheckList
          legend="APIs that check it"
          choices={app?.apis ?? []}
          chosen={draft.apiIds}
          onChange={(apiIds) => set({ apiIds })}
          none="No API accepts this app’s tokens yet."
          hint="At first they only count who presents it. Require it once your app sends it."
          error={complaint(error, 'apiIds', 'The list of APIs:')}
        />
      ) : (
        <ExternalFields draft={draft} set={set} error={error} />
      )}
    </>
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
      <HookFields
        url={draft.hookUrl}
        secret={draft.hookSecret}
        onChange={({ url, secret }) => set({ hookUrl: url, hookSecret: secret })}
        secretHint="Signs what it is asked. At least 32 characters; it cannot be shown again."
        error={error}
      />
    </>
  );
}
