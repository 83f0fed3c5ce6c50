'use client';

import { useQuery } from '@tanstack/react-query';
import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { plural } from '@/components/ui/format';
import { radiusQuery, useKillSwitch } from './emergency-queries';

export interface KillSwitchDialogProps {
  appId: string;
  appName: string;
  /** Whether it is to be thrown, or lifted. */
  on: boolean;
  onClose: () => void;
  onThrown: (seq: number) => void;
}

/** Asks before a whole app is refused, or let in again: how many devices that meets, and why. */
export default function KillSwitchDialog({ appId, appName, on, onClose, onThrown }: KillSwitchDialogProps) {
  const radius = useQuery(radiusQuery({ id: appId }));
  const act = useKillSwitch();
  const devices = radius.data?.devices.affected;
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!act.isPending) onClose();
      }}
      title={on ? `Refuse all of ${appName}?` : `Let ${appName} in again?`}
      blastRadius={{
        count: devices ?? 0,
        unit: `${devices === 1 ? 'device was' : 'devices were'} seen in the last 24 hours`,
        consequence: consequenceOf(on, radius.data?.attestations.affected, radius.error),
      }}
      act={
        on
          ? devices === undefined
            ? 'Refuse the whole app'
            : `Refuse ${plural(devices, 'device')}`
          : 'Let the app in again'
      }
      actPending={on ? 'Refusing…' : 'Letting in…'}
      reason={{ label: 'Reason', hint: 'Kept in the audit log. Your password is asked for next.' }}
      restores={!on}
      // No switch is thrown before it is known whom it meets, unless that cannot be known.
      pending={act.isPending || radius.isPending}
      error={act.error === null ? undefined : toApiError(act.error)}
      onConfirm={(reason) =>
        act.mutate(
          { id: appId, on, reason },
          {
            onSuccess: ({ seq }) => {
              onThrown(seq);
              onClose();
            },
          },
        )
      }
    />
  );
}

function consequenceOf(on: boolean, attestations: number | undefined, error: Error | null): string {
  if (error !== null) return `Whom it meets could not be counted: ${toApiError(error).message}`;
  const counted = attestations === undefined ? '' : ` (${plural(attestations, 'attestation')})`;
  return on
    ? `All of them are refused at once${counted}, and so is every request with a token of the app, on every node.`
    : `They are judged by their evidence and the policy again${counted}.`;
}
