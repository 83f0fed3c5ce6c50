import { Field, type FieldProps } from './field';
import { Textarea } from './input';

export interface ReasonFieldProps extends Pick<FieldProps, 'hint' | 'error'> {
  value: string;
  onChange: (value: string) => void;
}

/** Why somebody does something: 3 to 500 characters, as every act demands them. */
export function ReasonField({ value, onChange, ...about }: ReasonFieldProps) {
  return (
    <Field label="Reason" {...about}>
      {(control) => (
        <Textarea
          {...control}
          rows={2}
          required
          minLength={3}
          maxLength={500}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
