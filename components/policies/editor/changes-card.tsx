'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Card, CardHeader } from '@/components/ui/card';
import { Select } from '@/components/ui/input';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import type { Policy, PolicyCheck, PolicySide } from '@/lib/contracts';
import { ChangesList, changesSummary } from '../changes-list';
import { policyVersionsQuery } from '../policy-queries';
import { listProblems, type PolicyProblems } from './edit-context';
import { policyDiffQuery } from './editor-queries';

export interface ChangesCardProps {
  appId: string;
  policy: Policy;
  inForce: number;
  hasBaseline: boolean;
  /** Against the version in force and the baseline; `undefined` until it is known. */
  check: PolicyCheck | undefined;
  problems: PolicyProblems;
  /** What failed, where that is not the policy's fault. */
  error: ReturnType<typeof toApiError> | null;
  onRetry: () => void;
}

/** How what is being edited differs from the version in force, or from whichever is chosen; or what is wrong with it. */
export function ChangesCard(props: ChangesCardProps) {
  const { appId, policy, inForce, hasBaseline, check, problems, error, onRetry } = props;
  const [against, setAgainst] = useState('in-force');
  const { data } = useQuery(policyVersionsQuery(appId));
  const others = (data?.versions ?? []).filter(({ version }) => version !== inForce);
  const wrong = listProblems(problems);
  return (
    <Card aria-label="Changes">
      <CardHeader title="Changes" />
      <div className="px-4 pb-3">
        <Select
          aria-label="Compared with"
          value={against}
          onChange={(event) => setAgainst(event.target.value)}
        >
          <option value="in-force">against version {inForce}, in force</option>
          {hasBaseline ? <option value="baseline">against the baseline</option> : null}
          {others.map(({ version, state }) => (
            <option key={version} value={version}>
              against version {version}, {state}
            </option>
          ))}
        </Select>
      </div>
      {wrong.length > 0 ? (
        <Problems wrong={wrong} />
      ) : error !== null ? (
        <ErrorState title="The changes could not be told" error={error} onRetry={onRetry} />
      ) : against === 'in-force' ? (
        <Changes changes={check?.changes} />
      ) : against === 'baseline' ? (
        <Changes changes={check?.overrides ?? undefined} />
      ) : (
        <Compared appId={appId} from={{ version: Number(against) }} to={{ policy }} />
      )}
    </Card>
  );
}

function Problems({ wrong }: { wrong: readonly { path: string; message: string }[] }) {
  return (
    <div role="alert" className="border-t px-4 py-3">
      <p className="text-rejected-text">This does not validate, and cannot be saved:</p>
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

function Compared({ appId, from, to }: { appId: string; from: PolicySide; to: PolicySide }) {
  const query = useQuery(policyDiffQuery(appId, from, to));
  if (query.isError) {
    return (
      <ErrorState
        title="The changes could not be told"
        error={toApiError(query.error)}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return <Changes changes={query.data?.changes} />;
}

function Changes({ changes }: { changes: PolicyCheck['changes'] | undefined }) {
  if (changes === undefined) return <SkeletonRows rows={2} label="Comparing…" />;
  return (
    <section
      aria-label="Differences"
      // Who uses no mouse scrolls it by the keyboard.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
      tabIndex={0}
      className="max-h-72 overflow-y-auto border-t px-4 py-3"
    >
      <p className="pb-1.5 text-sm text-dim">{changesSummary(changes)}</p>
      <ChangesList changes={changes} label="Changes in words" />
    </section>
  );
}
