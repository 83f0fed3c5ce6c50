'use client';

import { Field, type FieldProps } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';

export interface LinesFieldProps extends Omit<FieldProps, 'children'> {
  value: string;
  onChange: (value: string) => void;
  /** Called when the field is left, with what stands in it. */
  onLeave?: (value: string) => void;
  placeholder?: string;
}

/** A list of identifiers, one a line. */
export function LinesField({ value, onChange, onLeave, placeholder, ...field }: LinesFieldProps) {
  return (
    <Field {...field}>
      {(control) => (
        <Textarea
          {...control}
          rows={1}
          placeholder={placeholder}
          autoCapitalize="none"
          spellCheck={false}
          className="min-h-8 font-mono text-sm"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onBlur={(event) => onLeave?.(event.target.value)}
        />
      )}
    </Field>
  );
}
