'use client';

import { useState } from 'react';
import { problemBeside, toApiError } from '@/components/query/api-error';
import { CheckList } from '@/components/ui/check-list';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { Input } from '@/components/ui/input';
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
  const [name, setName] = useState('');
  const [id, setId] = useState<string | null>(null);
  const [mode, setMode] = useState<ApiSnapshot['mode']>('observe');
  const [others, setOthers] = useState<readonly string[]>([]);
  const register = useRegisterApi();
  const error = register.error === null ? undefined : toApiError(register.error);
  const problems = error?.fields ?? {};
  const submit = () =>
    register.mutate(
      { id: id ?? suggestId(name), name: name.trim(), appIds: [app.id, ...others], mode },
      { onSuccess: onRegistered },
    );
  return (
    <FormDialog
      title="Register an API"
      description={`Its gateway asks Countersign whether a request comes from ${app.name}.`}
      act="Register the API"
      actPending="Registering…"
      pending={register.isPending}
      problem={problemBeside(error, ['name', 'id'])}
      onClose={onClose}
      onSubmit={submit}
    >
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
      {otherApps.length === 0 ? null : (
        <CheckList
          legend="Accept the tokens of other apps too"
          choices={otherApps}
          chosen={others}
          onChange={setOthers}
        />
      )}
    </FormDialog>
  );
}
