'use client';

import { useState } from 'react';
import { problemBeside, toApiError } from '@/components/query/api-error';
import { FormDialog } from '@/components/ui/form-dialog';
import { ReasonField } from '@/components/ui/reason-field';
import { useChangeSettings } from './rollout-queries';

export interface SettingsDialogProps {
  appId: string;
  /** What it shall be. */
  needsApproval: boolean;
  onClose: () => void;
}

/** Asks why approval shall be needed from now on, or no more. */
export default function SettingsDialog({ appId, needsApproval, onClose }: SettingsDialogProps) {
  const change = useChangeSettings();
  const [reason, setReason] = useState('');
  const error = change.error === null ? undefined : toApiError(change.error);
  return (
    <FormDialog
      title={needsApproval ? 'Ask a second person for approval' : 'Ask for no approval any more'}
      description={
        needsApproval
          ? 'From now on, a draft is published only after somebody else has approved exactly it. Publishing without stages is refused.'
          : 'From now on, whoever may edit the policy may publish it alone.'
      }
      size="sm"
      act={needsApproval ? 'Ask for approval' : 'Ask for no approval'}
      actPending="Saving…"
      danger={!needsApproval}
      disabled={reason.trim().length < 3}
      pending={change.isPending}
      problem={problemBeside(error, ['reason'])}
      onClose={onClose}
      onSubmit={() =>
        change.mutate({ id: appId, needsApproval, reason: reason.trim() }, { onSuccess: onClose })
      }
    >
      <ReasonField
        hint="Kept in the audit log."
        error={error?.fields.reason}
        value={reason}
        onChange={setReason}
      />
    </FormDialog>
  );
}
