'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/input';
import type { CutOffView } from '@/lib/contracts';
import { type CutOffTarget, cutOffsQuery, useCutOff } from './cut-off-queries';
import { MOMENTS, momentAt } from './moments';

export interface CutOffDialogProps {
  target: CutOffTarget;
  /** Whose tokens: "of Retail Bank". */
  whose: string;
  onClose: () => void;
  onMade: (cutOff: CutOffView) => void;
}

/** Asks before tokens are cut off: how many devices hold one, issued before when, and why. */
export default function CutOffDialog({ target, whose, onClose, onMade }: CutOffDialogProps) {
  const [moment, setMoment] = useState<{ id: string; notBefore: string | null }>({
    id: 'now',
    notBefore: null,
  });
  const { data, error } = useQuery(cutOffsQuery(target, moment.notBefore ?? undefined));
  const cut = useCutOff();
  const devices = data?.devices ?? 0;
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!cut.isPending) onClose();
      }}
      title={`Cut off tokens ${whose}?`}
      blastRadius={{
        count: devices,
        unit: `${devices === 1 ? 'device holds' : 'devices hold'} a token that this refuses`,
        consequence:
          error === null
            ? 'Each has to attest once more, and then goes on. A cut-off cannot be taken back.'
            : `That count could not be read: ${toApiError(error).message}`,
      }}
      act="Cut off these tokens"
      actPending="Cutting off…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log. Never shown to devices.' }}
      pending={cut.isPending}
      error={cut.error === null ? undefined : toApiError(cut.error)}
      onConfirm={(reason) =>
        cut.mutate(
          { ...target, notBefore: moment.notBefore, reason },
          {
            onSuccess: (made) => {
              onMade(made);
              onClose();
            },
          },
        )
      }
    >
      <Field label="Issued before" hint="Tokens that were issued later stay good.">
        {(control) => (
          <Select
            {...control}
            value={moment.id}
            onChange={({ target: { value } }) =>
              setMoment({ id: value, notBefore: momentAt(value, Date.now()) })
            }
          >
            {MOMENTS.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </ConfirmDialog>
  );
}
