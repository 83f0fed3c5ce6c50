'use client';

import { Download, X } from 'lucide-react';
import { lazy } from 'react';
import { Button } from '@/components/ui/button';
import { DeferredOverlay } from '@/components/ui/deferred-overlay';
import { formatCount, plural } from '@/components/ui/format';
import type { AttestationFilter } from './attestation-filter';
import { useExport } from './use-export';

const loadContent = () => import('./export-menu-content');
const ExportMenuContent = lazy(loadContent);

/** Saves what the filter lets through, all of it and not only what is loaded, with its progress. */
export function ExportMenu({ filter }: { filter: AttestationFilter }) {
  const { state, start, cancel } = useExport(filter);
  if (state.status === 'running') {
    return (
      <span role="status" className="inline-flex h-7 items-center gap-1.5 pl-2 text-sm text-dim">
        Saving, {plural(state.rows, 'row')}
        <span className="text-faint max-sm:hidden">{formatCount(Math.ceil(state.bytes / 1024))} KB</span>
        <Button variant="ghost" size="sm" aria-label="Stop saving" onClick={cancel}>
          <X aria-hidden size={13} />
        </Button>
      </span>
    );
  }
  return (
    <>
      {state.status === 'failed' ? (
        <span role="alert" className="text-sm text-rejected-text">
          Not saved: {state.error.message}{' '}
          <Button variant="ghost" size="sm" onClick={() => start(state.format)}>
            Try again
          </Button>
        </span>
      ) : null}
      <DeferredOverlay
        kind="menu"
        prefetch={loadContent}
        trigger={
          <Button variant="ghost" size="sm" aria-label="Save as a file">
            <Download aria-hidden size={14} />
            <span className="max-sm:hidden">Save</span>
          </Button>
        }
      >
        {(trigger) => <ExportMenuContent trigger={trigger} onSelect={start} />}
      </DeferredOverlay>
    </>
  );
}
