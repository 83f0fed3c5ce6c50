'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Field } from '@/components/ui/field';
import { formatCount, plural } from '@/components/ui/format';
import { Select } from '@/components/ui/input';
import type { BlockBatch } from '@/lib/contracts';
import { incidentOf } from './decision-draft';
import { type BulkParams, bulkCountQuery, useBulkBlock } from './decision-queries';
import { DEFAULT_DURATION_ID, DURATIONS } from './durations';
import { IncidentField } from './incident-field';

export interface BulkBlockDialogProps {
  query: BulkParams;
  onClose: () => void;
  onBlocked: (batch: BlockBatch) => void;
}

/** Asks before the devices of a query are blocked: how many they are comes first. */
export default function BulkBlockDialog({ query, onClose, onBlocked }: BulkBlockDialogProps) {
  const count = useQuery(bulkCountQuery(query));
  const [durationId, setDurationId] = useState(DEFAULT_DURATION_ID);
  const [incident, setIncident] = useState('');
  const [step, setStep] = useState<BlockBatch>();
  const block = useBulkBlock(setStep);
  const devices = count.data?.unblocked ?? 0;
  const error = block.error ?? count.error;
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!block.isPending) onClose();
      }}
      title="Block every device of this query?"
      blastRadius={{
        count: devices,
        unit: count.isPending ? 'devices: they are being counted' : devices === 1 ? 'device' : 'devices',
        consequence:
          count.data === undefined
            ? ''
            : `${consequenceOf(count.data.devices - devices)} It is one act, done in steps, and can be undone.`,
      }}
      act={
        step !== undefined
          ? 'Go on with it'
          : count.isPending
            ? 'Counting…'
            : `Block ${plural(devices, 'device')}`
      }
      actPending={
        count.isPending
          ? 'Counting…'
          : step === undefined
            ? 'Beginning…'
            : `${formatCount(step.handled)} of ${formatCount(step.devices)}…`
      }
      reason={{ label: 'Reason', hint: 'Kept with every block and in the audit log.' }}
      pending={block.isPending || count.isPending}
      error={error === null ? undefined : toApiError(error)}
      onConfirm={(reason) => {
        const chosen = DURATIONS.find(({ id }) => id === durationId);
        if (chosen === undefined || count.data === undefined) return;
        const wish = { query, reason, incident: incidentOf(incident), durationSeconds: chosen.seconds };
        // What failed half way is gone on with: it is one act.
        block.mutate(step === undefined ? { wish } : { begun: step }, { onSuccess: onBlocked });
      }}
    >
      <Field label="For how long">
        {(control) => (
          <Select {...control} value={durationId} onChange={(event) => setDurationId(event.target.value)}>
            {DURATIONS.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {step === undefined ? (
        <IncidentField
          value={incident}
          onChange={(typed) => {
            setIncident(typed);
            block.reset();
          }}
          error={error === null ? undefined : toApiError(error).fields.incident}
        />
      ) : null}
    </ConfirmDialog>
  );
}

function consequenceOf(blockedAlready: number): string {
  const others = blockedAlready === 0 ? '' : ` Blocked already: ${formatCount(blockedAlready)}.`;
  return `Their next attestation and every request with a token that they hold are refused, on every node.${others}`;
}
