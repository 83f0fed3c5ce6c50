'use client';

import { useId } from 'react';
import { Checkbox } from '@/components/ui/input';

export interface LabelledCheckboxProps {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

/** A checkbox with its words beside it. */
export function LabelledCheckbox({ label, checked, onChange }: LabelledCheckboxProps) {
  const id = useId();
  return (
    <label htmlFor={id} className="flex min-h-6 items-center gap-2">
      <Checkbox id={id} checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}
