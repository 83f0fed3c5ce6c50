'use client';

import { useQuery } from '@tanstack/react-query';
import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Notice } from '@/components/ui/notice';
import type { PolicyReverted } from '@/lib/contracts';
import { ChangesList, changesSummary } from './changes-list';
import { policyDiffQuery } from './editor/editor-queries';
import { policyStandingsQuery } from './policy-queries';
import { useRevertPolicy } from './rollout/rollout-queries';

export interface RevertDialogProps {
  appId: string;
  /** The version in force, and the one that is to take its place. */
  inForce: number;
  to: number;
  /** Whom it meets, in a number and words; absent: all devices. */
  reach?: { count: number; unit: string };
  onClose: () => void;
  onReverted: (reverted: PolicyReverted) => void;
}

const ALL = { count: 100, unit: '% of devices' };

/** Asks before an earlier version is put into force again, at once and for all devices, with what that changes. */
export default function RevertDialog(props: RevertDialogProps) {
  const { appId, inForce, to, reach = ALL, onClose, onReverted } = props;
  const revert = useRevertPolicy();
  const { data } = useQuery(policyDiffQuery(appId, { version: inForce }, { version: to }));
  const standings = useQuery({ ...policyStandingsQuery(), enabled: false });
  const rollout = standings.data?.apps.find((app) => app.appId === appId)?.rollout;
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!revert.isPending) onClose();
      }}
      title={`Revert to version ${to}?`}
      blastRadius={{
        ...reach,
        consequence: `From now on all devices are judged by version ${to} instead of ${inForce}, at once and without stages. Version ${inForce} stays in the history.`,
      }}
      act={`Revert to version ${to}`}
      actPending="Reverting…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      pending={revert.isPending}
      error={revert.error === null ? undefined : toApiError(revert.error)}
      onConfirm={(reason) =>
        revert.mutate({ id: appId, basedOn: inForce, to, reason }, { onSuccess: onReverted })
      }
    >
      {rollout == null ? null : (
        <Notice tone="flagged" lead="rollout open">
          Version {rollout.version} is being rolled out. Stop that first: it puts version {inForce} back.
        </Notice>
      )}
      <section aria-label="What changes" className="grid gap-1.5">
        <p className="text-sm text-dim">{data === undefined ? 'Comparing…' : changesSummary(data.changes)}</p>
        <ChangesList changes={data?.changes ?? []} label="What changes, in words" />
      </section>
    </ConfirmDialog>
  );
}
