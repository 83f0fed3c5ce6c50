'use client';

import { Columns3, Download } from 'lucide-react';
import { lazy, type ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { DeferredOverlay } from '@/components/ui/deferred-overlay';
import type { ColumnChoice } from './column-menu-content';

const loadMenu = () => import('./column-menu-content');
const ColumnMenuContent = lazy(loadMenu);

export interface TableToolbarProps {
  /** Title and count, or what is selected and what can be done with it. */
  children: ReactNode;
  columns?: {
    choices: readonly ColumnChoice[];
    hidden: readonly string[];
    onChange: (hidden: string[]) => void;
  };
  /** Saves what is shown as CSV. */
  onExport?: () => void;
}

/** The line above a table: what it shows, its columns, its export. */
export function TableToolbar({ children, columns, onExport }: TableToolbarProps) {
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-2 border-b py-1.5 pr-2 pl-4">
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">{children}</div>
      {columns === undefined ? null : (
        <DeferredOverlay
          kind="menu"
          prefetch={loadMenu}
          trigger={
            <Button variant="ghost" size="sm" aria-label="Choose columns">
              <Columns3 aria-hidden size={14} />
              <span className="max-sm:hidden">Columns</span>
            </Button>
          }
        >
          {(trigger) => (
            <ColumnMenuContent
              trigger={trigger}
              columns={columns.choices}
              hidden={columns.hidden}
              onChange={columns.onChange}
            />
          )}
        </DeferredOverlay>
      )}
      {onExport === undefined ? null : (
        <Button variant="ghost" size="sm" aria-label="Save as CSV" onClick={onExport}>
          <Download aria-hidden size={14} />
          <span className="max-sm:hidden">CSV</span>
        </Button>
      )}
    </div>
  );
}
