'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { problemBeside, toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import type { Quarantine, QuarantinePreview } from '@/lib/contracts';
import { QuarantineFields } from './quarantine-fields';
import {
  conditionOf,
  type DemotableThreat,
  EMPTY_QUARANTINE,
  type QuarantineForm,
  quarantineProblems,
} from './quarantine-form';
import { reachQuery, useQuarantine } from './quarantine-queries';
import { QuarantineReach } from './quarantine-reach';

export interface QuarantineDialogProps {
  appId: string;
  appName: string;
  threats: readonly DemotableThreat[];
  /** What is filled in at first. */
  initial?: QuarantineForm;
  onClose: () => void;
  /** Called when it has committed; `seq` leads to the proof of enforcement. */
  onMade: (quarantine: Quarantine) => void;
}

const FIELDS = ['threat', 'reason', 'when', 'durationSeconds'];

/** Asks which signal misfires and where, says what that would have met, and only then offers to do it. */
export default function QuarantineDialog(props: QuarantineDialogProps) {
  const { appId, appName, threats, initial = EMPTY_QUARANTINE, onClose, onMade } = props;
  const formId = useId();
  const [form, setForm] = useState(initial);
  const [asked, setAsked] = useState<QuarantinePreview>();
  const make = useQuarantine();
  const when = conditionOf(form);
  const wanted = when === null || form.threat === '' ? undefined : { appId, threat: form.threat, when };
  const isAsked = asked !== undefined && JSON.stringify(asked) === JSON.stringify(wanted);
  const reach = useQuery({
    ...reachQuery(asked ?? { appId, threat: '', when: {} }),
    enabled: isAsked,
  });
  const known = isAsked ? reach.data : undefined;
  const failed = make.error ?? (isAsked ? reach.error : null);
  const error = failed === null ? undefined : toApiError(failed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wanted === undefined) return;
    if (known === undefined) {
      if (isAsked) void reach.refetch();
      else setAsked(wanted);
      return;
    }
    make.mutate(
      { ...wanted, durationSeconds: form.durationSeconds, reason: form.reason.trim() },
      {
        onSuccess: (quarantine) => {
          onMade(quarantine);
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={() => {
        if (!make.isPending) onClose();
      }}
      title={`Quarantine a signal of ${appName}`}
      description="The signal is only observed where it misfires, on every node, until the quarantine ends by itself. Everything else is judged as before."
      footer={
        <>
          <Button onClick={onClose} disabled={make.isPending}>
            Cancel
          </Button>
          <Button
            type="submit"
            form={formId}
            variant={known === undefined ? 'primary' : 'danger'}
            disabled={wanted === undefined}
            pending={make.isPending ? 'Quarantining…' : reach.isFetching && isAsked ? 'Counting…' : undefined}
          >
            {known === undefined ? 'See what it meets' : 'Quarantine the signal'}
          </Button>
        </>
      }
    >
      <form id={formId} method="post" onSubmit={submit} className="grid gap-4">
        <QuarantineFields
          form={form}
          threats={threats}
          problems={quarantineProblems(error?.fields ?? {})}
          onChange={(change) => {
            setForm({ ...form, ...change });
            make.reset();
          }}
        />
        {known === undefined ? null : <QuarantineReach reach={known} />}
        {error === undefined ? null : (
          <Notice tone="rejected">{problemBeside(error, FIELDS) ?? error.message}</Notice>
        )}
      </form>
    </Dialog>
  );
}
