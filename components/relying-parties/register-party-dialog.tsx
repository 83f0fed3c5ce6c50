'use client';

import { type FormEvent, useId, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { CopyableId } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input, Select } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { RelyingParties } from '@/lib/contracts';
import { useRegisterParty } from './party-queries';

export interface RegisterPartyDialogProps {
  apis: RelyingParties['apis'];
  onClose: () => void;
}

/** Registers a relying party, and shows its credential once. */
export default function RegisterPartyDialog({ apis, onClose }: RegisterPartyDialogProps) {
  const formId = useId();
  const [name, setName] = useState('');
  const [apiId, setApiId] = useState(apis[0]?.id ?? '');
  const register = useRegisterParty();
  const error = register.error === null ? undefined : toApiError(register.error);
  const made = register.data;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    register.mutate({ name: name.trim(), apiId });
  };
  if (made !== undefined) {
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title={`${made.name} is registered`}
        description="Give it this credential. It is shown only now: what is kept is a hash of it."
        footer={
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <CopyableId value={made.credential} label="Copy the credential" />
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Register a relying party"
      description="An API that verifies tokens in its own process. With a credential it says what it has applied, and is listed in proofs."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            disabled={apis.length === 0}
            pending={register.isPending ? 'Registering…' : undefined}
          >
            Make a credential
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        <Field label="Name" error={error?.fields.name}>
          {(control) => (
            <Input
              {...control}
              required
              minLength={2}
              maxLength={80}
              placeholder="Accounts API, eu-west"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label="Protected API" hint="Which it stands before." error={error?.fields.apiId}>
          {(control) => (
            <Select {...control} value={apiId} onChange={(event) => setApiId(event.target.value)}>
              {apis.map((api) => (
                <option key={api.id} value={api.id}>
                  {api.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {apis.length === 0 ? (
          <Notice tone="flagged">Register a protected API first, on an app’s page.</Notice>
        ) : null}
        {error === undefined || Object.keys(error.fields).length > 0 ? null : (
          <Notice tone="rejected">{error.message}</Notice>
        )}
      </form>
    </Dialog>
  );
}
