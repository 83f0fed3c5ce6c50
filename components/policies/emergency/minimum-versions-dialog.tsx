'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { type ApiError, toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { plural } from '@/components/ui/format';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { ReasonField } from '@/components/ui/reason-field';
import type { EmergencyState, MinimumVersions } from '@/lib/contracts';
import { BlastRadius } from './blast-radius';
import { radiusQuery, useMinimumVersions } from './emergency-queries';

export interface MinimumVersionsDialogProps {
  appId: string;
  appName: string;
  state: EmergencyState;
  onClose: () => void;
  onThrown: (seq: number) => void;
}

interface Form {
  ios: string;
  android: string;
  reason: string;
}

/** Asks for the oldest versions, says whom they cut off, and only then offers to refuse what is older. */
export default function MinimumVersionsDialog(props: MinimumVersionsDialogProps) {
  const { appId, appName, state, onClose, onThrown } = props;
  const formId = useId();
  const { ios, android } = state.minimumVersions;
  const [form, setForm] = useState<Form>({ ios: ios ?? '', android: android ?? '', reason: '' });
  const [asked, setAsked] = useState<MinimumVersions>();
  const act = useMinimumVersions();
  const wanted = versionsOf(form);
  const isLift = wanted.ios === null && wanted.android === null;
  const isAsked = asked !== undefined && JSON.stringify(asked) === JSON.stringify(wanted);
  // Without any version it would be the kill switch that is asked about.
  const radius = useQuery({ ...radiusQuery({ id: appId, ...stated(wanted) }), enabled: isAsked && !isLift });
  const known = isAsked && !isLift ? radius.data : undefined;
  const isReady = isLift || known !== undefined;
  const failed = act.error ?? (isAsked && !isLift ? radius.error : null);
  const error = failed === null ? undefined : toApiError(failed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady) {
      if (isAsked) void radius.refetch();
      else setAsked(wanted);
      return;
    }
    act.mutate(
      { id: appId, revision: state.revision, minimumVersions: wanted, reason: form.reason.trim() },
      {
        onSuccess: ({ seq }) => {
          onThrown(seq);
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={() => {
        if (!act.isPending) onClose();
      }}
      title={`Oldest versions of ${appName}`}
      description="What is older is rejected whatever the policy says, on every node. Your password is asked for."
      footer={
        <>
          <Button onClick={onClose} disabled={act.isPending}>
            Cancel
          </Button>
          <Button
            type="submit"
            form={formId}
            variant={isReady && !isLift ? 'danger' : 'primary'}
            pending={act.isPending ? 'Setting…' : radius.isFetching ? 'Counting…' : undefined}
          >
            {isLift
              ? 'Let every version in'
              : known === undefined
                ? 'See whom it cuts off'
                : `Refuse ${plural(known.devices.affected, 'device')}`}
          </Button>
        </>
      }
    >
      <form id={formId} method="post" onSubmit={submit} className="grid gap-4">
        <Fields
          form={form}
          error={error}
          onChange={(change) => {
            setForm({ ...form, ...change });
            act.reset();
          }}
        />
        {known === undefined ? null : <BlastRadius radius={known} />}
        {error === undefined ? null : <Notice tone="rejected">{error.message}</Notice>}
      </form>
    </Dialog>
  );
}

function Fields({
  form,
  error,
  onChange,
}: {
  form: Form;
  error: ApiError | undefined;
  onChange: (change: Partial<Form>) => void;
}) {
  const platforms = [
    { id: 'ios', label: 'iOS' },
    { id: 'android', label: 'Android' },
  ] as const;
  return (
    <>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        {platforms.map(({ id, label }) => (
          <Field
            key={id}
            label={`Oldest on ${label}`}
            hint="Leave it empty to let every version in."
            error={error?.fields[`minimumVersions.${id}`] ?? error?.fields[id]}
          >
            {(control) => (
              <Input
                {...control}
                mono
                spellCheck={false}
                placeholder="any"
                value={form[id]}
                onChange={(event) => onChange({ [id]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      <ReasonField
        hint="Kept in the audit log."
        error={error?.fields.reason}
        value={form.reason}
        onChange={(reason) => onChange({ reason })}
      />
    </>
  );
}

const versionOf = (text: string) => (text.trim() === '' ? null : text.trim());

function versionsOf({ ios, android }: Form): MinimumVersions {
  return { ios: versionOf(ios), android: versionOf(android) };
}

function stated({ ios, android }: MinimumVersions): { ios?: string; android?: string } {
  return { ...(ios === null ? {} : { ios }), ...(android === null ? {} : { android }) };
}
