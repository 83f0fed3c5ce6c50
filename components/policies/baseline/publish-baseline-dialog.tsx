'use client';

import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select, Textarea } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { ReasonField } from '@/components/ui/reason-field';
import type { BaselineDiff, Policy, PolicyBaseline } from '@/lib/contracts';
import { policyEditorQuery } from '../policy-queries';
import { BaselineChanges } from './baseline-changes';
import { useCompareBaseline, usePublishBaseline } from './baseline-queries';
import { policyProblems, readPolicyText } from './baseline-words';

export interface PublishBaselineDialogProps {
  baseline: PolicyBaseline | null;
  /** Policies that one may begin with. */
  templates: readonly { id: string; policy: Policy }[];
  apps: readonly { id: string; name: string }[];
  onClose: () => void;
}

const textOf = (policy: Policy) => JSON.stringify(policy, null, 2);

/** Takes a baseline as JSON, says in words what it changes of the newest one, and only then offers to publish it. */
export default function PublishBaselineDialog(props: PublishBaselineDialogProps) {
  const { baseline, onClose } = props;
  const formId = useId();
  const [text, setText] = useState(baseline === null ? '' : textOf(baseline.policy));
  const [reason, setReason] = useState('');
  const [compared, setCompared] = useState<{ text: string; diff: BaselineDiff }>();
  const [problem, setProblem] = useState<string>();
  const compare = useCompareBaseline();
  const publish = usePublishBaseline();
  const diff = compared?.text === text ? compared.diff : undefined;
  const hasChanges = diff !== undefined && diff.changes.length > 0;
  const failed = publish.error ?? compare.error;
  const error = failed === null ? undefined : toApiError(failed);
  const edit = (next: string) => {
    setText(next);
    setProblem(undefined);
    compare.reset();
    publish.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readPolicyText(text);
    if ('problem' in read) {
      setProblem(read.problem);
      return;
    }
    // What it lacks the server says, with the path: its schema is not for the browser.
    const policy = read.policy as Policy;
    if (!hasChanges) compare.mutate({ policy }, { onSuccess: (found) => setCompared({ text, diff: found }) });
    else publish.mutate({ basedOn: diff.against, policy, reason: reason.trim() }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={() => {
        if (!publish.isPending) onClose();
      }}
      title="Publish a baseline"
      description="It changes no app by itself: each app is brought up to it in its draft."
      footer={
        <>
          <Button onClick={onClose} disabled={publish.isPending}>
            Cancel
          </Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            pending={publish.isPending ? 'Publishing…' : compare.isPending ? 'Comparing…' : undefined}
          >
            {hasChanges ? `Publish version ${diff.against + 1}` : 'See what it changes'}
          </Button>
        </>
      }
    >
      <form id={formId} method="post" onSubmit={submit} className="grid gap-4">
        <Source {...props} onRead={edit} onFailed={setProblem} />
        <Field label="Policy" error={problem} hint="The same JSON that an editor exports.">
          {(control) => (
            <Textarea
              {...control}
              rows={10}
              required
              spellCheck={false}
              className="font-mono text-sm"
              value={text}
              onChange={(event) => edit(event.target.value)}
            />
          )}
        </Field>
        {diff === undefined ? null : <BaselineChanges diff={diff} />}
        {hasChanges ? (
          <ReasonField
            hint="Kept with the version and in the audit log."
            error={error?.fields.reason}
            value={reason}
            onChange={setReason}
          />
        ) : null}
        {error === undefined ? null : (
          <Notice tone="rejected">{[error.message, ...policyProblems(error.fields)].join(' ')}</Notice>
        )}
      </form>
    </Dialog>
  );
}

interface SourceProps extends PublishBaselineDialogProps {
  onRead: (text: string) => void;
  onFailed: (problem: string) => void;
}

/** What the text begins with: a template, what an app has in force, or the newest baseline. */
function Source({ baseline, templates, apps, onRead, onFailed }: SourceProps) {
  const client = useQueryClient();
  const choose = async (source: string) => {
    const [kind, id = ''] = source.split(/:(.*)/s);
    const template = templates.find((one) => one.id === id);
    if (kind === 'template' && template !== undefined) onRead(textOf(template.policy));
    if (kind === 'baseline' && baseline !== null) onRead(textOf(baseline.policy));
    if (kind !== 'app') return;
    try {
      onRead(textOf((await client.fetchQuery(policyEditorQuery(id))).inForce.policy));
    } catch (error) {
      onFailed(toApiError(error).message);
    }
  };
  return (
    <Field label="Begin with" hint="Replaces the text below.">
      {(control) => (
        <Select {...control} value="" onChange={(event) => void choose(event.target.value)}>
          <option value="">Choose…</option>
          {baseline === null ? null : (
            <option value="baseline">Version {baseline.version} of the baseline</option>
          )}
          <optgroup label="Templates">
            {templates.map(({ id }) => (
              <option key={id} value={`template:${id}`}>
                {id}
              </option>
            ))}
          </optgroup>
          <optgroup label="In force">
            {apps.map(({ id, name }) => (
              <option key={id} value={`app:${id}`}>
                {name}
              </option>
            ))}
          </optgroup>
        </Select>
      )}
    </Field>
  );
}
