'use client';

import { useState } from 'react';
import { problemBeside, toApiError } from '@/components/query/api-error';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { formatCount, formatPercent, plural } from '@/components/ui/format';
import { Input, Select, Textarea } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { PolicyChange, PolicyDraft, PolicyVersionView, ReplayReport, Rollout } from '@/lib/contracts';
import { ChangesList, changesSummary } from '../changes-list';
import { devicesText } from '../replay/prepare-replay';
import { useStartRollout } from './editor-queries';
import { HOLDS, planOf } from './rollout-plan';

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

/** Publishes the draft: what it changes, whom it would have met, why, and how its stages follow each other. */
export default function PublishDialog(props: PublishDialogProps) {
  const { appId, draft, inForce, needsApproval, changes, report, onClose, onStarted } = props;
  const [reason, setReason] = useState('');
  const [hold, setHold] = useState('hand');
  const [maxIncrease, setMaxIncrease] = useState('2');
  const [minDevices, setMinDevices] = useState('50');
  const start = useStartRollout(appId, onStarted);
  const error = start.error === null ? undefined : toApiError(start.error);
  const isWaiting = needsApproval && draft.approvedBy === null;
  return (
    <FormDialog
      title={`Publish draft revision ${draft.revision}`}
      description="It becomes the next version and starts in observe: nobody is judged by it, and what it would have said is recorded beside the real verdicts."
      act="Start in observe"
      actPending="Starting…"
      disabled={isWaiting || changes === undefined}
      pending={start.isPending}
      problem={problemBeside(error, ['reason', 'guardrail.maxIncrease', 'guardrail.minDevices'])}
      onClose={onClose}
      onSubmit={() =>
        start.mutate({
          ...{ id: appId, revision: draft.revision, reason: reason.trim(), plan: planOf(hold) },
          guardrail: { maxIncrease: Number(maxIncrease) / 100, minDevices: Number(minDevices) },
        })
      }
    >
      {isWaiting ? (
        <Notice tone="flagged" lead="approval needed">
          Somebody other than {draft.updatedBy} has to approve revision {draft.revision} first.
        </Notice>
      ) : null}
      <section aria-label="What changes" className="grid gap-1.5">
        <p className="text-sm text-dim">
          Against version {inForce.version}, in force:{' '}
          {changes === undefined ? 'comparing…' : changesSummary(changes)}
        </p>
        <div className="max-h-48 overflow-y-auto">
          <ChangesList changes={changes ?? []} label="What changes, in words" />
        </div>
      </section>
      <ReplaySummary report={report} />
      <Field label="Reason" hint="Kept with the version and in the audit log." error={error?.fields.reason}>
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      <Field label="Next stages (1, 10, 50, 100 % of devices)">
        {(control) => (
          <Select {...control} value={hold} onChange={(event) => setHold(event.target.value)}>
            {HOLDS.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="grid grid-cols-2 items-start gap-3">
        <Field
          label="Guardrail: rejections at most, points above control"
          error={error?.fields['guardrail.maxIncrease']}
        >
          {(control) => (
            <Input
              {...control}
              inputMode="decimal"
              value={maxIncrease}
              onChange={(event) => setMaxIncrease(event.target.value)}
            />
          )}
        </Field>
        <Field label="From so many devices in either group on" error={error?.fields['guardrail.minDevices']}>
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              value={minDevices}
              onChange={(event) => setMinDevices(event.target.value)}
            />
          )}
        </Field>
      </div>
    </FormDialog>
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
  return (
    <p>
      Replayed over {plural(events, 'attestation')}
      {report.kind === 'done' ? '' : ` (${formatPercent(report.share, 0)} of the span so far)`}
      {skipped === 0 ? '' : `, ${formatCount(skipped)} skipped`}:{' '}
      <strong className="font-semibold">{formatCount(flips.stricter)} stricter</strong> (
      {devicesText(devices.stricter)} {devices.stricter === 1 ? 'device' : 'devices'}),{' '}
      <strong className="font-semibold">{formatCount(flips.milder)} milder</strong> (
      {devicesText(devices.milder)} {devices.milder === 1 ? 'device' : 'devices'}).
    </p>
  );
}
