import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

export interface IncidentFieldProps {
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
}

/** The incident that something is decided in, by the number of its ticket or case: may be left out. */
export function IncidentField({ value, onChange, error }: IncidentFieldProps) {
  return (
    <Field
      label="Incident"
      optional
      hint="The number of its ticket or case; the list can be narrowed to it."
      error={error}
    >
      {(control) => (
        <Input
          {...control}
          mono
          maxLength={64}
          placeholder="INC-2041"
          spellCheck={false}
          autoComplete="off"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
