'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { Time } from '@/components/ui/time';
import type { Policy, PolicyDraft } from '@/lib/contracts';
import type { EditorStart } from './editing';
import { policyDiffQuery } from './editor-queries';
import { type MergeChoice, merge, mergeChoices, type Side } from './merge-drafts';

export interface MergeDialogProps {
  appId: string;
  /** The other's draft; `null` where it was published or discarded, so that the version in force is what there is. */
  draft: PolicyDraft | null;
  saved: EditorStart;
  /** What both began from. */
  base: Policy;
  mine: Policy;
  onClose: () => void;
  onMerged: (policy: Policy) => void;
}

/** Both versions of a draft that two people edited, difference by difference: each is mine, or theirs. */
export default function MergeDialog({
  appId,
  draft,
  saved,
  base,
  mine,
  onClose,
  onMerged,
}: MergeDialogProps) {
  const theirs = saved.policy;
  const query = useQuery(policyDiffQuery(appId, { policy: theirs }, { policy: mine }));
  const [decided, setDecided] = useState<ReadonlyMap<string, Side>>(new Map());
  const choices = mergeChoices(query.data?.changes ?? [], { base, mine, theirs });
  const sideOf = (choice: MergeChoice) => decided.get(choice.path) ?? choice.proposed;
  const all = (side: Side) => setDecided(new Map(choices.map(({ path }) => [path, side])));
  const contested = choices.filter(({ isContested }) => isContested).length;
  const whose =
    draft === null ? `Version ${saved.basedOn}, in force` : `${draft.updatedBy}’s revision ${draft.revision}`;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="lg"
      title="Two versions of the draft"
      description={
        draft === null ? (
          'The draft that you edit was published or discarded meanwhile. What you keep becomes a new draft.'
        ) : (
          <>
            {draft.updatedBy} saved revision {draft.revision} <Time at={draft.updatedAt} />, while you were
            editing. Say for each difference whose stays; nothing is saved yet.
          </>
        )
      }
      footer={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button
            variant="primary"
            disabled={query.data === undefined}
            onClick={() =>
              onMerged(merge({ mine, theirs }, new Map(choices.map((one) => [one.path, sideOf(one)]))))
            }
          >
            Go on with this
          </Button>
        </>
      }
    >
      {query.data === undefined ? (
        query.isError ? (
          <ErrorState
            title="The difference could not be told"
            error={toApiError(query.error)}
            onRetry={() => void query.refetch()}
          />
        ) : (
          <SkeletonRows rows={5} label="Comparing…" />
        )
      ) : (
        <div className="grid gap-3">
          <div className="flex flex-wrap items-center gap-2">
            <span className="text-dim">
              {choices.length === 0
                ? 'Both say the same.'
                : `${choices.length} differ, ${contested === 0 ? 'none' : contested} of them changed by both.`}
            </span>
            <Button size="sm" className="ml-auto" onClick={() => all('theirs')}>
              All theirs
            </Button>
            <Button size="sm" onClick={() => all('mine')}>
              All mine
            </Button>
          </div>
          <p className="text-sm text-faint">From {whose}, to yours:</p>
          <ul className="grid gap-2">
            {choices.map((choice) => (
              <Choice
                key={choice.path}
                choice={choice}
                side={sideOf(choice)}
                onChoose={(side) => setDecided(new Map(decided).set(choice.path, side))}
              />
            ))}
          </ul>
        </div>
      )}
    </Dialog>
  );
}

interface ChoiceProps {
  choice: MergeChoice;
  side: Side;
  onChoose: (side: Side) => void;
}

function Choice({ choice, side, onChoose }: ChoiceProps) {
  return (
    <li className="grid items-center gap-x-4 gap-y-1 border-t pt-2 sm:grid-cols-[minmax(0,1fr)_auto]">
      <span className="wrap-anywhere">
        {choice.words} {choice.isContested ? <Badge tone="flagged">changed by both</Badge> : null}
      </span>
      <fieldset className="flex gap-3">
        <legend className="sr-only">Whose stays: {choice.words}</legend>
        {(['theirs', 'mine'] as const).map((one) => (
          <label key={one} htmlFor={`${choice.path}-${one}`} className="flex items-center gap-1.5">
            <input
              id={`${choice.path}-${one}`}
              type="radio"
              name={choice.path}
              checked={side === one}
              onChange={() => onChoose(one)}
              className="size-3.5"
            />
            {one}
          </label>
        ))}
      </fieldset>
    </li>
  );
}
