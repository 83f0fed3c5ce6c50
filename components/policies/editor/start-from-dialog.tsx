'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input, Select, Textarea } from '@/components/ui/input';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import type { Policy, PolicyBaseline, PolicyTemplate } from '@/lib/contracts';
import { ChangesList, changesSummary } from '../changes-list';
import { policyVersionsQuery } from '../policy-queries';
import { listProblems } from './edit-context';
import { policyCheckQuery } from './editor-queries';
import { parsePolicy } from './parse-policy';

/** Largest file that is read: the server takes no more either. */
const MOST_BYTES = 64 * 1024;

/** The built-in policies, which the page hands over. */
export type PolicyTemplates = Readonly<Record<PolicyTemplate, Policy>>;

export interface StartFromDialogProps {
  appId: string;
  templates: PolicyTemplates;
  baseline: PolicyBaseline | null;
  onClose: () => void;
  /** Puts a policy into the editor. */
  onTake: (policy: Policy) => void;
}

/** Brings a whole policy into the editor: a template, the baseline, an earlier version, or JSON; its differences come first. */
export default function StartFromDialog({
  appId,
  templates,
  baseline,
  onClose,
  onTake,
}: StartFromDialogProps) {
  const [source, setSource] = useState('template.balanced');
  const [text, setText] = useState('');
  const { data } = useQuery(policyVersionsQuery(appId));
  const versions = data?.versions ?? [];
  const pasted = source === 'json' ? parsePolicy(text) : null;
  const [kind, name = ''] = source.split('.');
  const policy =
    kind === 'template'
      ? templates[name as PolicyTemplate]
      : kind === 'version'
        ? versions.find(({ version }) => version === Number(name))?.policy
        : kind === 'baseline'
          ? baseline?.policy
          : (pasted?.policy ?? undefined);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="lg"
      title="Start from…"
      description="It takes the place of what is in the editor, as one step that can be undone. Nothing is saved yet."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <TakeButton appId={appId} policy={policy} onTake={onTake} />
        </>
      }
    >
      <div className="grid gap-4">
        <Field label="What">
          {(control) => (
            <Select {...control} value={source} onChange={(event) => setSource(event.target.value)}>
              <optgroup label="Templates">
                <option value="template.permissive">Permissive: refuses forgery and watches the rest</option>
                <option value="template.balanced">Balanced: refuses what takes the app over</option>
                <option value="template.strict">
                  Strict: trusts production builds on hardware keys only
                </option>
              </optgroup>
              {baseline === null ? null : (
                <option value="baseline">The organisation’s baseline, version {baseline.version}</option>
              )}
              <optgroup label="Versions">
                {versions.map(({ version, state, reason }) => (
                  <option key={version} value={`version.${version}`}>
                    Version {version}, {state.replace('_', ' ')}: {reason}
                  </option>
                ))}
              </optgroup>
              <option value="json">JSON, from a file or pasted</option>
            </Select>
          )}
        </Field>
        {source === 'json' ? (
          <JsonFields text={text} onChange={setText} error={text.trim() === '' ? undefined : pasted?.error} />
        ) : null}
        {policy === undefined ? null : <Difference appId={appId} policy={policy} />}
      </div>
    </Dialog>
  );
}

interface JsonFieldsProps {
  text: string;
  onChange: (text: string) => void;
  error: string | undefined;
}

function JsonFields({ text, onChange, error }: JsonFieldsProps) {
  const [tooLarge, setTooLarge] = useState(false);
  return (
    <>
      <Field label="File" error={tooLarge ? 'A policy has at most 64 KiB.' : undefined} optional>
        {(control) => (
          <Input
            {...control}
            type="file"
            accept="application/json,.json"
            className="h-auto py-1"
            onChange={(event) => {
              const file = event.target.files?.[0];
              setTooLarge(file !== undefined && file.size > MOST_BYTES);
              if (file !== undefined && file.size <= MOST_BYTES) void file.text().then(onChange);
            }}
          />
        )}
      </Field>
      <Field
        label="JSON"
        error={error}
        hint="As the export and npx countersign policy diff --print write it."
      >
        {(control) => (
          <Textarea
            {...control}
            rows={6}
            spellCheck={false}
            className="font-mono text-sm"
            value={text}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
    </>
  );
}

/** The button that takes it, once it is known to validate. */
function TakeButton({
  appId,
  policy,
  onTake,
}: {
  appId: string;
  policy: Policy | undefined;
  onTake: (policy: Policy) => void;
}) {
  return policy === undefined ? (
    <Button variant="primary" disabled>
      Put it into the editor
    </Button>
  ) : (
    <CheckedButton {...{ appId, policy, onTake }} />
  );
}

function CheckedButton({
  appId,
  policy,
  onTake,
}: {
  appId: string;
  policy: Policy;
  onTake: (policy: Policy) => void;
}) {
  const { isSuccess, isPlaceholderData } = useQuery(policyCheckQuery(appId, policy));
  return (
    <Button variant="primary" disabled={!isSuccess || isPlaceholderData} onClick={() => onTake(policy)}>
      Put it into the editor
    </Button>
  );
}

/** How it differs from what is in force, or why it is none. */
function Difference({ appId, policy }: { appId: string; policy: Policy }) {
  const query = useQuery(policyCheckQuery(appId, policy));
  if (query.error !== null) {
    const error = toApiError(query.error);
    const wrong = listProblems(error.fields);
    if (wrong.length === 0) {
      return (
        <ErrorState title="It could not be checked" error={error} onRetry={() => void query.refetch()} />
      );
    }
    return (
      <div role="alert">
        <p className="text-rejected-text">This is no policy that can be used:</p>
        <ul className="mt-1 grid gap-1">
          {wrong.map(({ path, message }) => (
            <li key={path}>
              <code className="wrap-anywhere font-mono text-sm">{path}</code>{' '}
              <span className="text-dim">{message}</span>
            </li>
          ))}
        </ul>
      </div>
    );
  }
  if (query.data === undefined || query.isPlaceholderData)
    return <SkeletonRows rows={4} label="Comparing…" />;
  return (
    <section aria-label="Difference">
      <p className="pb-1.5 text-sm text-dim">
        Against version {query.data.against}, in force: {changesSummary(query.data.changes)}
      </p>
      <ChangesList changes={query.data.changes} label="Difference in words" />
    </section>
  );
}
