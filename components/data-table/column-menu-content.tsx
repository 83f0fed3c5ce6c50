'use client';

import type { ReactElement } from 'react';
import { Menu, MenuCheckboxItem, MenuLabel } from '@/components/ui/dropdown-menu';

/** A column that can be left out. */
export interface ColumnChoice {
  id: string;
  label: string;
}

export interface ColumnMenuContentProps {
  trigger: ReactElement;
  columns: readonly ColumnChoice[];
  hidden: readonly string[];
  onChange: (hidden: string[]) => void;
}

/** Which columns are shown. */
export default function ColumnMenuContent({ trigger, columns, hidden, onChange }: ColumnMenuContentProps) {
  return (
    <Menu trigger={trigger} align="end" defaultOpen>
      <MenuLabel>Columns</MenuLabel>
      {columns.map(({ id, label }) => (
        <MenuCheckboxItem
          key={id}
          checked={!hidden.includes(id)}
          onCheckedChange={(shown) =>
            onChange(shown === true ? hidden.filter((one) => one !== id) : [...hidden, id])
          }
        >
          {label}
        </MenuCheckboxItem>
      ))}
    </Menu>
  );
}
