'use client';

import { useQuery } from '@tanstack/react-query';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { Select } from '@/components/ui/input';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { PolicySide, PolicyVersionView } from '@/lib/contracts';
import { ChangesList, changesSummary } from '../changes-list';
import { downloadJson } from '../download-json';
import { policyDiffQuery } from '../editor/editor-queries';
import type { ThreatCatalogue } from '../editor/prepare-threats';
import { PolicyReadout } from './policy-readout';
import { VERSION_STATES } from './version-words';

export interface VersionPanelProps {
  appId: string;
  version: PolicyVersionView;
  versions: readonly PolicyVersionView[];
  catalogue: ThreatCatalogue;
  hasBaseline: boolean;
  /** A version's number or `baseline`; `null`: the version before. */
  comparedWith: string | null;
  onCompare: (side: string | null) => void;
  /** Asks whether to put it into force again; `null` where that is not to be offered. */
  onRevert: (() => void) | null;
}

/** One version: how it differs from any other, and all that it says. */
export function VersionPanel(props: VersionPanelProps) {
  const { appId, version, versions, catalogue, hasBaseline, comparedWith, onCompare, onRevert } = props;
  const others = versions.filter((one) => one.version !== version.version);
  const before = others.find((one) => one.version < version.version);
  const side = comparedWith ?? (before === undefined ? null : String(before.version));
  const state = VERSION_STATES[version.state];
  return (
    <Card aria-label={`Version ${version.version}`} className="overflow-hidden">
      <CardHeader
        title={
          <>
            Version {version.version}
            <VerdictLabel verdict={state.mark} className="ml-3 font-normal">
              {state.label}
            </VerdictLabel>
          </>
        }
      >
        <Button
          size="sm"
          onClick={() => downloadJson(`${appId}-policy-v${version.version}.json`, version.policy)}
        >
          Export
        </Button>
        {onRevert === null ? null : (
          <Button size="sm" variant="danger" onClick={onRevert}>
            Revert to it…
          </Button>
        )}
      </CardHeader>
      <div className="grid gap-2 border-t px-4 py-3">
        <Select
          aria-label="Compared with"
          className="max-w-80"
          value={side ?? ''}
          onChange={(event) => onCompare(event.target.value)}
        >
          {side === null ? <option value="">Compare with…</option> : null}
          {hasBaseline ? <option value="baseline">from the newest baseline</option> : null}
          {others.map((one) => (
            <option key={one.version} value={one.version}>
              from version {one.version}, {VERSION_STATES[one.state].label}
            </option>
          ))}
        </Select>
        {side === null ? (
          <p className="text-dim">It is the first one.</p>
        ) : (
          <Difference
            appId={appId}
            from={side === 'baseline' ? { baseline: true } : { version: Number(side) }}
            to={{ version: version.version }}
          />
        )}
      </div>
      <details open className="border-t">
        <summary className="px-4 py-2.5 font-medium">All that it says</summary>
        <div className="px-4 pb-4">
          <PolicyReadout policy={version.policy} catalogue={catalogue} />
        </div>
      </details>
    </Card>
  );
}

function Difference({ appId, from, to }: { appId: string; from: PolicySide; to: PolicySide }) {
  const query = useQuery(policyDiffQuery(appId, from, to));
  if (query.isError) {
    return (
      <ErrorState
        title="The difference could not be told"
        error={toApiError(query.error)}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (query.data === undefined) return <SkeletonRows rows={3} label="Comparing…" />;
  return (
    <>
      <p className="text-sm text-dim">{changesSummary(query.data.changes)}</p>
      <ChangesList changes={query.data.changes} label="Difference in words" />
    </>
  );
}
