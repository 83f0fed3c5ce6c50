'use client';

import type { ApiError } from '@/components/query/api-error';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { SecretField } from './secret-field';

/** What is wrong with a field, in a sentence about `subject`. */
export function complaint(error: ApiError | undefined, path: string, subject: string): string | undefined {
  const message = error?.fields[path];
  return message === undefined ? undefined : `${subject} ${message}.`;
}

export interface HookFieldsProps {
  url: string;
  secret: string;
  onChange: (hook: { url: string; secret: string }) => void;
  secretHint: string;
  /** Whether the hook has a secret that stays where none is entered. */
  keepsSecret?: boolean;
  error: ApiError | undefined;
}

/** Where a third party's new values come from: an address, and the secret that signs what it is asked. */
export function HookFields({
  url,
  secret,
  onChange,
  secretHint,
  keepsSecret = false,
  error,
}: HookFieldsProps) {
  return (
    <>
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
            value={url}
            onChange={(event) => onChange({ url: event.target.value, secret })}
          />
        )}
      </Field>
      {url === '' ? null : (
        <SecretField
          label={keepsSecret ? 'New secret of the hook' : 'Secret of the hook'}
          hint={secretHint}
          optional={keepsSecret}
          value={secret}
          onChange={(next) => onChange({ url, secret: next })}
          error={complaint(error, 'hook.secret', 'The secret')}
        />
      )}
    </>
  );
}
