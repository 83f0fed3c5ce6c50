'use client';

import { useQuery } from '@tanstack/react-query';
import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Notice } from '@/components/ui/notice';
import type { PolicyReverted, PolicyVersionView } from '@/lib/contracts';
import { ChangesList, changesSummary } from '../changes-list';
import { policyDiffQuery } from '../editor/editor-queries';
import { policyStandingsQuery } from '../policy-queries';
import { useRevertPolicy } from '../rollout/rollout-queries';

export interface RevertDialogProps {
  appId: string;
  inForce: PolicyVersionView;
  to: PolicyVersionView;
  /** Attestations of the last day, all of which it would have judged; `null` where that is not known. */
  attestations24h: number;
  onClose: () => void;
  onReverted: (reverted: PolicyReverted) => void;
}

/** Asks before an earlier version is put into force again, at once and for all devices. */
export default function RevertDialog(props: RevertDialogProps) {
  const { appId, inForce, to, attestations24h, onClose, onReverted } = props;
  const revert = useRevertPolicy();
  const { data } = useQuery(policyDiffQuery(appId, { version: inForce.version }, { version: to.version }));
  const standings = useQuery({ ...policyStandingsQuery(), enabled: false });
  const rollout = standings.data?.apps.find((app) => app.appId === appId)?.rollout;
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!revert.isPending) onClose();
      }}
      title={`Revert to version ${to.version}?`}
      blastRadius={{
        count: attestations24h,
        unit: `${attestations24h === 1 ? 'attestation' : 'attestations'} of the last 24 hours`,
        consequence: `From now on all devices are judged by version ${to.version} instead of ${inForce.version}, at once and without stages.`,
      }}
      act={`Revert to version ${to.version}`}
      actPending="Reverting…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      pending={revert.isPending}
      error={revert.error === null ? undefined : toApiError(revert.error)}
      onConfirm={(reason) =>
        revert.mutate(
          { id: appId, basedOn: inForce.version, to: to.version, reason },
          { onSuccess: onReverted },
        )
      }
    >
      {rollout == null ? null : (
        <Notice tone="flagged" lead="rollout open">
          Version {rollout.version} is being rolled out. Stop that first: it puts version {inForce.version}{' '}
          back.
        </Notice>
      )}
      <section aria-label="What changes" className="grid max-h-48 gap-1.5 overflow-y-auto">
        <p className="text-sm text-dim">{data === undefined ? 'Comparing…' : changesSummary(data.changes)}</p>
        <ChangesList changes={data?.changes ?? []} label="What changes, in words" />
      </section>
    </ConfirmDialog>
  );
}
