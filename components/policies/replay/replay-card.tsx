'use client';

import { useId, useMemo, useState } from 'react';
import type { ApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { formatCount, formatDuration, formatPercent } from '@/components/ui/format';
import { Checkbox, Select } from '@/components/ui/input';
import { RequestId } from '@/components/ui/request-id';
import { Time } from '@/components/ui/time';
import type { Policy, ReplaySpan } from '@/lib/contracts';
import { ReplayFiguresView } from './replay-figures';
import { SPANS, spanOf } from './replay-spans';
import type { ReplayState } from './replay-state';
import { useReplay } from './use-replay';

export interface ReplayCardProps {
  appId: string;
  /** What is being edited. */
  policy: Policy;
  /** Whether it says something other than the version in force: else there is nothing to replay. */
  isChanged: boolean;
  /** Version in force. */
  against: number;
  titles: Readonly<Record<string, string>>;
  /** Called with every state, for what else shows the figures. */
  children?: (state: ReplayState, isCurrent: boolean) => React.ReactNode;
}

/** Whom the edited policy would have judged otherwise, told anew while it is edited. */
export function ReplayCard({ appId, policy, isChanged, against, titles, children }: ReplayCardProps) {
  const checkboxId = useId();
  const [spanId, setSpanId] = useState('day');
  const [follows, setFollows] = useState(true);
  const span = useMemo((): ReplaySpan => spanOf(spanId), [spanId]);
  const { state, isCurrent, start, cancel } = useReplay(
    appId,
    { policy, span, against },
    !isChanged || !follows,
  );
  const isBusy = state.status === 'waiting' || state.status === 'running';
  return (
    <Card id="replay" aria-label="Replay" className="scroll-mt-16">
      <CardHeader title="Replay" note={`against version ${against}`} />
      <div className="flex flex-wrap items-center gap-2 px-4 pb-3">
        <Select
          aria-label="Replay over"
          className="max-w-40"
          value={spanId}
          onChange={(event) => setSpanId(event.target.value)}
        >
          {SPANS.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </Select>
        {isBusy ? (
          <Button onClick={cancel}>Cancel</Button>
        ) : (
          <Button onClick={start} disabled={!isChanged}>
            Run
          </Button>
        )}
        <label htmlFor={checkboxId} className="ml-auto flex items-center gap-2 text-sm text-dim">
          <Checkbox
            id={checkboxId}
            checked={follows}
            onChange={(event) => setFollows(event.target.checked)}
          />
          while I edit
        </label>
      </div>
      {isChanged ? (
        <>
          <ReplayStatus state={state} isCurrent={isCurrent} onRetry={start} />
          {state.report === null ? null : (
            <div className={isCurrent ? '' : 'grayscale'}>
              <ReplayFiguresView appId={appId} report={state.report} policy={policy} titles={titles} />
            </div>
          )}
        </>
      ) : (
        <p className="border-t px-4 py-3 text-dim">
          This says the same as version {against}, which is in force: no verdict would flip. Change a
          response, and see here whom it would have met.
        </p>
      )}
      {children?.(state, isCurrent)}
    </Card>
  );
}

interface ReplayStatusProps {
  state: ReplayState;
  isCurrent: boolean;
  onRetry: () => void;
}

/** How far it is, what it covered, and what failed. */
function ReplayStatus({ state, isCurrent, onRetry }: ReplayStatusProps) {
  const { status, report, error } = state;
  if (error !== null && status === 'failed') return <ReplayFailure error={error} onRetry={onRetry} />;
  const share = status === 'waiting' || report === null ? 0 : report.share;
  const isBusy = status === 'waiting' || status === 'running';
  return (
    <div className="border-t px-4 py-2.5">
      {isBusy ? (
        <progress
          aria-label="Progress of the replay"
          max={1}
          value={isCurrent ? share : 0}
          className="mb-1.5 h-1 w-full appearance-none overflow-hidden rounded-full bg-raised [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-raised [&::-webkit-progress-value]:bg-accent"
        />
      ) : null}
      <p role="status" className="text-sm text-dim">
        {statusText(state, isCurrent)}
        {report === null || report.oldestAt === null || !isCurrent ? null : (
          <>
            {' '}
            The oldest is of <Time at={report.oldestAt} />.
          </>
        )}
      </p>
    </div>
  );
}

/** A policy that does not validate is no failure of the replay: it runs again with the next edit. */
function ReplayFailure({ error, onRetry }: { error: ApiError; onRetry: () => void }) {
  if (error.code === 'request_invalid' || error.code === 'policy_rule_invalid') {
    return (
      <p role="status" className="border-t px-4 py-3 text-dim">
        It waits until the policy validates.
        {error.code === 'policy_rule_invalid' ? ` Of a rule: ${error.message}` : null}
      </p>
    );
  }
  return (
    <div role="alert" className="grid justify-items-start gap-1.5 border-t px-4 py-3">
      <p className="text-rejected-text">
        {error.code === 'rate_limited'
          ? 'Other replays are running in this console. Try again in a moment.'
          : error.message}
      </p>
      {error.requestId === undefined ? null : <RequestId value={error.requestId} />}
      <Button size="sm" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

function statusText({ status, report }: ReplayState, isCurrent: boolean): string {
  if (status === 'waiting') return report === null ? 'Starting…' : 'Replaying what was edited…';
  if (report === null) return status === 'cancelled' ? 'Cancelled before it began.' : 'Not replayed yet.';
  if (!isCurrent) return 'The figures are of before the last edit.';
  const { events, skipped } = report.figures;
  const judged = `${formatCount(events)} ${events === 1 ? 'attestation' : 'attestations'} judged under both`;
  const left =
    skipped === 0
      ? ''
      : `, ${formatCount(skipped)} skipped: recorded before facts were kept, they cannot be judged anew`;
  if (status === 'running') return `${judged} so far (${formatPercent(report.share, 0)})${left}.`;
  if (status === 'cancelled') return `Cancelled at ${formatPercent(report.share, 0)}: ${judged}${left}.`;
  return `${judged} in ${formatDuration(report.elapsedMs)}${left}.`;
}
