'use client';

import { useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Field } from '@/components/ui/field';
import { plural } from '@/components/ui/format';
import { Select } from '@/components/ui/input';
import { useBlockDevice } from './block-queries';
import { incidentOf } from './decision-draft';
import { type BlockDuration, DEFAULT_DURATION_ID } from './durations';
import { IncidentField } from './incident-field';

/** The device that an act is about. */
export interface BlockTarget {
  instanceId: string;
  appId: string;
  appName: string;
  /** "Pixel 9, Android 16". */
  label: string;
  /** How often it attested in the last 30 days, where that is known. */
  attestations30d?: number | undefined;
}

export interface BlockDialogProps {
  target: BlockTarget;
  durations: readonly BlockDuration[];
  onClose: () => void;
  /** Called with the change's position in the feed, whose propagation is then to be shown. */
  onBlocked: (seq: number) => void;
}

/** Asks before a device is blocked: what it hits, for how long, and why. */
export default function BlockDialog({ target, durations, onClose, onBlocked }: BlockDialogProps) {
  const [durationId, setDurationId] = useState(DEFAULT_DURATION_ID);
  const [incident, setIncident] = useState('');
  const block = useBlockDevice();
  const chosen = durations.find(({ id }) => id === durationId) ?? durations[0];
  const problem = block.error === null ? undefined : toApiError(block.error);
  const attested =
    target.attestations30d === undefined
      ? ''
      : ` It attested ${plural(target.attestations30d, 'time')} in the last 30 days.`;
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!block.isPending) onClose();
      }}
      title={`Block this device of ${target.appName}?`}
      blastRadius={{
        count: 1,
        unit: `device: ${target.label}`,
        consequence: `Its next attestation and every request with a token that it holds are refused, on every node.${attested}`,
      }}
      act="Block 1 device"
      actPending="Blocking…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log. Never shown to the device.' }}
      pending={block.isPending}
      error={problem}
      onConfirm={(reason) => {
        if (chosen === undefined) return;
        block.mutate(
          {
            instanceId: target.instanceId,
            reason,
            incident: incidentOf(incident),
            durationSeconds: chosen.seconds,
          },
          {
            onSuccess: ({ seq }) => {
              onBlocked(seq);
              onClose();
            },
          },
        );
      }}
    >
      <Field label="For how long" hint={hintFor(durations)}>
        {(control) => (
          <Select {...control} value={chosen?.id} onChange={(event) => setDurationId(event.target.value)}>
            {durations.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <IncidentField
        value={incident}
        onChange={(typed) => {
          setIncident(typed);
          block.reset();
        }}
        error={problem?.fields.incident}
      />
    </ConfirmDialog>
  );
}

function hintFor(durations: readonly BlockDuration[]): string | undefined {
  return durations.some(({ seconds }) => seconds === null)
    ? undefined
    : 'Your role blocks for at most 24 hours; a responder can block for longer.';
}
