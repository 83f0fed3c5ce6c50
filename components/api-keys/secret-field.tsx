'use client';

import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

export interface SecretFieldProps {
  label: string;
  hint: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  optional?: boolean;
}

/** A secret that is entered and never shown: not by the browser, nor by its password manager. */
export function SecretField({ label, hint, value, onChange, error, optional = false }: SecretFieldProps) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional}>
      {(control) => (
        <Input
          {...control}
          mono
          type="password"
          autoComplete="new-password"
          data-1p-ignore
          spellCheck={false}
          required={!optional}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
