'use client';

import type { ApiError } from '@/components/query/api-error';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

export interface PinReasonFieldProps {
  value: string;
  onChange: (reason: string) => void;
  error: ApiError | undefined;
}

/** Why pins change. */
export function PinReasonField({ value, onChange, error }: PinReasonFieldProps) {
  const problem = error?.fields.reason;
  return (
    <Field
      label="Reason"
      hint="Kept with the set and in the audit log."
      error={problem === undefined ? undefined : `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`}
    >
      {(control) => (
        <Input
          {...control}
          maxLength={500}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
