'use client';

import { exportRows } from '@/components/data-table/export-rows';
import { Button } from '@/components/ui/button';
import { formatCount, plural } from '@/components/ui/format';
import { notify } from '@/components/ui/toast-queue';
import type { AttestationRow } from '@/lib/contracts';
import { ATTESTATION_COLUMNS } from './attestation-columns';

export interface SelectionActsProps {
  rows: readonly AttestationRow[];
  hidden: readonly string[];
  onClear: () => void;
}

/** What can be done with the selected rows. */
export default function SelectionActs({ rows, hidden, onClear }: SelectionActsProps) {
  const devices = new Set(rows.map((row) => row.instanceId).filter((id) => id !== null)).size;
  return (
    <>
      <h2 className="font-semibold">{formatCount(rows.length)} selected</h2>
      <span className="text-sm text-dim">of {plural(devices, 'device')}</span>
      <Button
        size="sm"
        onClick={() => exportRows('attestations-selected', ATTESTATION_COLUMNS, hidden, rows)}
      >
        Save as CSV
      </Button>
      <Button size="sm" onClick={() => copyReferences(rows)}>
        Copy references
      </Button>
      <Button variant="ghost" size="sm" onClick={onClear}>
        Clear
      </Button>
    </>
  );
}

function copyReferences(rows: readonly AttestationRow[]): void {
  navigator.clipboard.writeText(rows.map((row) => row.reference).join('\n')).then(
    () => notify({ tone: 'done', title: `${plural(rows.length, 'reference')} copied` }),
    () => notify({ tone: 'failed', title: 'Nothing was copied', description: 'The browser refused it.' }),
  );
}
