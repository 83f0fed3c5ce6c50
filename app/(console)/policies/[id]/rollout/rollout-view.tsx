'use client';

import { useQuery } from '@tanstack/react-query';
import { Layers } from 'lucide-react';
import { useState } from 'react';
import { ChangeProof } from '@/components/blocks/change-proof';
import { policyHref } from '@/components/policies/policy-links';
import { policyEditorQuery } from '@/components/policies/policy-queries';
import { GuardrailCard } from '@/components/policies/rollout/guardrail-card';
import type { MoveDialogProps } from '@/components/policies/rollout/move-dialogs';
import { PastRollouts } from '@/components/policies/rollout/past-rollouts';
import { rolloutsQuery } from '@/components/policies/rollout/rollout-queries';
import { advanceAct } from '@/components/policies/rollout/rollout-words';
import { SettingsCard } from '@/components/policies/rollout/settings-card';
import { ShadowCard } from '@/components/policies/rollout/shadow-card';
import { StagesCard } from '@/components/policies/rollout/stages-card';
import { toApiError } from '@/components/query/api-error';
import { useUrlText } from '@/components/query/url-state';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Card } from '@/components/ui/card';
import { deferred } from '@/components/ui/deferred';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { Time } from '@/components/ui/time';
import type { PolicyEditor, Rollout } from '@/lib/contracts';

const MoveDialog = deferred(() => import('@/components/policies/rollout/move-dialogs'));
const StartRollout = deferred(() => import('@/components/policies/rollout/start-rollout'));

type Moving = Pick<MoveDialogProps, 'move' | 'rollout'>;

/** The rollout of one app's policy: the open one with what it shows, and how the others ended. */
export function RolloutView({ id, mayWrite }: { id: string; mayWrite: boolean }) {
  const query = useQuery(rolloutsQuery(id));
  const editor = useQuery(policyEditorQuery(id));
  const [change, setChange] = useUrlText('change');
  const [moving, setMoving] = useState<Moving>();
  const failed = query.data === undefined ? query : editor;
  if (query.data === undefined || editor.data === undefined) {
    return (
      <Card aria-label="Rollout">
        {failed.isError ? (
          <ErrorState
            title="The rollouts could not be loaded"
            error={toApiError(failed.error)}
            onRetry={() => void failed.refetch()}
          />
        ) : (
          <SkeletonRows rows={12} label="Loading rollouts…" />
        )}
      </Card>
    );
  }
  const { rollouts } = query.data;
  const open = rollouts.find(({ state }) => state === 'open');
  // What was done here last; else what put the present stage into effect.
  const seq = change !== null && /^[1-9]\d{0,14}$/.test(change) ? Number(change) : open?.seq;
  const moved = (next: number) => setChange(String(next));
  return (
    <>
      {open === undefined ? (
        <NoRollout
          appId={id}
          editor={editor.data}
          newest={rollouts[0]}
          mayWrite={mayWrite}
          onMove={setMoving}
          onMoved={moved}
        />
      ) : (
        <OpenRollout rollout={open} mayWrite={mayWrite} onMove={setMoving} />
      )}
      {seq === undefined ? null : (
        <ChangeProof key={seq} seq={seq}>
          {open === undefined ? 'the policy in force' : 'the present stage'}, as each node acknowledged it
        </ChangeProof>
      )}
      <div className="grid items-start gap-3 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <PastRollouts rollouts={rollouts} />
        <SettingsCard appId={id} settings={editor.data.settings} mayWrite={mayWrite} />
      </div>
      {moving === undefined ? null : (
        <MoveDialog {...moving} onClose={() => setMoving(undefined)} onMoved={moved} />
      )}
    </>
  );
}

interface OpenRolloutProps {
  rollout: Rollout;
  mayWrite: boolean;
  onMove: (moving: Moving) => void;
}

function OpenRollout({ rollout, mayWrite, onMove }: OpenRolloutProps) {
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p className="min-w-0 flex-1 basis-64">
          <span className="font-semibold">Version {rollout.version}</span>{' '}
          <span className="text-dim">
            on top of version {rollout.baseVersion}, begun <Time at={rollout.startedAt} /> by{' '}
            {rollout.startedBy}: “{rollout.reason}”
          </span>
        </p>
        {mayWrite ? (
          <div className="flex flex-wrap gap-2">
            <Button variant="danger" onClick={() => onMove({ move: 'stop', rollout })}>
              Stop and revert
            </Button>
            <Button variant="primary" onClick={() => onMove({ move: 'advance', rollout })}>
              {advanceAct(rollout.stage)}
            </Button>
          </div>
        ) : null}
      </div>
      <StagesCard rollout={rollout} />
      <div className="grid items-start gap-3 lg:grid-cols-2">
        <GuardrailCard rollout={rollout} />
        <ShadowCard rollout={rollout} />
      </div>
    </>
  );
}

interface NoRolloutProps {
  appId: string;
  editor: PolicyEditor;
  newest: Rollout | undefined;
  mayWrite: boolean;
  onMove: (moving: Moving) => void;
  onMoved: (seq: number) => void;
}

function NoRollout({ appId, editor, newest, mayWrite, onMove, onMoved }: NoRolloutProps) {
  const [starting, setStarting] = useState(false);
  const { draft, inForce, settings } = editor;
  const isApproved = !settings.needsApproval || (draft !== null && draft.approvedBy !== null);
  const mayRevert = newest?.state === 'done' && newest.version === inForce.version;
  return (
    <Card aria-label="Rollout">
      <EmptyState
        icon={Layers}
        title="No version is being rolled out"
        actions={
          mayWrite ? (
            <>
              {mayRevert ? (
                <Button variant="danger" onClick={() => onMove({ move: 'revert', rollout: newest })}>
                  Revert to version {newest.baseVersion}
                </Button>
              ) : null}
              {draft !== null && isApproved ? (
                <Button variant="primary" onClick={() => setStarting(true)}>
                  Publish the draft in stages
                </Button>
              ) : (
                <ButtonLink href={policyHref(appId)}>Open the editor</ButtonLink>
              )}
            </>
          ) : undefined
        }
      >
        Version {inForce.version} judges every device.{' '}
        {draft === null
          ? 'Edit the policy first: its draft is then published in stages, from observing to all devices.'
          : isApproved
            ? `The draft (revision ${draft.revision}, by ${draft.updatedBy}) can be published in stages, from observing to all devices.`
            : `The draft (revision ${draft.revision}, by ${draft.updatedBy}) waits for somebody else’s approval.`}
      </EmptyState>
      {starting && draft !== null ? (
        <StartRollout
          appId={appId}
          revision={draft.revision}
          onClose={() => setStarting(false)}
          onStarted={({ seq }) => onMoved(seq)}
        />
      ) : null}
    </Card>
  );
}
