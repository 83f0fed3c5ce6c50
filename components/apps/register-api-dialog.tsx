'use client';

import { type FormEvent, useId, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Checkbox, Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { ApiRegistered, ApiSnapshot, AppView } from '@/lib/contracts';
import { API_MODES } from './api-modes';
import { suggestId } from './app-draft';
import { useRegisterApi } from './app-queries';
import { ChoiceCards } from './choice-cards';
import { fieldError } from './field-errors';

const MODES = (['observe', 'enforce'] as const).map((value) => ({ value, ...API_MODES[value] }));

export interface RegisterApiDialogProps {
  app: AppView;
  otherApps: readonly { id: string; name: string }[];
  onClose: () => void;
  onRegistered: (api: ApiRegistered) => void;
}

/** Asks for what a gateway will protect. */
export default function RegisterApiDialog({ app, otherApps, onClose, onRegistered }: RegisterApiDialogProps) {
  const formId = useId();
  const [name, setName] = useState('');
  const [id, setId] = useState<string | null>(null);
  const [mode, setMode] = useState<ApiSnapshot['mode']>('observe');
  const [others, setOthers] = useState<readonly string[]>([]);
  const register = useRegisterApi();
  const error = register.error === null ? undefined : toApiError(register.error);
  const problems = error?.fields ?? {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    register.mutate(
      { id: id ?? suggestId(name), name: name.trim(), appIds: [app.id, ...others], mode },
      { onSuccess: onRegistered },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Register an API"
      description={`Its gateway asks Countersign whether a request comes from ${app.name}.`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            pending={register.isPending ? 'Registering…' : undefined}
          >
            Register the API
          </Button>
        </>
      }
    >
      <form id={formId} method="post" onSubmit={submit} className="grid gap-4">
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <Field label="Name" error={fieldError(problems, { path: 'name', subject: 'The name' })}>
            {(control) => (
              <Input
                {...control}
                required
                maxLength={80}
                placeholder="Payments API"
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field
            label="Id"
            hint="The gateway names it: authorize?api=…"
            error={fieldError(problems, { path: 'id', subject: 'The id' })}
          >
            {(control) => (
              <Input
                {...control}
                mono
                required
                maxLength={40}
                placeholder="payments-api"
                spellCheck={false}
                value={id ?? suggestId(name)}
                onChange={(event) => setId(event.target.value === '' ? null : event.target.value)}
              />
            )}
          </Field>
        </div>
        <ChoiceCards legend="Mode" choices={MODES} value={mode} onChange={setMode} />
        <OtherApps apps={otherApps} chosen={others} onChange={setOthers} />
        {error === undefined || Object.keys(problems).length > 0 ? null : (
          <Notice tone="rejected">{error.message}</Notice>
        )}
      </form>
    </Dialog>
  );
}

interface OtherAppsProps {
  apps: RegisterApiDialogProps['otherApps'];
  chosen: readonly string[];
  onChange: (ids: readonly string[]) => void;
}

function OtherApps({ apps, chosen, onChange }: OtherAppsProps) {
  const groupId = useId();
  if (apps.length === 0) return null;
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1 text-sm font-medium text-dim">Accept the tokens of other apps too</legend>
      {apps.map((app) => (
        <label key={app.id} htmlFor={`${groupId}-${app.id}`} className="flex items-center gap-2.5">
          <Checkbox
            id={`${groupId}-${app.id}`}
            checked={chosen.includes(app.id)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, app.id] : chosen.filter((one) => one !== app.id))
            }
          />
          {app.name} <code className="font-mono text-sm text-faint">{app.id}</code>
        </label>
      ))}
    </fieldset>
  );
}
