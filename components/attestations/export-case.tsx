'use client';

import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { readProblem, toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import type { AttestationRow } from '@/lib/contracts';

/** Fetches the case file, and hands it to the browser as a download. */
async function download({ id, reference }: Pick<AttestationRow, 'id' | 'reference'>): Promise<void> {
  const response = await fetch(`/api/console/attestations/${encodeURIComponent(id)}/case`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  if (!response.ok) throw await readProblem(response);
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = `case-${reference}.json`;
  link.click();
  URL.revokeObjectURL(url);
}

/** Offers the archived evidence of an attestation as a case file, with which its verdict can be replayed anywhere. */
export function ExportCase({ row }: { row: Pick<AttestationRow, 'id' | 'reference'> }) {
  const act = useMutation({ mutationFn: () => download(row) });
  return (
    <div className="grid gap-2 border-b px-4 py-3">
      <div className="flex flex-wrap items-center gap-2">
        <Button size="sm" pending={act.isPending ? 'Exporting…' : undefined} onClick={() => act.mutate()}>
          <Download aria-hidden size={13} />
          Export case file
        </Button>
        <span className="text-sm text-dim">
          Its raw evidence is archived. Replay with{' '}
          <code className="font-mono">countersign evidence verify</code>.
        </span>
      </div>
      {act.error === null ? null : (
        <Notice tone="rejected" lead="Nothing was exported.">
          {toApiError(act.error).message}
        </Notice>
      )}
    </div>
  );
}
