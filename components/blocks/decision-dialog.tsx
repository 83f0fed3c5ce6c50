'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { plural } from '@/components/ui/format';
import { Notice } from '@/components/ui/notice';
import type { BlockEffect, BlockPreview } from '@/lib/contracts';
import type { DecisionRights } from './block-rights';
import { type DecisionForm, draftOf, EMPTY_FORM, effectsFor, previewOf } from './decision-draft';
import { DecisionFields } from './decision-fields';
import { DecisionPreview } from './decision-preview';
import { previewQuery, useDecide } from './decision-queries';

interface ActWords {
  verb: string;
  pending: string;
  title: string;
  /** The title where it is known what it is about. */
  settled: string;
}

const ACTS: Readonly<Record<BlockEffect, ActWords>> = {
  refuse: { verb: 'Block', pending: 'Blocking…', title: 'Block something', settled: 'Block it' },
  simulate: {
    verb: 'Simulate for',
    pending: 'Starting…',
    title: 'Simulate a block',
    settled: 'Simulate a block of it',
  },
  allow: {
    verb: 'Allow',
    pending: 'Allowing…',
    title: 'Put something on the allowlist',
    settled: 'Put this device on the allowlist',
  },
};

export interface DecisionDialogProps {
  apps: readonly { id: string; name: string }[];
  rights: DecisionRights;
  /** What it is about already, so that only how and why are asked. */
  about?: Pick<DecisionForm, 'effect' | 'scope' | 'target'>;
  onClose: () => void;
  /** Called with the change's position in the feed, whose propagation is then to be shown. */
  onDecided: (seq: number) => void;
}

/** Asks what is to be decided, says what that would have met, and only then offers to do it. */
export default function DecisionDialog({ apps, rights, about, onClose, onDecided }: DecisionDialogProps) {
  const formId = useId();
  const effects = effectsFor(rights);
  const [form, setForm] = useState<DecisionForm>({ ...EMPTY_FORM, effect: effects[0] ?? 'refuse', ...about });
  const [asked, setAsked] = useState<ReturnType<typeof previewOf>>();
  const wanted = previewOf(form);
  const isAsked = asked !== undefined && JSON.stringify(asked) === JSON.stringify(wanted);
  const preview = useQuery({ ...previewQuery(asked ?? wanted), enabled: isAsked });
  const decide = useDecide();
  const known = isAsked ? preview.data : undefined;
  const error = decide.error ?? (isAsked ? preview.error : null);
  const words = ACTS[form.effect];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (known === undefined) setAsked(wanted);
    else
      decide.mutate(draftOf(form), {
        onSuccess: ({ seq }) => {
          onDecided(seq);
          onClose();
        },
      });
  };
  return (
    <Dialog
      open
      onOpenChange={() => {
        if (!decide.isPending) onClose();
      }}
      title={about === undefined ? words.title : words.settled}
      description="Every node goes by it as soon as it has heard of it; how long that took is shown."
      footer={
        <>
          <Button onClick={onClose} disabled={decide.isPending}>
            Cancel
          </Button>
          <Button
            type="submit"
            form={formId}
            variant={known === undefined || form.effect !== 'refuse' ? 'primary' : 'danger'}
            pending={decide.isPending ? words.pending : preview.isFetching ? 'Counting…' : undefined}
          >
            {known === undefined ? 'See what it hits' : `${words.verb} ${hitWords(known)}`}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        <DecisionFields
          form={form}
          onChange={(change) => {
            setForm({ ...form, ...change });
            decide.reset();
          }}
          effects={effects}
          apps={apps}
          isSettled={about !== undefined}
          problems={error === null ? {} : toApiError(error).fields}
          suggestedSeconds={known?.suggestedSeconds}
        />
        {known === undefined ? null : <DecisionPreview preview={known} effect={form.effect} />}
        {error === null ? null : <Notice tone="rejected">{toApiError(error).message}</Notice>}
      </form>
    </Dialog>
  );
}

function hitWords({ reach }: BlockPreview): string {
  return reach === null ? 'all of them' : plural(reach.devices, 'device');
}
