'use client';

import { formatCount, formatPercent, plural } from '@/components/ui/format';
import { Notice } from '@/components/ui/notice';
import type { PolicyChange, PolicyDraft, PolicyVersionView, ReplayReport, Rollout } from '@/lib/contracts';
import { ChangesList, changesSummary } from '../changes-list';
import { devicesText } from '../replay/prepare-replay';
import { StartRollout } from '../rollout/start-rollout';

export interface PublishDialogProps {
  appId: string;
  draft: PolicyDraft;
  inForce: PolicyVersionView;
  needsApproval: boolean;
  /** Against the version in force; `undefined` until they are known. */
  changes: readonly PolicyChange[] | undefined;
  /** The replay of exactly this draft, as far as it got. */
  report: Extract<ReplayReport, { kind: 'progress' | 'done' }> | null;
  onClose: () => void;
  onStarted: (rollout: Rollout) => void;
}

/** Publishes the draft: what it changes and whom it would have met stand before the pace, the guardrail and the reason. */
export default function PublishDialog(props: PublishDialogProps) {
  const { appId, draft, inForce, needsApproval, changes, report, onClose, onStarted } = props;
  const isWaiting = needsApproval && draft.approvedBy === null;
  return (
    <StartRollout
      {...{ appId, onClose, onStarted }}
      revision={draft.revision}
      isBlocked={isWaiting || changes === undefined}
    >
      {isWaiting ? (
        <Notice tone="flagged" lead="approval needed">
          Somebody other than {draft.updatedBy} has to approve revision {draft.revision} first.
        </Notice>
      ) : null}
      <section aria-label="What changes" className="grid gap-1.5">
        <p className="text-sm text-dim">
          Draft revision {draft.revision} against version {inForce.version}, in force:{' '}
          {changes === undefined ? 'comparing…' : changesSummary(changes)}
        </p>
        <ChangesList changes={changes ?? []} label="What changes, in words" />
      </section>
      <ReplaySummary report={report} />
    </StartRollout>
  );
}

/** Whom it would have met, by the replay; or that nobody looked. */
function ReplaySummary({ report }: Pick<PublishDialogProps, 'report'>) {
  if (report === null) {
    return (
      <Notice tone="flagged" lead="not replayed">
        Nobody has looked whom this draft would have met. The replay stands beside the editor.
      </Notice>
    );
  }
  const { events, skipped, flips, devices } = report.figures;
  const ofDevices = (count: number) => `${devicesText(count)} ${count === 1 ? 'device' : 'devices'}`;
  return (
    <p>
      Replayed over {plural(events, 'attestation')}
      {report.kind === 'done' ? '' : ` (${formatPercent(report.share, 0)} of the span so far)`}
      {skipped === 0 ? '' : `, ${formatCount(skipped)} skipped`}:{' '}
      <strong className="font-semibold">{formatCount(flips.stricter)} stricter</strong> (
      {ofDevices(devices.stricter)}),{' '}
      <strong className="font-semibold">{formatCount(flips.milder)} milder</strong> (
      {ofDevices(devices.milder)}).
    </p>
  );
}
