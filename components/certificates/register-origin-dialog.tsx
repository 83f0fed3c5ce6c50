'use client';

import { useId, useState } from 'react';
import { problemBeside, toApiError } from '@/components/query/api-error';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { Checkbox, Input, Select } from '@/components/ui/input';
import type { PinAct } from '@/lib/contracts';
import { useRegisterOrigin } from './certificate-queries';

export interface RegisterOriginDialogProps {
  apps: readonly { id: string; name: string }[];
  onClose: () => void;
  onRegistered: (act: PinAct) => void;
}

/** Asks which server of which app is to be watched. */
export default function RegisterOriginDialog({ apps, onClose, onRegistered }: RegisterOriginDialogProps) {
  const checkboxId = useId();
  const [appId, setAppId] = useState(apps[0]?.id ?? '');
  const [host, setHost] = useState('');
  const [port, setPort] = useState('443');
  const [serverName, setServerName] = useState('');
  const [includeSubdomains, setIncludeSubdomains] = useState(false);
  const register = useRegisterOrigin();
  const error = register.error === null ? undefined : toApiError(register.error);
  const problem = (path: string) =>
    error?.fields[path] === undefined ? undefined : `It ${error.fields[path]}.`;

  const submit = () =>
    register.mutate(
      {
        appId,
        host,
        port: Number(port),
        serverName: serverName === '' ? null : serverName,
        includeSubdomains,
      },
      { onSuccess: onRegistered },
    );

  return (
    <FormDialog
      title="Protect an origin"
      description="Its certificate is probed every hour. Devices are told of it; nothing is pinned until you publish pins."
      act="Protect origin"
      actPending="Protecting…"
      pending={register.isPending}
      problem={problemBeside(error, ['appId', 'host', 'port', 'serverName'])}
      onClose={onClose}
      onSubmit={submit}
    >
      <Field label="App" error={problem('appId')}>
        {(control) => (
          <Select {...control} value={appId} onChange={(event) => setAppId(event.target.value)}>
            {apps.map((app) => (
              <option key={app.id} value={app.id}>
                {app.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-[1fr_7rem]">
        <Field label="Host" hint="As the app calls it, without a scheme or a path." error={problem('host')}>
          {(control) => (
            <Input
              {...control}
              mono
              required
              maxLength={253}
              placeholder="api.example.com"
              spellCheck={false}
              value={host}
              onChange={(event) => setHost(event.target.value)}
            />
          )}
        </Field>
        <Field label="Port" error={problem('port')}>
          {(control) => (
            <Input
              {...control}
              mono
              inputMode="numeric"
              maxLength={5}
              value={port}
              onChange={(event) => setPort(event.target.value)}
            />
          )}
        </Field>
      </div>
      <Field
        label="Server name (SNI)"
        optional
        hint="Where the certificate to be probed is for another name than the host."
        error={problem('serverName')}
      >
        {(control) => (
          <Input
            {...control}
            mono
            maxLength={253}
            spellCheck={false}
            value={serverName}
            onChange={(event) => setServerName(event.target.value)}
          />
        )}
      </Field>
      <label htmlFor={checkboxId} className="flex items-center gap-2.5">
        <Checkbox
          id={checkboxId}
          checked={includeSubdomains}
          onChange={(event) => setIncludeSubdomains(event.target.checked)}
        />
        The pins hold for its subdomains too
      </label>
    </FormDialog>
  );
}
