'use client';

import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { ShownError } from '@/components/ui/states';
import type { RetentionEffect } from '@/lib/contracts';
import { goneTexts, radiusOf } from './retention-words';

export interface RetentionDialogProps {
  appName: string;
  effect: RetentionEffect;
  pending: boolean;
  error: ShownError | undefined;
  onClose: () => void;
  onConfirm: (reason: string) => void;
}

/** Asks before something is kept for less long: what goes of what is stored now, and why. */
export default function RetentionDialog({ effect, pending, error, ...props }: RetentionDialogProps) {
  const gone = goneTexts(effect);
  return (
    <ConfirmDialog
      open
      onOpenChange={props.onClose}
      title={`Keep telemetry of ${props.appName} for less long?`}
      blastRadius={radiusOf(effect)}
      act={gone.length === 0 ? 'Save' : 'Save and delete'}
      actPending="Saving…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      pending={pending}
      error={error}
      onConfirm={props.onConfirm}
    >
      {gone.length === 0 ? null : (
        <section aria-label="Goes" className="rounded-card border p-3">
          <h3 className="font-medium text-sm">Goes within the hour</h3>
          <ul className="mt-1 grid list-disc gap-1 pl-4 text-dim text-sm marker:text-faint">
            {gone.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
          <p className="mt-2 text-faint text-sm">As counted so far, in days of UTC.</p>
        </section>
      )}
    </ConfirmDialog>
  );
}
