'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ChangeProof } from '@/components/blocks/change-proof';
import type { ThreatCatalogue } from '@/components/policies/editor/prepare-threats';
import { VersionList } from '@/components/policies/history/version-list';
import { VersionPanel } from '@/components/policies/history/version-panel';
import { policyVersionsQuery } from '@/components/policies/policy-queries';
import { rolloutsQuery } from '@/components/policies/rollout/rollout-queries';
import { toApiError } from '@/components/query/api-error';
import { useUrlText } from '@/components/query/url-state';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { deferred } from '@/components/ui/deferred';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import type { PolicyVersionView } from '@/lib/contracts';

const RevertDialog = deferred(() => import('@/components/policies/revert-dialog'));

export interface HistoryViewProps {
  appId: string;
  mayWrite: boolean;
  catalogue: ThreatCatalogue;
  hasBaseline: boolean;
  attestations24h: number;
}

/** The versions of one app's policy. Which is open, what it is compared with, and which change is proven, is in the URL. */
export function HistoryView(props: HistoryViewProps) {
  const query = useQuery(policyVersionsQuery(props.appId));
  if (query.data !== undefined) return <History {...props} versions={query.data.versions} />;
  return (
    <Card aria-label="Versions">
      {query.isError ? (
        <ErrorState
          title="The versions could not be loaded"
          error={toApiError(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <SkeletonRows rows={8} label="Loading the versions…" />
      )}
    </Card>
  );
}

function History({ versions, ...props }: HistoryViewProps & { versions: readonly PolicyVersionView[] }) {
  const { appId, mayWrite, catalogue, hasBaseline, attestations24h } = props;
  const [chosen, setChosen] = useUrlText('version', 'push');
  const [comparedWith, setComparedWith] = useUrlText('with');
  const [change, setChange] = useUrlText('change');
  const [reverting, setReverting] = useState(false);
  const rollouts = useQuery(rolloutsQuery(appId));
  const inForce = versions.find(({ current }) => current);
  const opened = versions.find(({ version }) => String(version) === chosen) ?? inForce ?? versions[0];
  if (opened === undefined) return null;
  const isRevertible = mayWrite && inForce !== undefined && opened.version !== inForce.version;
  return (
    <>
      {change === null || !/^[1-9]\d{0,14}$/.test(change) ? null : (
        <ChangeProof seq={Number(change)}>
          the revert to version {inForce?.version}, as each node acknowledged it{' '}
          <Button variant="ghost" size="sm" onClick={() => setChange(null)}>
            Dismiss
          </Button>
        </ChangeProof>
      )}
      <div className="grid items-start gap-3 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <VersionList
          versions={versions}
          rollouts={rollouts.data?.rollouts}
          opened={opened.version}
          onOpen={(version) => {
            setComparedWith(null);
            setChosen(String(version));
          }}
        />
        <VersionPanel
          key={opened.version}
          {...{ appId, versions, catalogue, hasBaseline }}
          version={opened}
          comparedWith={comparedWith}
          onCompare={setComparedWith}
          onRevert={isRevertible ? () => setReverting(true) : null}
        />
      </div>
      {reverting && isRevertible ? (
        <RevertDialog
          appId={appId}
          inForce={inForce.version}
          to={opened.version}
          reach={{
            count: attestations24h,
            unit: `${attestations24h === 1 ? 'attestation' : 'attestations'} of the last 24 hours`,
          }}
          onClose={() => setReverting(false)}
          onReverted={({ seq }) => {
            setReverting(false);
            setChange(String(seq));
          }}
        />
      ) : null}
    </>
  );
}
