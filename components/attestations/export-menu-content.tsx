'use client';

import type { ReactElement } from 'react';
import { Menu, MenuItem, MenuLabel } from '@/components/ui/dropdown-menu';
import type { ExportFormat } from './attestation-queries';

export interface ExportMenuContentProps {
  trigger: ReactElement;
  onSelect: (format: ExportFormat) => void;
}

/** In which form rows are saved. */
export default function ExportMenuContent({ trigger, onSelect }: ExportMenuContentProps) {
  return (
    <Menu trigger={trigger} align="end" defaultOpen>
      <MenuLabel>All rows of this filter</MenuLabel>
      <MenuItem onSelect={() => onSelect('csv')}>
        <span className="flex-1">CSV</span>
        <span className="text-sm text-faint">for spreadsheets</span>
      </MenuItem>
      <MenuItem onSelect={() => onSelect('ndjson')}>
        <span className="flex-1">NDJSON</span>
        <span className="text-sm text-faint">one JSON object a line</span>
      </MenuItem>
    </Menu>
  );
}
