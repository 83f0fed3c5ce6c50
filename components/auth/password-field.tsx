'use client';

import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, useState } from 'react';
import { cx } from '@/components/ui/cx';
import { Field, type FieldProps } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

export interface PasswordFieldProps extends Omit<ComponentProps<typeof Input>, 'type' | 'children'> {
  label: string;
  error?: string | undefined;
  hint?: FieldProps['hint'];
}

/** A password, hidden until its owner wants to see it. */
export function PasswordField({ label, error, hint, className, ...input }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <Field label={label} error={error} {...(hint === undefined ? {} : { hint })}>
      {(control) => (
        <span className="relative block">
          <Input
            {...input}
            {...control}
            type={shown ? 'text' : 'password'}
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            className={cx('pr-10', className)}
          />
          <button
            type="button"
            aria-label={shown ? 'Hide the password' : 'Show the password'}
            aria-pressed={shown}
            aria-controls={control.id}
            onClick={() => setShown(!shown)}
            className="absolute inset-y-0 right-0 inline-flex w-9 items-center justify-center rounded-control text-dim hover:text-ink"
          >
            <Icon aria-hidden size={15} />
          </button>
        </span>
      )}
    </Field>
  );
}
